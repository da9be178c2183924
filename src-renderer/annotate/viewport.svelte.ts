import { untrack } from 'svelte'
import type { Point } from '#core/mask/paint'
import { centredOn } from './seeing/minimap'
import { clampScale, fitView, keepInSight, panBy, toImage, zoomTo, type Size, type View } from './view'

/** After this time most of a zoom's way is gone. */
const GLIDE_MILLISECONDS = 55

/** What part of the image is in the window, and the gliding from one zoom to the next. */
export class Viewport {
  view = $state.raw<View>({ scale: 1, x: 0, y: 0 })
  image = $state.raw<Size>({ width: 1, height: 1 })
  window = $state.raw<Size>({ width: 1, height: 1 })

  /** The whole image is shown, and stays so when the window changes. */
  #fitted = true
  #glide = $state.raw<{ anchor: Point; scale: number } | null>(null)

  /** Another image: shown whole. */
  open(image: Size): void {
    this.image = image
    untrack(() => this.fit())
  }

  resize(window: Size): void {
    this.window = window
    if (this.#fitted) this.fit()
    else this.#move(this.view)
  }

  fit(): void {
    this.#glide = null
    this.#fitted = true
    this.view = fitView(this.image, this.window)
  }

  /** One pixel of the image on one of the window, around the window's centre and on whole pixels. */
  actualSize(): void {
    this.#glide = null
    const { x, y } = zoomTo(this.view, this.#centre, 1)
    this.#move({ scale: 1, x: Math.round(x), y: Math.round(y) })
  }

  /** Zooms by a factor around a point of the window, by default its centre; glides there over the next ticks. */
  zoomBy(factor: number, anchor: Point = this.#centre): void {
    const from = this.#glide?.scale ?? this.view.scale
    this.#glide = { anchor, scale: clampScale(from * factor, this.image, this.window) }
  }

  /** Zooms by a factor around a point of the window without gliding, as under two fingers. */
  zoomAtOnce(factor: number, anchor: Point): void {
    this.#glide = null
    const scale = clampScale(this.view.scale * factor, this.image, this.window)
    this.#move(zoomTo(this.view, anchor, scale))
  }

  pan(dx: number, dy: number): void {
    this.#glide = null
    this.#move(panBy(this.view, dx, dy))
  }

  /** The image's point in the middle of the window. */
  get middle(): Point {
    return toImage(this.view, this.#centre)
  }

  /** Moves a point of the image into the middle of the window. */
  centreOn(point: Point): void {
    this.#glide = null
    this.#move(centredOn(this.view, point, this.window))
  }

  get gliding(): boolean {
    return this.#glide !== null
  }

  /** Goes on gliding, or arrives at once where the person wants no motion. */
  tick(milliseconds: number): void {
    if (!this.#glide) return
    const { anchor, scale } = this.#glide
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const left = still ? 0 : Math.log(scale / this.view.scale) * Math.exp(-milliseconds / GLIDE_MILLISECONDS)
    const arrived = Math.abs(left) < 0.002
    this.#move(zoomTo(this.view, anchor, arrived ? scale : scale / Math.exp(left)))
    if (arrived) this.#glide = null
  }

  get #centre(): Point {
    return { x: this.window.width / 2, y: this.window.height / 2 }
  }

  #move(view: View): void {
    this.#fitted = false
    this.view = keepInSight(view, this.image, this.window)
  }
}
