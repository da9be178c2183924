/** How images lie side by side: row after row, all of one size. */
export interface GridLayout {
  columns: number
  rows: number
}

/** Places of a grid of this width in CSS pixels. */
export function gridLayout(count: number, width: number, pitch: number): GridLayout {
  const columns = Math.max(1, Math.floor(width / pitch))
  return { columns, rows: Math.ceil(count / columns) }
}

/**
 * The place that a key leads to from a place; null for a key that moves nothing.
 *
 * @param at From 0; −1 where nothing is chosen.
 * @param page Rows in sight.
 */
export function moveInGrid(
  key: string,
  at: number,
  { columns, rows }: GridLayout,
  count: number,
  page: number
): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * Math.max(1, page),
    PageDown: columns * Math.max(1, page),
    Home: -columns * rows,
    End: columns * rows
  }
  const step = steps[key]
  if (step === undefined || count === 0) return null
  if (at < 0) return 0
  return Math.min(count - 1, Math.max(0, at + step))
}

/**
 * Where to scroll so that a row is in sight; as it is where it is already.
 *
 * @param scrolled Of a view of this height, in CSS pixels.
 */
export function scrollToRow(row: number, scrolled: number, height: number, pitch: number): number {
  const top = row * pitch
  if (top < scrolled) return top
  return Math.max(scrolled, top + pitch - height)
}

/**
 * Whether the pictures of what is in sight are worth loading. Who rushes through thousands of images wants none of
 * those in between, and asking for them would keep the wanted ones waiting.
 *
 * @param from Where the view was scrolled to `milliseconds` ago.
 */
export function isRushing(scrolled: number, from: number, milliseconds: number, height: number): boolean {
  return Math.abs(scrolled - from) > (height * 3 * milliseconds) / 1000
}
