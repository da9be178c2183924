import type { Region } from './paint'
import type { Rectangle } from './tiles'

/** Corners one after the other, `x, y, x, y, …` in pixels of the image; the last one is joined to the first. */
export type Ring = ArrayLike<number>

/**
 * The pixels of an image that lie in a polygon as annotation files mean it: those whose centre is inside by the
 * even-odd rule, which the readers of all such files share. The centre of the first pixel is at (0.5, 0.5); a centre
 * on an edge belongs to what is right of or below the edge, so that polygons that share an edge share no pixel.
 *
 * @param rings The polygon's outlines: holes, and parts that lie apart, are rings of their own. Their coordinates
 *   are finite.
 * @returns Null where no pixel of the image is inside.
 */
export function polygonRegion(rings: readonly Ring[], width: number, height: number): Region | null {
  const box = boxOf(rings, width, height)
  if (!box) return null
  const pixels = new Uint8Array(box.width * box.height)
  for (const ring of rings) markEdges(pixels, ring, box)
  // Behind every mark inside and outside change places.
  for (let at = 0; at < pixels.length; at++) if (at % box.width > 0) pixels[at]! ^= pixels[at - 1]!
  return pixels.includes(1) ? { ...box, pixels } : null
}

/** Flips, in every row that an edge crosses, the first pixel of the box behind it. */
function markEdges(pixels: Uint8Array, ring: Ring, box: Rectangle): void {
  const last = ring.length - 2
  for (let i = 0; i <= last; i += 2) {
    const next = i === last ? 0 : i + 2
    // From its upper end, so that neighbours whose outlines run in opposite directions round alike.
    const [upper, lower] = ring[i + 1]! < ring[next + 1]! ? [i, next] : [next, i]
    const [x0, y0, x1, y1] = [ring[upper]!, ring[upper + 1]!, ring[lower]!, ring[lower + 1]!]
    const first = Math.max(0, Math.ceil(y0 - 0.5) - box.y)
    const end = Math.min(box.height, Math.ceil(y1 - 0.5) - box.y)
    for (let row = first; row < end; row++) {
      const x = x0 + ((row + box.y + 0.5 - y0) / (y1 - y0)) * (x1 - x0)
      const column = Math.max(0, Math.ceil(x - 0.5) - box.x)
      if (column < box.width) pixels[row * box.width + column]! ^= 1
    }
  }
}

/** The pixels of an image whose centre is at most `radius` from a point. */
export function circleRegion(
  x: number,
  y: number,
  radius: number,
  width: number,
  height: number
): Region | null {
  const box = boxOf([[x - radius, y - radius, x + radius, y + radius]], width, height)
  if (!box) return null
  const pixels = Uint8Array.from({ length: box.width * box.height }, (_, at) => {
    const dx = box.x + (at % box.width) + 0.5 - x
    const dy = box.y + Math.floor(at / box.width) + 0.5 - y
    return dx * dx + dy * dy <= radius * radius ? 1 : 0
  })
  return pixels.includes(1) ? { ...box, pixels } : null
}

/** The pixels of the image that rings can reach; null where that is none. */
function boxOf(rings: readonly Ring[], width: number, height: number): Rectangle | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      left = Math.min(left, ring[i]!)
      right = Math.max(right, ring[i]!)
      top = Math.min(top, ring[i + 1]!)
      bottom = Math.max(bottom, ring[i + 1]!)
    }
  }
  const x = Math.max(0, Math.floor(left))
  const y = Math.max(0, Math.floor(top))
  const box = {
    x,
    y,
    width: Math.min(width, Math.ceil(right)) - x,
    height: Math.min(height, Math.ceil(bottom)) - y
  }
  return box.width > 0 && box.height > 0 ? box : null
}
