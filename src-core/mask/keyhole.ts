import type { Outline } from './outline'

/** A corner in a ring of corners. */
interface Corner {
  x: number
  y: number
  next: Corner
}

/**
 * A part of a mask as one outline, for formats that know no holes: each hole is joined to what is left of it by a cut
 * without width, which goes through the part's own pixels. Inside by either rule, even-odd or nonzero, are the same
 * pixels as before.
 *
 * @param outline By `traceOutlines` of `binary`.
 * @param binary `[height, width]`, nonzero is foreground.
 * @returns `x, y, x, y, …`
 */
export function joinHoles(outline: Outline, binary: Uint8Array, width: number): number[] {
  const [outer, ...holes] = outline.map(ringOf)
  if (holes.length === 0) return outline[0]!

  // From the upper end of each hole's leftmost edge straight to the left, to the edge that the part begins with there.
  const cuts = holes.map((hole) => {
    const from = leftmost(hole)
    let x = from.x
    while (x > 0 && binary[from.y * width + x - 1]) x--
    return { from, key: keyOf(x, from.y) }
  })
  const ends = new Map<number, Corner | null>(cuts.map(({ key }) => [key, null]))
  for (const ring of [outer!, ...holes]) splitEdges(ring, ends)
  for (const { from, key } of cuts) {
    const end = ends.get(key)!
    const back = { ...end }
    end.next = { ...from }
    from.next = back
  }

  const corners: number[] = []
  let corner = outer!
  do {
    corners.push(corner.x, corner.y)
    corner = corner.next
  } while (corner !== outer)
  return corners

  /** A pixel's left edge, as a number. */
  function keyOf(x: number, y: number): number {
    return y * (width + 1) + x
  }

  /** Puts a corner at the upper end of every left edge of a pixel that is asked for. Those are the edges that go up. */
  function splitEdges(ring: Corner, wanted: Map<number, Corner | null>): void {
    let corner = ring
    do {
      const next: Corner = corner.next
      let last = corner
      if (next.x === corner.x) {
        for (let y = corner.y - 1; y >= next.y; y--) {
          const key = keyOf(corner.x, y)
          if (!wanted.has(key)) continue
          if (y > next.y) {
            const split: Corner = { x: corner.x, y, next }
            last.next = split
            last = split
            wanted.set(key, split)
          } else wanted.set(key, next)
        }
      }
      corner = next
    } while (corner !== ring)
  }
}

function ringOf(corners: number[]): Corner {
  const list: Corner[] = []
  for (let i = 0; i < corners.length; i += 2) {
    const corner = { x: corners[i]!, y: corners[i + 1]! } as Corner
    list.push(corner)
  }
  list.forEach((corner, i) => (corner.next = list[(i + 1) % list.length]!))
  return list[0]!
}

/** The leftmost corner, of several the uppermost. */
function leftmost(ring: Corner): Corner {
  let best = ring
  for (let corner = ring.next; corner !== ring; corner = corner.next) {
    if (corner.x < best.x || (corner.x === best.x && corner.y < best.y)) best = corner
  }
  return best
}
