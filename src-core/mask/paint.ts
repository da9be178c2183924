import type { TilePatch } from '#core/api/values'
import { encodePatch } from './codec'
import { isBackground, TILE, TILE_PIXELS, tileColumns, type Mask } from './tiles'
import { BACKGROUND, type MaskValue } from './values'

/** A place in the image, in pixels; the centre of the first pixel is at (0.5, 0.5). */
export interface Point {
  x: number
  y: number
}

/** A stroke while it is being painted: the tiles it touched, as they were before; null was all background. */
export interface Stroke {
  readonly before: Map<number, Uint8Array | null>
}

/** A stroke that has touched nothing yet. */
export function beginStroke(): Stroke {
  return { before: new Map() }
}

/** Paints a disc; a segment without length. See `paintSegment`. */
export function paintDisc(mask: Mask, stroke: Stroke, centre: Point, radius: number, value: MaskValue): void {
  paintSegment(mask, stroke, centre, centre, radius, value)
}

/**
 * Paints what a round brush covers on its way from one point to another, hard-edged and clipped to the image:
 * each pixel whose centre is at most `radius` from the segment. The pixels that hold the two ends are always
 * covered, so that a click paints something even with a brush smaller than a pixel.
 *
 * @param stroke Receives the content of every tile before its first change.
 * @param radius In pixels, half the diameter of the cursor's ring.
 */
export function paintSegment(
  mask: Mask,
  stroke: Stroke,
  from: Point,
  to: Point,
  radius: number,
  value: MaskValue
): void {
  const columns = tileColumns(mask.width)
  for (const { x, y } of [from, to]) fillSpan(Math.floor(x), Math.floor(x) + 1, Math.floor(y))
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius - 0.5))
  const bottom = Math.min(mask.height - 1, Math.ceil(Math.max(from.y, to.y) + radius - 0.5))
  for (let y = top; y <= bottom; y++) {
    const [left, right] = rowOfCapsule(from, to, radius, y + 0.5)
    // One pixel more on both sides, then the definition itself decides: rounding cannot.
    let start = Math.max(0, Math.floor(left - 0.5) - 1)
    let end = Math.min(mask.width, Math.ceil(right + 0.5) + 1)
    while (start < end && !isCovered(start + 0.5, y + 0.5, from, to, radius)) start++
    while (end > start && !isCovered(end - 0.5, y + 0.5, from, to, radius)) end--
    fillSpan(start, end, y)
  }

  /** Pixels start ≤ x < end of row y, clipped to the image. */
  function fillSpan(start: number, end: number, y: number): void {
    if (y < 0 || y >= mask.height) return
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
}

/** The tile to paint into, its content before recorded; nothing where background meets a tile of background. */
function touch(mask: Mask, stroke: Stroke, index: number, value: MaskValue): Uint8Array | undefined {
  const present = mask.tiles.get(index)
  if (!present && value === BACKGROUND) return undefined
  const tile = present ?? new Uint8Array(TILE_PIXELS)
  if (!stroke.before.has(index)) stroke.before.set(index, present ? present.slice() : null)
  if (!present) mask.tiles.set(index, tile)
  return tile
}

/** Whether a place is at most `radius` from the segment. */
function isCovered(x: number, y: number, from: Point, to: Point, radius: number): boolean {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length2 = dx * dx + dy * dy
  const along = length2 === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length2
  const t = Math.min(1, Math.max(0, along))
  const ex = x - from.x - t * dx
  const ey = y - from.y - t * dy
  return ex * ex + ey * ey <= radius * radius
}

/**
 * Where the horizontal line at height y crosses the capsule around a segment, up to rounding; an empty interval
 * has left > right. The capsule is convex: the hull of its two discs' and its body's crossings is the crossing.
 */
function rowOfCapsule(from: Point, to: Point, radius: number, y: number): [left: number, right: number] {
  // A hair over the radius: a line that only touches the capsule must not be lost to rounding.
  const reach = radius * (1 + 1e-9)
  let left = Infinity
  let right = -Infinity
  const include = (a: number, b: number) => {
    if (a > b) return
    left = Math.min(left, a)
    right = Math.max(right, b)
  }
  for (const end of [from, to]) {
    const half = Math.sqrt(reach * reach - (y - end.y) ** 2)
    if (half >= 0) include(end.x - half, end.x + half)
  }
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = Math.hypot(dx, dy)
  if (length > 0) {
    const v = y - from.y
    // The body is |u·dy − v·dx| ≤ r·length and 0 ≤ u·dx + v·dy ≤ length², with u measured from the first end.
    const [a, b] = solve(dy, -v * dx, -reach * length, reach * length)
    const [c, d] = solve(dx, v * dy, 0, length * length)
    include(from.x + Math.max(a, c), from.x + Math.min(b, d))
  }
  return [left, right]
}

/** The u for which low ≤ u·factor + offset ≤ high. */
function solve(factor: number, offset: number, low: number, high: number): [number, number] {
  if (factor === 0) return low <= offset && offset <= high ? [-Infinity, Infinity] : [Infinity, -Infinity]
  const a = (low - offset) / factor
  const b = (high - offset) / factor
  return a < b ? [a, b] : [b, a]
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
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Takes a stroke back, for example when it is cancelled half-way. */
export function revertStroke(mask: Mask, stroke: Stroke): void {
  for (const [index, before] of stroke.before) {
    if (before) mask.tiles.set(index, before)
    else mask.tiles.delete(index)
  }
}
