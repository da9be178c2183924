import { paintSpan, type Point, type Stroke } from './paint'
import type { Mask } from './tiles'
import type { MaskValue } from './values'

/** The footprint of a brush. */
export type BrushShape = 'round' | 'square'

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
  const row = (y: number) => rowOfCapsule(from, to, radius, y)
  paintSwept(mask, stroke, { from, to, radius, row, holds: isCovered }, value)
}

/**
 * Paints what a square brush covers on its way from one point to another, clipped to the image: each pixel whose
 * centre the square (−radius, radius]² around some point of the segment holds. Half-open, so that a brush of n
 * pixels paints n × n pixels wherever it stands. The pixels that hold the two ends are always covered.
 *
 * @param stroke Receives the content of every tile before its first change.
 * @param radius In pixels, half the side of the cursor's square.
 */
export function paintSquareSegment(
  mask: Mask,
  stroke: Stroke,
  from: Point,
  to: Point,
  radius: number,
  value: MaskValue
): void {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const reach = radius * (Math.abs(dx) + Math.abs(dy)) * (1 + 1e-9)
  const row = (y: number): [left: number, right: number] => {
    const [a, b] = solve(dy, -(y - from.y) * dx, -reach, reach)
    return [
      Math.max(Math.min(from.x, to.x) - radius, from.x + a),
      Math.min(Math.max(from.x, to.x) + radius, from.x + b)
    ]
  }
  paintSwept(mask, stroke, { from, to, radius, row, holds: isSwept }, value)
}

/** A brush's way. */
interface Sweep {
  from: Point
  to: Point
  radius: number
  /** Where the horizontal line at height y crosses what the brush covers, up to rounding; empty has left > right. */
  row(y: number): [left: number, right: number]
  /** Whether the brush covers a place. */
  holds(x: number, y: number, from: Point, to: Point, radius: number): boolean
}

/** Paints, row by row, the pixels whose centres a brush covers on its way, and those that hold its two ends. */
function paintSwept(
  mask: Mask,
  stroke: Stroke,
  { from, to, radius, row, holds }: Sweep,
  value: MaskValue
): void {
  for (const { x, y } of [from, to]) {
    paintSpan(mask, stroke, Math.floor(x), Math.floor(x) + 1, Math.floor(y), value)
  }
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius - 0.5))
  const bottom = Math.min(mask.height - 1, Math.ceil(Math.max(from.y, to.y) + radius - 0.5))
  for (let y = top; y <= bottom; y++) {
    const [left, right] = row(y + 0.5)
    // One pixel more on both sides, then the definition itself decides: rounding cannot.
    let start = Math.max(0, Math.floor(left - 0.5) - 1)
    let end = Math.min(mask.width, Math.ceil(right + 0.5) + 1)
    while (start < end && !holds(start + 0.5, y + 0.5, from, to, radius)) start++
    while (end > start && !holds(end - 0.5, y + 0.5, from, to, radius)) end--
    paintSpan(mask, stroke, start, end, y, value)
  }
}

/** Whether the square (−radius, radius]² holds a place while its centre moves along the segment. */
function isSwept(x: number, y: number, from: Point, to: Point, radius: number): boolean {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const u = x - from.x
  const v = y - from.y
  const isInBox =
    u > Math.min(0, dx) - radius &&
    u <= Math.max(0, dx) + radius &&
    v > Math.min(0, dy) - radius &&
    v <= Math.max(0, dy) + radius
  if (!isInBox || dx === 0 || dy === 0) return isInBox
  // Between the two ways of the square's outer corners, of which only the one of the corner that the half-open
  // square itself holds belongs to it.
  const side = u * dy - v * dx
  const reach = radius * (Math.abs(dx) + Math.abs(dy))
  return (
    (side < reach || (side === reach && dx < 0 && dy > 0)) &&
    (side > -reach || (side === -reach && dx > 0 && dy < 0))
  )
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
