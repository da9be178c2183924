import { TILE, TILE_PIXELS, tileRectangle, type Mask } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { pixelOf, TileOutlines } from './seeing/tile-outlines'
import type { Size, View } from './view'

/** Colours of the mask, as `#rrggbb`. */
export interface MaskColours {
  foreground: string
  unknown: string
}

/** The mask as pictures: one small canvas per tile, drawn anew only where the tile has changed. */
export class Overlay {
  /** Only outlines are drawn. */
  outline = false

  #mask: Mask | null = null
  #pictures = new Map<number, HTMLCanvasElement>()
  readonly #outlines: TileOutlines
  readonly #palette = new Uint32Array(3)
  /** One tile on its way into its picture. */
  readonly #data = new ImageData(TILE, TILE)
  readonly #pixels = new Uint32Array(this.#data.data.buffer)

  constructor(colours: MaskColours) {
    this.#outlines = new TileOutlines(colours)
    this.#takeColours(colours)
  }

  clear(): void {
    this.#mask = null
    this.#pictures.clear()
    this.#outlines.clear()
  }

  update(mask: Mask, indices: Iterable<number>): void {
    this.#mask = mask
    for (const index of indices) {
      this.#outlines.forget(mask, index)
      const tile = mask.tiles.get(index)
      if (!tile) {
        this.#pictures.delete(index)
        continue
      }
      const picture = this.#pictures.get(index) ?? createPicture()
      this.#pictures.set(index, picture)
      for (let i = 0; i < TILE_PIXELS; i++) this.#pixels[i] = this.#palette[tile[i]!]!
      picture.getContext('2d')!.putImageData(this.#data, 0, 0)
    }
  }

  setColours(colours: MaskColours): void {
    this.#takeColours(colours)
    this.#outlines.setColours(colours)
    if (this.#mask) this.update(this.#mask, [...this.#pictures.keys()])
  }

  /**
   * Draws the tiles in sight with hard pixels.
   *
   * @param ratio Screen pixels per CSS pixel. Tiles end on whole screen pixels, or fine lines would show between
   *   them.
   * @returns Whether that was all; if not, the next frame has to go on.
   */
  draw(context: CanvasRenderingContext2D, image: Size, view: View, window: Size, ratio: number): boolean {
    let complete = true
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.imageSmoothingEnabled = false
    this.#outlines.beginFrame()
    const column = (x: number) => Math.round((x * view.scale + view.x) * ratio)
    const row = (y: number) => Math.round((y * view.scale + view.y) * ratio)
    for (const [index, picture] of this.#pictures) {
      const part = tileRectangle(image.width, image.height, index)
      const left = column(part.x)
      const top = row(part.y)
      const right = column(part.x + part.width)
      const bottom = row(part.y + part.height)
      if (right <= 0 || bottom <= 0 || left >= window.width * ratio || top >= window.height * ratio) continue
      const place = { left, top, width: right - left, height: bottom - top }
      if (this.outline && this.#mask) {
        complete = this.#outlines.draw(context, this.#mask, index, view, ratio, place) && complete
      } else {
        context.drawImage(picture, 0, 0, part.width, part.height, left, top, place.width, place.height)
      }
    }
    context.restore()
    return complete
  }

  #takeColours({ foreground, unknown }: MaskColours): void {
    this.#palette[FOREGROUND] = pixelOf(foreground)
    this.#palette[UNKNOWN] = pixelOf(unknown)
  }
}

function createPicture(): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  picture.width = TILE
  picture.height = TILE
  return picture
}
