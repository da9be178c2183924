import Konva from 'konva/lib/Core'
import type { Point } from '#core/mask/paint'
import { tileRectangle, type Mask, type Rectangle } from '#core/mask/tiles'
import { Overlay, type MaskColours } from './overlay'
import type { Picture, Sight } from './picture/picture'
import { drawPreview, strokeTwice } from './preview'
import { drawRing, RingPicture, type Ring } from './ring'
import { crossAt, drawLoupe, LOUPE_RADIUS, loupeView } from './seeing/loupe'
import { drawPixelGrid } from './seeing/pixel-grid'
import type { Preview } from './tools/tool'
import { Ghost } from './suggest/ghost'
import type { Size, View } from './view'

/** How the mask is shown. */
export interface MaskLook {
  /** 0 to 1; outlines are never seen through. */
  opacity: number
  outline: boolean
  hidden: boolean
}

/** Colours of what lies on the image, as `#rrggbb`. */
export interface StageColours extends MaskColours {
  suggested: string
}

/**
 * The three layers of the picture: image, mask, and what tools show before they paint. Each is drawn again only when
 * something on it has changed. The ring around the cursor, which moves all the time, is a picture of its own.
 */
export class Stage {
  readonly #stage: Konva.Stage
  readonly #imageLayer = new Konva.Layer({ listening: false })
  readonly #maskLayer = new Konva.Layer({ listening: false })
  readonly #toolLayer = new Konva.Layer({ listening: false })
  readonly #ringPicture: RingPicture
  readonly #overlay: Overlay
  readonly #ghost: Ghost
  readonly #ghostShape: Konva.Shape
  readonly #maskShape: Konva.Shape
  readonly #gridShape: Konva.Shape
  #colours: StageColours
  /** What shows beside the image. */
  readonly #ground: string
  #picture: Picture | null = null
  #filter = 'none'
  #grid = false
  #isSuggesting = false
  #loupe: Point | null = null
  #furtherFrame = 0
  #ring: Ring | null = null
  #preview: Preview | null = null
  #view: View = { scale: 1, x: 0, y: 0 }
  #image: Size = { width: 1, height: 1 }

