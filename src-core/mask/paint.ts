import type { TilePatch } from '#core/api/values'
import { encodePatch } from './codec'
import { isBackground, TILE, TILE_PIXELS, tileColumns, wordsOf, type Mask, type Rectangle } from './tiles'
import { BACKGROUND, type MaskValue } from './values'

/** A place in the image, in pixels; the centre of the first pixel is at (0.5, 0.5). */
export interface Point {
  x: number
  y: number
}

/** A set of pixels: a rectangle of the image, and which of its pixels belong. */
export interface Region extends Rectangle {
  /** `[height, width]`, 1 for the pixels that belong, 0 for the others. */
  readonly pixels: Uint8Array
}

/** A stroke while it is being painted. */
export interface Stroke {
  /** The tiles it touched, as they were before; null was all background. */
  readonly before: Map<number, Uint8Array | null>
  /** The tiles it touched since somebody last emptied this, for whoever draws them. */
  readonly touched: Set<number>
}

/** A stroke that has touched nothing yet. */
export function beginStroke(): Stroke {
  return { before: new Map(), touched: new Set() }
}

/**
 * Paints the pixels start ≤ x < end of row y, clipped to the image.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function paintSpan(
  mask: Mask,
  stroke: Stroke,
  start: number,
  end: number,
  y: number,
  value: MaskValue
): void {
  if (y < 0 || y >= mask.height) return
  const columns = tileColumns(mask.width)
  const last = Math.min(end, mask.width)
  for (let x = Math.max(0, start); x < last;) {
    const column = Math.floor(x / TILE)
    const stop = Math.min(last, (column + 1) * TILE)
    const tile = touch(mask, stroke, Math.floor(y / TILE) * columns + column, value)
    const row = (y % TILE) * TILE - column * TILE
    tile?.fill(value, row + x, row + stop)
    x = stop
  }
}

/**
 * Paints the pixels of a region, clipped to the image.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function paintPixels(mask: Mask, stroke: Stroke, region: Region, value: MaskValue): void {
  const { pixels, width } = region
  for (let start = pixels.indexOf(1), stop; start >= 0; start = pixels.indexOf(1, stop)) {
    const row = Math.floor(start / width)
    const end = (row + 1) * width
    for (stop = start + 1; stop < end && pixels[stop] === 1;) stop++
    const left = region.x - row * width
    paintSpan(mask, stroke, left + start, left + stop, region.y + row, value)
  }
}

/** The tile to paint into, its content before recorded; nothing where background meets a tile of background. */
function touch(mask: Mask, stroke: Stroke, index: number, value: MaskValue): Uint8Array | undefined {
  const present = mask.tiles.get(index)
  if (!present && value === BACKGROUND) return undefined
  const tile = present ?? new Uint8Array(TILE_PIXELS)
  stroke.touched.add(index)
  if (!stroke.before.has(index)) stroke.before.set(index, present ? present.slice() : null)
  if (!present) mask.tiles.set(index, tile)
  return tile
}

/** The tiles that a stroke changed, as they are now, ready to be saved. Empty for a stroke without effect. */
export function changedTiles(mask: Mask, stroke: Stroke): TilePatch[] {
  const changed: TilePatch[] = []
  for (const [index, before] of stroke.before) {
    const tile = mask.tiles.get(index)
    if (!tile || (before ? isEqual(tile, before) : isBackground(tile))) continue
    changed.push(encodePatch(index, tile))
  }
  return changed.sort((a, b) => a.index - b.index)
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  const [words, others] = [wordsOf(a), wordsOf(b)]
  for (let i = 0; i < words.length; i++) if (words[i] !== others[i]) return false
  return true
}

/** Takes a stroke back, for example when it is cancelled half-way. */
export function revertStroke(mask: Mask, stroke: Stroke): void {
  for (const [index, before] of stroke.before) {
    if (before) mask.tiles.set(index, before)
    else mask.tiles.delete(index)
  }
}
