import { connectedComponents } from '#core/mask/components'
import { joinHoles } from '#core/mask/keyhole'
import { traceOutlines } from '#core/mask/outline'
import type { MaskValue } from '#core/mask/values'

/** A connected part of a mask. */
export interface PolygonPart {
  /** Along the pixels' edges, `x, y, x, y, …`, its holes joined by a cut. */
  polygon: number[]
  /** Pixels. */
  area: number
}

/**
 * The connected parts of the pixels that have this value.
 *
 * @param flat `[height, width]`
 */
export function polygonParts(
  flat: Uint8Array,
  value: MaskValue,
  width: number,
  height: number
): PolygonPart[] {
  const binary = flat.map((pixel) => (pixel === value ? 1 : 0))
  const { labels, sizes } = connectedComponents(binary, width, height)
  const outlines = traceOutlines(binary, labels, sizes.length, width, height)
  return outlines.map((outline, i) => ({ polygon: joinHoles(outline, binary, width), area: sizes[i]! }))
}