  constructor(container: HTMLDivElement, colours: StageColours, ground: string) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false })
    this.#ringPicture = new RingPicture(container)
    this.#colours = colours
    this.#ground = ground
    this.#overlay = new Overlay(colours)
    this.#ghost = new Ghost(colours.suggested)
    const pictureShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) =>
        this.#picture?.draw(context, this.#sight('canvas', this.#view, this.#window))
    })
    this.#ghostShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) => this.#drawGhost(context, this.#view, this.#window)
    })
    this.#maskShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) => this.#drawMask(context, this.#view, this.#window)
    })
    this.#gridShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) => this.#drawGrid(context, this.#view)
    })
    const toolShape = new Konva.Shape({
      sceneFunc: ({ _context: context }) => {
        if (this.#preview) drawPreview(context, this.#preview, this.#view, this.#colours)
        if (this.#loupe) this.#drawLoupe(context, this.#loupe)
        else if (this.#largeRing) drawRing(context, this.#largeRing)
      }
    })
    this.#imageLayer.add(pictureShape)
    this.#maskLayer.add(this.#ghostShape, this.#maskShape, this.#gridShape)
    this.#toolLayer.add(toolShape)
    this.#stage.add(this.#imageLayer, this.#maskLayer, this.#toolLayer)
  }

  destroy(): void {
    this.#leave()
    cancelAnimationFrame(this.#furtherFrame)
    this.#stage.destroy()
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height })
  }

  /** Shows an image without a mask; the mask's tiles come by `updateMask`. */
  show(picture: Picture | null, size: Size): void {
    this.#leave()
    this.#image = size
    this.#picture = picture
    if (picture) picture.onchange = () => this.#pictureChanged()
    this.#overlay.clear()
    this.#isSuggesting = false
    this.#ghost.show(null, null)
    this.#draw()
  }

  updateMask(mask: Mask, indices: readonly number[]): void {
    this.#overlay.update(mask, indices)
    this.#ghost.update(mask, indices)
    this.#drawMaskOver(mask, indices)
    if (this.#loupe) this.#drawTools()
  }

  /** Shows a suggestion under the mask, where nothing is painted; null takes it away. */
  setSuggestion(suggested: Mask | null, mask: Mask | null): void {
    this.#isSuggesting = suggested !== null
    this.#ghost.show(suggested, mask)
    this.#maskLayer.draw()
    if (this.#loupe) this.#drawTools()
  }

  setMaskLook({ opacity, outline, hidden }: MaskLook): void {
    this.#overlay.outline = outline
    this.#maskShape.opacity(hidden ? 0 : outline ? 1 : opacity)
    this.#ghostShape.visible(!hidden)
    // The grid is seen on what is filled, and crosses no outline.
    if (outline) this.#maskShape.moveToTop()
    else this.#gridShape.moveToTop()
    this.#maskLayer.draw()
  }

  setColours(colours: StageColours): void {
    this.#colours = colours
    this.#overlay.setColours(colours)
    this.#ghost.setColour(colours.suggested)
    this.#maskLayer.draw()
    this.#drawTools()
  }

  /** A filter of CSS for the image. The same one may have changed what it does. */
  setFilter(filter: string): void {
    this.#filter = filter
    this.#imageLayer.draw()
  }

  /** Shows the edges between pixels where these are large. */
  setGrid(grid: boolean): void {
    this.#grid = grid
    this.#maskLayer.draw()
  }

  /** A loupe at a place of the window, instead of the ring; null takes it away. */
  setLoupe(at: Point | null): void {
    if (at === this.#loupe) return
    this.#loupe = at
    if (!at) this.#picture?.leave('loupe')
    this.#drawTools()
  }

  setView(view: View): void {
    this.#view = view
    this.#draw()
  }

  /** Null takes the ring away. */
  setRing(ring: Ring | null): void {
    if (ring === this.#ring) return
    this.#ring = ring
    this.#drawTools()
  }

  /** Shows what a tool would paint; the same object again is not drawn again. */
  setPreview(preview: Preview | null): void {
    if (preview === this.#preview) return
    this.#preview = preview
    this.#drawTools()
  }

  get #ratio(): number {
    return this.#maskLayer.getCanvas().getPixelRatio()
  }

  get #window(): Rectangle {
    return { x: 0, y: 0, ...this.#stage.size() }
  }

  /** Draws the mask's layer again, only where these tiles are: a stroke changes few of them in a frame. */
  #drawMaskOver(mask: Mask, indices: readonly number[]): void {
    // Outlines reach into the tiles beside, and a suggestion has one.
    if (this.#overlay.outline || this.#isSuggesting) {
      this.#maskLayer.draw()
      return
    }
    const { scale, x, y } = this.#view
    const ratio = this.#ratio
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const index of indices) {
      const tile = tileRectangle(mask.width, mask.height, index)
      // Whole pixels of the screen, or those at the rim would be drawn over themselves; and one more, since a picture
      // of many tiles is rounded as a whole.
      left = Math.min(left, Math.floor((tile.x * scale + x) * ratio) - 1)
      top = Math.min(top, Math.floor((tile.y * scale + y) * ratio) - 1)
      right = Math.max(right, Math.ceil(((tile.x + tile.width) * scale + x) * ratio) + 1)
      bottom = Math.max(bottom, Math.ceil(((tile.y + tile.height) * scale + y) * ratio) + 1)
    }
    const context = this.#maskLayer.getNativeCanvasElement().getContext('2d')!
    context.save()
    context.beginPath()
    context.rect(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)
    context.clip()
    this.#maskLayer.draw()
    context.restore()
  }

  #drawMask(context: CanvasRenderingContext2D, view: View, box: Rectangle): void {
    if (!this.#overlay.draw(context, this.#image, view, box, this.#ratio)) this.#goOn()
  }

  #drawGhost(context: CanvasRenderingContext2D, view: View, box: Rectangle): void {
    if (!this.#ghost.draw(context, this.#image, view, box, this.#ratio)) this.#goOn()
  }

  /** What was too much for this frame comes in the next. */
  #goOn(): void {
    cancelAnimationFrame(this.#furtherFrame)
    this.#furtherFrame = requestAnimationFrame(() => {
      this.#maskLayer.draw()
      if (this.#loupe) this.#drawTools()
    })
  }

  #drawGrid(context: CanvasRenderingContext2D, view: View): void {
    if (this.#grid && this.#picture) {
      drawPixelGrid(context, this.#image, view, this.#stage.size(), this.#ratio)
    }
  }

  /** Image, mask and ring as they are around a place, magnified. */
  #drawLoupe(context: CanvasRenderingContext2D, at: Point): void {
    const picture = this.#picture
    if (!picture) return
    const view = loupeView(this.#view, at)
    drawLoupe(context, at, this.#ground, () => {
      const side = 2 * LOUPE_RADIUS
      const glass = { x: at.x - LOUPE_RADIUS, y: at.y - LOUPE_RADIUS, width: side, height: side }
      picture.draw(context, this.#sight('loupe', view, glass))
      if (this.#ghostShape.visible()) this.#drawGhost(context, view, glass)
      context.globalAlpha = this.#maskShape.opacity()
      if (context.globalAlpha > 0) this.#drawMask(context, view, glass)
      context.globalAlpha = 1
      this.#drawGrid(context, view)
      const magnified = view.scale / this.#view.scale
      if (this.#ring) drawRing(context, { ...this.#ring, radius: this.#ring.radius * magnified })
      crossAt(context, at)
      strokeTwice(context)
    })
  }

  #sight(viewer: Sight['viewer'], view: View, box: Rectangle): Sight {
    return { viewer, view, box, ratio: this.#ratio, filter: this.#filter }
  }

  /** Nobody draws the picture any more. */
  #leave(): void {
    if (!this.#picture) return
    this.#picture.leave('canvas')
    this.#picture.leave('loupe')
    this.#picture.onchange = () => undefined
  }

  /** Several tiles that come at a time are drawn at once. */
  #pictureChanged(): void {
    this.#imageLayer.batchDraw()
    if (this.#loupe) this.#toolLayer.batchDraw()
  }

  /** A ring that is drawn with what the tools show. */
  get #largeRing(): Ring | null {
    return this.#ring && !RingPicture.takes(this.#ring) ? this.#ring : null
  }

  /** Their layer is there only while there is something on it: a screen is put together sooner without it. */
  #drawTools(): void {
    const isRingApart = this.#ring !== null && this.#largeRing === null && !this.#loupe
    this.#ringPicture.show(isRingApart ? this.#ring : null, this.#ratio)
    const shows = this.#preview !== null || this.#loupe !== null || this.#largeRing !== null
    this.#toolLayer.visible(shows)
    if (shows) this.#toolLayer.draw()
  }

  #draw(): void {
    this.#imageLayer.draw()
    this.#maskLayer.draw()
    this.#drawTools()
  }
}
