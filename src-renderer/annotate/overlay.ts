import { TILE, tileColumns, tileCount, tilesUnder, type Mask, type Rectangle } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { MaskPictures, MAX_CELL_LEVEL, type Surface } from './mask-pictures'
import { partInSight } from './picture/picture'
import { levelOf, LINES_FROM, OutlineLines, paintOutline } from './seeing/tile-outlines'
import type { Size, View } from './view'

/** Colours of the mask, as `#rrggbb`. */
export interface MaskColours {
  foreground: string
  unknown: string
}

/** Pictures of 256 kB each that are kept: 64 MB. A screen of 1920 × 1080 sees 150 at the most. */
const KEPT = 256

/** So long a frame may be spent on making pictures: what is left is made in the next ones. */
const MILLISECONDS = 12

/** Draws the mask: as pictures of its tiles, drawn anew only where a tile has changed, or as outlines. */
export class Overlay {
  /** Only outlines are drawn. */
  outline = false

  #mask: Mask | null = null
  /** By value. */
  #colours: string[] = []
  readonly #palette = new Uint32Array(3)
  readonly #filled = new MaskPictures(createSurface, (...tile) => this.#paintFilled(...tile), KEPT)
  readonly #outlined = new MaskPictures(
    createSurface,
    (...tile) => paintOutline(...tile, this.#palette),
    KEPT
  )
  readonly #lines = new OutlineLines()

  constructor(colours: MaskColours) {
    this.#takeColours(colours)
  }

  clear(): void {
    this.#mask = null
    this.#forget()
  }

  update(mask: Mask, indices: Iterable<number>): void {
    if (mask !== this.#mask) this.#forget()
    this.#mask = mask
    const columns = tileColumns(mask.width)
    const count = tileCount(mask.width, mask.height)
    for (const index of indices) {
      this.#filled.touch(mask, index)
      // What is beyond a tile's border decides whether there is an outline.
      for (const near of [index, index - 1, index + 1, index - columns, index + columns]) {
        if (near < 0 || near >= count) continue
        this.#outlined.touch(mask, near)
        this.#lines.forget(near)
      }
    }
  }

  setColours(colours: MaskColours): void {
    this.#takeColours(colours)
    this.#forget()
  }

  /**
   * Draws what is in sight with hard pixels.
   *
   * @param box The part of the window in which the mask is seen, in CSS pixels.
   * @param ratio Screen pixels per CSS pixel. Pictures end on whole screen pixels, or fine lines would show between
   *   them.
   * @returns Whether that was all; if not, the next frame has to go on.
   */
  draw(context: CanvasRenderingContext2D, image: Size, view: View, box: Rectangle, ratio: number): boolean {
    const mask = this.#mask
    if (!mask) return true
    const area = partInSight(image, { view, box })
    const screenScale = view.scale * ratio
    const deadline = performance.now() + MILLISECONDS
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.imageSmoothingEnabled = false
    let complete = true
    if (this.outline && screenScale >= LINES_FROM) {
      for (const index of tilesUnder(mask, area)) {
        if (mask.tiles.has(index)) this.#lines.draw(context, mask, index, view, ratio, this.#colours)
      }
    } else {
      const level = this.outline ? levelOf(screenScale) : levelFor(screenScale)
      const pictures = this.outline ? this.#outlined : this.#filled
      const column = (x: number) => Math.round((x * view.scale + view.x) * ratio)
      const row = (y: number) => Math.round((y * view.scale + view.y) * ratio)
      const isTimely = () => performance.now() < deadline
      complete = pictures.show(mask, level, area, isTimely, ({ canvas }, x, y, side) => {
        const right = Math.min(image.width, x + side)
        const bottom = Math.min(image.height, y + side)
        const [left, top] = [column(x), row(y)]
        context.drawImage(
          canvas,
          ...([0, 0, (right - x) / 2 ** level, (bottom - y) / 2 ** level] as const),
          ...([left, top, column(right) - left, row(bottom) - top] as const)
        )
      })
    }
    context.restore()
    return complete
  }

  /** Takes the value at the middle of what each cell stands for. */
  #paintFilled(mask: Mask, index: number, level: number, cells: Uint32Array): void {
    const tile = mask.tiles.get(index)!
    const side = 2 ** level
    const middle = side >> 1
    for (let y = middle, at = 0; y < TILE; y += side) {
      for (let x = y * TILE + middle; x < (y + 1) * TILE; x += side, at++)
        cells[at] = this.#palette[tile[x]!]!
    }
  }

  #forget(): void {
    this.#filled.clear()
    this.#outlined.clear()
    this.#lines.clear()
  }

  #takeColours({ foreground, unknown }: MaskColours): void {
    this.#colours = []
    for (const [value, colour] of [
      [FOREGROUND, foreground],
      [UNKNOWN, unknown]
    ] as const) {
      this.#colours[value] = colour
      this.#palette[value] = pixelOf(colour)
    }
  }
}

/** The coarsest cells that are not larger than a pixel of the screen. */
function levelFor(screenScale: number): number {
  return Math.min(MAX_CELL_LEVEL, Math.max(0, Math.floor(-Math.log2(screenScale) + 1e-9)))
}

function createSurface(): Surface & { canvas: HTMLCanvasElement } {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = TILE
  const context = canvas.getContext('2d')!
  let data: ImageData | null = null
  return {
    canvas,
    put(pixels, edge, x, y) {
      if (data?.width !== edge) data = new ImageData(edge, edge)
      new Uint32Array(data.data.buffer).set(pixels)
      context.putImageData(data, x, y)
    },
    clear: (edge, x, y) => context.clearRect(x, y, edge, edge)
  }
}

/** An opaque pixel as `ImageData` holds it, red in the lowest byte; of a colour as `#rrggbb`. */
function pixelOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return new Uint32Array(new Uint8Array([red!, green!, blue!, 255]).buffer)[0]!
}
