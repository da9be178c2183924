import { BACKGROUND, FOREGROUND, UNKNOWN } from './values'

/** Height and width of a tile in pixels. */
export const TILE = 256

/** Pixels of a tile, also of one that sticks out of the image. */
export const TILE_PIXELS = TILE * TILE

/**
 * A mask as a sparse grid of tiles. A tile is `[TILE, TILE]`, one byte per pixel (see `values.ts`); an absent tile
 * is all background; what sticks out of the image is background too.
 */
export interface Mask {
  readonly width: number
  readonly height: number
  readonly tiles: Map<number, Uint8Array>
}

/** A rectangle of pixels. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** A mask that is all background. */
export function createMask(width: number, height: number): Mask {
  return { width, height, tiles: new Map() }
}

/** Tiles side by side over an image of this width. */
export function tileColumns(width: number): number {
  return Math.ceil(width / TILE)
}

/** Tiles of an image; valid indices are 0 … count − 1, row by row. */
export function tileCount(width: number, height: number): number {
  return tileColumns(width) * Math.ceil(height / TILE)
}

/** The part of a tile that lies inside the image, in the image's pixels. */
export function tileRectangle(width: number, height: number, index: number): Rectangle {
  const columns = tileColumns(width)
  const x = (index % columns) * TILE
  const y = Math.floor(index / columns) * TILE
  return { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) }
}

/** The value at a pixel; outside of the image background. */
export function pixelAt(mask: Mask, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) return BACKGROUND
  const tile = mask.tiles.get(Math.floor(y / TILE) * tileColumns(mask.width) + Math.floor(x / TILE))
  return tile ? tile[(y % TILE) * TILE + (x % TILE)]! : BACKGROUND
}

/**
 * A rectangle of the mask.
 *
 * @param area Whole pixels; what lies outside of the image reads as background.
 * @returns `[area.height, area.width]`
 */
export function readRectangle(mask: Mask, area: Rectangle): Uint8Array {
  const flat = new Uint8Array(area.width * area.height)
  for (const index of tilesUnder(mask, area)) {
    const tile = mask.tiles.get(index)
    if (!tile) continue
    const part = tileRectangle(mask.width, mask.height, index)
    const left = Math.max(area.x, part.x)
    const right = Math.min(area.x + area.width, part.x + part.width)
    const top = Math.max(area.y, part.y)
    const bottom = Math.min(area.y + area.height, part.y + part.height)
    for (let y = top; y < bottom; y++) {
      const from = (y - part.y) * TILE - part.x
      flat.set(tile.subarray(from + left, from + right), (y - area.y) * area.width + left - area.x)
    }
  }
  return flat
}

/** The indices of the tiles that share pixels with a part of the image, row by row. */
export function* tilesUnder({ width, height }: Omit<Mask, 'tiles'>, area: Rectangle): Generator<number> {
  const columns = tileColumns(width)
  const right = Math.min(width, area.x + area.width)
  const bottom = Math.min(height, area.y + area.height)
  for (let row = Math.max(0, Math.floor(area.y / TILE)); row * TILE < bottom; row++) {
    for (let column = Math.max(0, Math.floor(area.x / TILE)); column * TILE < right; column++) {
      yield row * columns + column
    }
  }
}

/** The whole mask, `[height, width]`. */
export function flatten(mask: Mask): Uint8Array {
  return readRectangle(mask, { x: 0, y: 0, width: mask.width, height: mask.height })
}

/**
 * A mask from its pixels; tiles that are all background stay absent.
 *
 * @param flat `[height, width]`, values of `values.ts`.
 */
export function maskOf(flat: Uint8Array, width: number, height: number): Mask {
  const mask = createMask(width, height)
  for (let index = 0; index < tileCount(width, height); index++) {
    const part = tileRectangle(width, height, index)
    const tile = new Uint8Array(TILE_PIXELS)
    for (let y = 0; y < part.height; y++) {
      const from = (part.y + y) * width + part.x
      tile.set(flat.subarray(from, from + part.width), y * TILE)
    }
    if (!isBackground(tile)) mask.tiles.set(index, tile)
  }
  return mask
}

/** Whether every pixel of a tile, or of a part of one, is background. */
export function isBackground(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i++) if (pixels[i]) return false
  return true
}

/** How many pixels of a tile, or of any part of a mask, are foreground and how many unknown. */
export function countValues(pixels: Uint8Array): { foreground: number; unknown: number } {
  // By value: one index instead of two branches per pixel.
  const counts = new Uint32Array(3)
  for (let i = 0; i < pixels.length; i++) counts[pixels[i]!]!++
  return { foreground: counts[FOREGROUND]!, unknown: counts[UNKNOWN]! }
}

/** A tile's pixels by fours, for loops over many of them. */
export function wordsOf(tile: Uint8Array): Uint32Array {
  const aligned = tile.byteOffset % 4 === 0 ? tile : tile.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
}
