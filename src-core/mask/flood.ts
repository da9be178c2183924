import { beginStroke, paintSpan } from './paint'
import { createMask, pixelAt, TILE, tileColumns, type Mask, type Rectangle } from './tiles'
import { BACKGROUND, FOREGROUND } from './values'

/** Pixels to look at between two pauses of a long computation: about a millisecond's worth. */
const PIXELS_PER_PAUSE = 200_000

/** Where a flood goes. */
export interface Flood {
  /** The first pixels, as x and y; those that do not belong are passed over. */
  seeds: readonly (readonly [x: number, y: number])[]
  /** The flood stays in it. */
  bounds: Rectangle
}

/**
 * The pixels that are connected with the seeds and have the same value as asked for: a mask of 1s, of the same size.
 * Background is connected by sides, everything else by sides and corners, so that an object's outline that is closed
 * by corners keeps the background apart. Row by row (scanline flood, Smith 1979). Yields now and then, so that the
 * caller may pause.
 */
export function* flood(mask: Mask, value: number, { seeds, bounds }: Flood): Generator<void, Mask> {
  const found = createMask(mask.width, mask.height)
  const record = beginStroke()
  const reach = value === BACKGROUND ? 0 : 1
  const left = Math.max(0, bounds.x)
  const right = Math.min(mask.width, bounds.x + bounds.width)
  const top = Math.max(0, bounds.y)
  const bottom = Math.min(mask.height, bounds.y + bounds.height)
  const waiting: number[] = []
  const isOpen = (x: number, y: number) =>
    pixelAt(mask, x, y) === value && pixelAt(found, x, y) === BACKGROUND

  for (const [x, y] of seeds) {
    if (x >= left && x < right && y >= top && y < bottom) waiting.push(x, y)
  }
  let seen = 0
  while (waiting.length > 0) {
    const y = waiting.pop()!
    const x = waiting.pop()!
    if (!isOpen(x, y)) continue
    const start = runStart(x, y)
    const end = runEnd(x, y, right)
    paintSpan(found, record, start, end, y, FOREGROUND)
    for (const near of [y - 1, y + 1]) {
      if (near < top || near >= bottom) continue
      const stop = Math.min(right, end + reach)
      for (let at = Math.max(left, start - reach); at < stop;) {
        if (isOpen(at, near)) {
          waiting.push(at, near)
          at = runEnd(at, near, stop)
        } else {
          at++
        }
      }
    }
    seen += end - start
    if (seen > PIXELS_PER_PAUSE) {
      seen = 0
      yield
    }
  }
  return found

  /** The first pixel of the open run that ends with x. */
  function runStart(x: number, y: number): number {
    while (x > left && isOpen(x - 1, y)) x--
    return x
  }

  /** Behind the last pixel of the open run that begins with x, at most `limit`. */
  function runEnd(x: number, y: number, limit: number): number {
    while (x < limit && isOpen(x, y)) x++
    return x
  }
}

/** The smallest rectangle around a mask's pixels that are not background; null where there are none. */
export function boundsOf(mask: Mask): Rectangle | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const columns = tileColumns(mask.width)
  for (const [index, tile] of mask.tiles) {
    const x = (index % columns) * TILE
    const y = Math.floor(index / columns) * TILE
    for (let row = 0; row < TILE; row++) {
      const pixels = tile.subarray(row * TILE, (row + 1) * TILE)
      const first = pixels.findIndex(Boolean)
      if (first < 0) continue
      left = Math.min(left, x + first)
      right = Math.max(right, x + pixels.findLastIndex(Boolean) + 1)
      top = Math.min(top, y + row)
      bottom = Math.max(bottom, y + row + 1)
    }
  }
  return left < right ? { x: left, y: top, width: right - left, height: bottom - top } : null
}
