import { TILE, tileRectangle, tilesUnder, type Mask, type Rectangle } from '#core/mask/tiles'

/** The coarsest level: one cell for a tile. */
export const MAX_CELL_LEVEL = Math.log2(TILE)

/** What a picture is drawn on; of `TILE` pixels to each side. */
export interface Surface {
  /** `pixels` as `ImageData` holds them, red in the lowest byte; `[edge, edge]`. */
  put(pixels: Uint32Array, edge: number, x: number, y: number): void
  clear(edge: number, x: number, y: number): void
}

/**
 * Makes the cells of one of the mask's tiles at a level, a cell for 2^level × 2^level pixels.
 *
 * @param cells `[edge, edge]`, to be filled with colours.
 */
export type PaintCells = (mask: Mask, index: number, level: number, cells: Uint32Array) => void

interface MaskPicture<On> {
  surface: On
  /** Where its first cell lies, in the image's pixels, and how many pixels it is wide. */
  x: number
  y: number
  side: number
  /** The tiles that it shows and that look different by now. */
  stale: Set<number>
}

/**
 * A mask as pictures of one size, each of 2^level × 2^level tiles: from afar few pictures show many tiles. They are made
 * when they are first seen, tile by tile, and a tile that was touched is made again in those that show it.
 */
export class MaskPictures<On extends Surface> {
  /** By level and place; the one used last is the last. */
  #pictures = new Map<string, MaskPicture<On>>()
  readonly #createSurface: () => On
  readonly #paint: PaintCells
  readonly #kept: number
  #cells = new Uint32Array(0)

  /** @param kept So many pictures stay, and beyond that those of the view. */
  constructor(createSurface: () => On, paint: PaintCells, kept: number) {
    this.#createSurface = createSurface
    this.#paint = paint
    this.#kept = kept
  }

  get count(): number {
    return this.#pictures.size
  }

  clear(): void {
    this.#pictures.clear()
  }

  /** This tile looks different now. */
  touch(mask: Mask, index: number): void {
    const { x, y } = tileRectangle(mask.width, mask.height, index)
    for (const { stale, ...picture } of this.#pictures.values()) {
      const isShown =
        x >= picture.x && x < picture.x + picture.side && y >= picture.y && y < picture.y + picture.side
      if (isShown) stale.add(index)
    }
  }

  /**
   * The pictures of a level that show some of a part of the image, each with where it begins in the image and how many
   * pixels it is wide. Those of which nothing is painted are left out.
   *
   * @param isTimely Asked before a tile is made; where it says no, the rest stays as it was until the next call.
   * @returns Whether all of them are up to date.
   */
  show(
    mask: Mask,
    level: number,
    area: Rectangle,
    isTimely: () => boolean,
    draw: (surface: On, x: number, y: number, side: number) => void
  ): boolean {
    const side = TILE * 2 ** level
    const right = Math.min(mask.width, area.x + area.width)
    const bottom = Math.min(mask.height, area.y + area.height)
    let complete = true
    let shown = 0
    for (let y = Math.max(0, Math.floor(area.y / side)) * side; y < bottom; y += side) {
      for (let x = Math.max(0, Math.floor(area.x / side)) * side; x < right; x += side) {
        const picture = this.#pictureAt(mask, level, x, y)
        if (!picture) continue
        complete = this.#refresh(picture, mask, level, isTimely) && complete
        draw(picture.surface, x, y, side)
        shown++
      }
    }
    for (const key of this.#pictures.keys()) {
      if (this.#pictures.size <= Math.max(this.#kept, shown)) break
      this.#pictures.delete(key)
    }
    return complete
  }

  /** Null where nothing is painted. */
  #pictureAt(mask: Mask, level: number, x: number, y: number): MaskPicture<On> | null {
    const key = `${level} ${x} ${y}`
    let picture = this.#pictures.get(key)
    if (picture) {
      this.#pictures.delete(key)
    } else {
      const side = TILE * 2 ** level
      const block = [...tilesUnder(mask, { x, y, width: side, height: side })]
      const stale = new Set(block.filter((index) => mask.tiles.has(index)))
      if (stale.size === 0) return null
      picture = { surface: this.#createSurface(), x, y, side, stale }
    }
    this.#pictures.set(key, picture)
    return picture
  }

  #refresh(picture: MaskPicture<On>, mask: Mask, level: number, isTimely: () => boolean): boolean {
    const edge = TILE / 2 ** level
    if (this.#cells.length !== edge * edge) this.#cells = new Uint32Array(edge * edge)
    for (const index of picture.stale) {
      if (!isTimely()) return false
      const part = tileRectangle(mask.width, mask.height, index)
      const [x, y] = [(part.x - picture.x) / 2 ** level, (part.y - picture.y) / 2 ** level]
      if (mask.tiles.has(index)) {
        this.#paint(mask, index, level, this.#cells)
        picture.surface.put(this.#cells, edge, x, y)
      } else {
        picture.surface.clear(edge, x, y)
      }
      picture.stale.delete(index)
    }
    return true
  }
}
