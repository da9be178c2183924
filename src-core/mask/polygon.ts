import { paintSpan, type Point, type Stroke } from './paint'
import type { Mask } from './tiles'
import type { MaskValue } from './values'

/**
 * Paints a polygon, hard-edged and clipped to the image: each pixel whose centre it winds around (the nonzero rule,
 * so that an outline that crosses itself leaves no holes). Of neighbours that share an edge, each pixel belongs to
 * exactly one: a centre on a left or upper edge is inside, one on a right or lower edge is not.
 *
 * @param stroke Receives the content of every tile before its first change.
 * @param corners At least three, or nothing is painted; the last is joined with the first. May lie outside.
 */
export function paintPolygon(mask: Mask, stroke: Stroke, corners: readonly Point[], value: MaskValue): void {
  const crossings = new Map<number, Crossing[]>()
  corners.forEach((from, i) => {
    const to = corners[(i + 1) % corners.length]!
    const [upper, lower] = from.y < to.y ? [from, to] : [to, from]
    const last = Math.min(mask.height - 1, Math.ceil(lower.y - 0.5) - 1)
    for (let y = Math.max(0, Math.ceil(upper.y - 0.5)); y <= last; y++) {
      const row = crossings.get(y)
      const crossing = { x: firstPixelBeyond(upper, lower, y), turn: upper === from ? 1 : -1 }
      if (row) row.push(crossing)
      else crossings.set(y, [crossing])
    }
  })
  for (const [y, row] of crossings) {
    row.sort((a, b) => a.x - b.x)
    let winding = 0
    row.forEach(({ x, turn }, i) => {
      winding += turn
      if (winding !== 0) paintSpan(mask, stroke, x, row[i + 1]!.x, y, value)
    })
  }
}

/** Where an edge crosses a row of pixels. */
interface Crossing {
  /** The first pixel of the row whose centre is not left of the edge. */
  x: number
  /** 1 for an edge that goes down, −1 for one that goes up. */
  turn: number
}

/** The first pixel of row y whose centre is not left of the edge between two points; `upper.y` < `lower.y`. */
function firstPixelBeyond(upper: Point, lower: Point, y: number): number {
  const dx = lower.x - upper.x
  const dy = lower.y - upper.y
  const down = y + 0.5 - upper.y
  const isBeyond = (x: number) => (x + 0.5 - upper.x) * dy >= down * dx
  // Near the crossing the definition itself decides: rounding cannot.
  let x = Math.ceil(upper.x + (down * dx) / dy - 0.5)
  while (isBeyond(x - 1)) x--
  while (!isBeyond(x)) x++
  return x
}
