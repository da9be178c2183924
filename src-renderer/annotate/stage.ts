import Konva from 'konva/lib/Core'
import { Circle } from 'konva/lib/shapes/Circle'
import { Image as Picture } from 'konva/lib/shapes/Image'
import type { Point } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import { Overlay, type MaskColours } from './overlay'
import type { Size, View } from './view'

/** The ring around the cursor, in the window's pixels. */
export interface Ring {
  at: Point
  radius: number
  erases: boolean
}

/** The three layers of the picture: image, mask, ring. Each is drawn again only when something on it has changed. */
export class Stage {
  readonly #stage: Konva.Stage
  readonly #imageLayer = new Konva.Layer({ listening: false })
  readonly #maskLayer = new Konva.Layer({ listening: false })
  readonly #ringLayer = new Konva.Layer({ listening: false })
  readonly #picture = new Picture({ image: undefined })
  readonly #overlay: Overlay
  readonly #maskShape: Konva.Shape
  readonly #rings: Circle[]
  #view: View = { scale: 1, x: 0, y: 0 }
  #image: Size = { width: 1, height: 1 }

  constructor(container: HTMLDivElement, colours: MaskColours) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false })
    this.#overlay = new Overlay(colours)
    this.#maskShape = new Konva.Shape({
      sceneFunc: (context) => {
        this.#overlay.draw(
          context._context,
          this.#image,
          this.#view,
          this.#stage.size(),
          this.#maskLayer.getCanvas().getPixelRatio()
        )
      }
    })
    // Dark below light: one of the two is seen on every image.
    this.#rings = [
      new Circle({ radius: 1, stroke: '#000000a0', strokeWidth: 3.5 }),
      new Circle({ radius: 1, stroke: '#ffffff', strokeWidth: 1.5 })
    ]
    this.#imageLayer.add(this.#picture)
    this.#maskLayer.add(this.#maskShape)
    this.#ringLayer.add(...this.#rings)
    this.#ringLayer.visible(false)
    this.#stage.add(this.#imageLayer, this.#maskLayer, this.#ringLayer)
  }

  destroy(): void {
    this.#stage.destroy()
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height })
  }

  /** Shows an image without a mask; the mask's tiles come by `updateMask`. */
  show(picture: HTMLImageElement | null, size: Size): void {
    this.#image = size
    this.#picture.setAttrs({ image: picture ?? undefined, ...size })
    this.#overlay.clear()
    this.#draw()
  }

  updateMask(mask: Mask, indices: Iterable<number>): void {
    this.#overlay.update(mask, indices)
    this.#maskLayer.draw()
  }

  setMaskOpacity(opacity: number): void {
    this.#maskShape.opacity(opacity)
    this.#maskLayer.draw()
  }

  setView(view: View): void {
    this.#view = view
    this.#picture.position(view).scale({ x: view.scale, y: view.scale })
    // Above actual size the person looks at pixels, below at the picture.
    this.#imageLayer.imageSmoothingEnabled(view.scale < 1)
    this.#draw()
  }

  /** Null takes the ring away. */
  setRing(ring: Ring | null): void {
    this.#ringLayer.visible(ring !== null)
    if (ring) {
      const attributes = { x: ring.at.x, y: ring.at.y, radius: ring.radius, dash: ring.erases ? [5, 4] : [] }
      for (const circle of this.#rings) circle.setAttrs(attributes)
    }
    this.#ringLayer.draw()
  }

  #draw(): void {
    this.#imageLayer.draw()
    this.#maskLayer.draw()
  }
}
