import { TILE, TILE_PIXELS, tileRectangle, type Mask } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { Size, View } from './view'

/** Colours of the mask, as `#rrggbb`. */
export interface MaskColours {
  foreground: string
  unknown: string
}

/** The mask as pictures: one small canvas per tile, drawn anew only where the tile has changed. */
export class Overlay {
  #pictures = new Map<number, HTMLCanvasElement>()
  readonly #palette: Uint32Array
  /** One tile on its way into its picture. */
  readonly #data = new ImageData(TILE, TILE)
  readonly #pixels = new Uint32Array(this.#data.data.buffer)

  constructor(colours: MaskColours) {
    this.#palette = new Uint32Array(3)
    this.#palette[FOREGROUND] = pixelOf(colours.foreground)
    this.#palette[UNKNOWN] = pixelOf(colours.unknown)
  }

  clear(): void {
    this.#pictures.clear()
  }

  update(mask: Mask, indices: Iterable<number>): void {
    for (const index of indices) {
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

  /**
   * Draws the tiles in sight with hard pixels.
   *
   * @param ratio Screen pixels per CSS pixel. Tiles end on whole screen pixels, or fine lines would show between
   *   them.
   */
  draw(context: CanvasRenderingContext2D, image: Size, view: View, window: Size, ratio: number): void {
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.imageSmoothingEnabled = false
    const column = (x: number) => Math.round((x * view.scale + view.x) * ratio)
    const row = (y: number) => Math.round((y * view.scale + view.y) * ratio)
    for (const [index, picture] of this.#pictures) {
      const part = tileRectangle(image.width, image.height, index)
      const left = column(part.x)
      const top = row(part.y)
      const right = column(part.x + part.width)
      const bottom = row(part.y + part.height)
      if (right <= 0 || bottom <= 0 || left >= window.width * ratio || top >= window.height * ratio) continue
      context.drawImage(picture, 0, 0, part.width, part.height, left, top, right - left, bottom - top)
    }
    context.restore()
  }
}

function createPicture(): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  picture.width = TILE
  picture.height = TILE
  return picture
}

/** An opaque pixel as `ImageData` holds it, red in the lowest byte. */
function pixelOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return new Uint32Array(new Uint8Array([red!, green!, blue!, 255]).buffer)[0]!
}
