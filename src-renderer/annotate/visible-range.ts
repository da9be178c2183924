/** So many places beside the visible ones are there as well by default, so that scrolling shows no gaps. */
const SPARE = 6

/**
 * Which places of a strip have to exist: those in sight and some more on both sides.
 *
 * @param pitch Length of one place.
 * @param spare So many more on either side.
 * @returns Places start ≤ i < end.
 */
export function visibleRange(
  scrolled: number,
  length: number,
  pitch: number,
  count: number,
  spare = SPARE
): { start: number; end: number } {
  const start = Math.max(0, Math.floor(scrolled / pitch) - spare)
  const end = Math.min(count, Math.ceil((scrolled + length) / pitch) + spare)
  return { start: Math.min(start, end), end }
}
