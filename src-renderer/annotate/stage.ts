import Konva from 'konva/lib/Core'
import { Image as Picture } from 'konva/lib/shapes/Image'
import type { Point } from '#core/mask/paint'
import type { BrushShape } from '#core/mask/segment'
import type { Mask } from '#core/mask/tiles'
import { Overlay, type MaskColours } from './overlay'
import { drawPreview, strokeTwice } from './preview'
import type { Preview } from './tools/tool'
import type { Size, View } from './view'

/** The ring around the cursor, in the window's pixels. */
export interface Ring {
  at: Point
  /** Half of its width. */
  radius: number
  shape: BrushShape
  erases: boolean
}

/** The three layers of the picture: image, mask, and what tools show before they paint. Each is drawn again only when something on it has changed. */
export class Stage {
  readonly #stage: Konva.Stage
  readonly #imageLayer = new Konva.Layer({ listening: false })
  readonly #maskLayer = new Konva.Layer({ listening: false })
  readonly #toolLayer = new Konva.Layer({ listening: false })
  readonly #picture = new Picture({ image: undefined })
  readonly #overlay: Overlay
  readonly #maskShape: Konva.Shape
  readonly #colours: MaskColours
  #ring: Ring | null = null
  #preview: Preview | null = null
  #view: View = { scale: 1, x: 0, y: 0 }
  #image: Size = { width: 1, height: 1 }

  constructor(container: HTMLDivElement, colours: MaskColours) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false })
    this.#colours = colours
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
    const toolShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) => {
        if (this.#preview) drawPreview(context, this.#preview, this.#view, this.#colours)
        if (this.#ring) drawRing(context, this.#ring)
      }
    })
    this.#imageLayer.add(this.#picture)
    this.#maskLayer.add(this.#maskShape)
    this.#toolLayer.add(toolShape)
    this.#stage.add(this.#imageLayer, this.#maskLayer, this.#toolLayer)
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
    if (ring === this.#ring) return
    this.#ring = ring
    this.#toolLayer.draw()
  }

  /** Shows what a tool would paint; the same object again is not drawn again. */
  setPreview(preview: Preview | null): void {
    if (preview === this.#preview) return
    this.#preview = preview
    this.#toolLayer.draw()
  }

  #draw(): void {
    this.#imageLayer.draw()
    this.#maskLayer.draw()
    this.#toolLayer.draw()
  }
}

function drawRing(context: CanvasRenderingContext2D, { at, radius, shape, erases }: Ring): void {
  context.save()
  context.beginPath()
  if (shape === 'round') context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  else context.rect(at.x - radius, at.y - radius, 2 * radius, 2 * radius)
  context.setLineDash(erases ? [5, 4] : [])
  strokeTwice(context)
  context.restore()
}
