import { beginStroke, paintSpan } from './paint'
import { createMask, TILE, tileColumns, type Mask, type Rectangle } from './tiles'
import { BACKGROUND, FOREGROUND } from './values'

/** Pixels to find between two pauses of a long computation: about a millisecond's worth. */
const PIXELS_PER_PAUSE = 50_000

/** What a flood found. */
export interface Flood {
  /** 1 for the pixels that were found; as large as the mask. */
  found: Mask
  /** The smallest rectangle around them; empty where there are none. */
  bounds: Rectangle
}

/**
 * Finds the pixels of one value that are connected with some of the seeds by others of that value. Background is connected by sides, everything else by sides and corners, so that an object's outline that is closed
 * by corners keeps the background apart. Row by row (scanline flood, Smith 1979). Yields now and then, so that the
 * caller may pause.
 *
 * @param seeds As x and y; those of another value, or out of bounds, are passed over.
 * @param bounds The flood stays in it.
 */
export function* flood(
  mask: Mask,
  value: number,
  seeds: Iterable<readonly [x: number, y: number]>,
  bounds: Rectangle
): Generator<void, Flood> {
  const found = createMask(mask.width, mask.height)
  const record = beginStroke()
  const reach = value === BACKGROUND ? 0 : 1
  const left = Math.max(0, bounds.x)
  const right = Math.min(mask.width, bounds.x + bounds.width)
  const top = Math.max(0, bounds.y)
  const bottom = Math.min(mask.height, bounds.y + bounds.height)
  const columns = tileColumns(mask.width)
  const waiting: number[] = []
  for (const [x, y] of seeds) {
    if (x >= left && x < right && y >= top && y < bottom) waiting.push(x, y)
  }
  let [x0, y0, x1, y1] = [right, bottom, left, top]
  let sincePause = 0
  while (waiting.length > 0) {
    const y = waiting.pop()!
    const x = waiting.pop()!
    if (firstThatIs(true, x, x + 1, y) > x) continue
    const start = startOfRun(x, y)
    const end = firstThatIs(false, x, right, y)
    paintSpan(found, record, start, end, y, FOREGROUND)
    x0 = Math.min(x0, start)
    x1 = Math.max(x1, end)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y + 1)
    for (const near of [y - 1, y + 1]) {
      if (near < top || near >= bottom) continue
      const stop = Math.min(right, end + reach)
      for (let at = Math.max(left, start - reach); at < stop;) {
        at = firstThatIs(true, at, stop, near)
        if (at < stop) waiting.push(at, near)
        at = firstThatIs(false, at, stop, near)
      }
    }
    sincePause += end - start
    if (sincePause > PIXELS_PER_PAUSE) {
      sincePause = 0
      yield
    }
  }
  return { found, bounds: { x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) } }

  /** The first pixel from x that is open, which is still to be found, or that is not; `limit` if none is before it. */
  function firstThatIs(open: boolean, x: number, limit: number, y: number): number {
    const row = Math.floor(y / TILE) * columns
    while (x < limit) {
      const column = Math.floor(x / TILE)
      const stop = Math.min(limit, (column + 1) * TILE)
      const content = mask.tiles.get(row + column)
      const marks = found.tiles.get(row + column)
      if (content || marks) {
        const offset = (y % TILE) * TILE - column * TILE
        for (; x < stop; x++) if (isOpen(content, marks, offset + x) === open) return x
      } else if ((value === BACKGROUND) === open) {
        return x
      }
      x = stop
    }
    return limit
  }

  /** The first pixel of the open run that holds x. */
  function startOfRun(x: number, y: number): number {
    const row = Math.floor(y / TILE) * columns
    while (x > left) {
      const column = Math.floor((x - 1) / TILE)
      const stop = Math.max(left, column * TILE)
      const content = mask.tiles.get(row + column)
      const marks = found.tiles.get(row + column)
      if (content || marks) {
        const offset = (y % TILE) * TILE - column * TILE
        for (; x > stop; x--) if (!isOpen(content, marks, offset + x - 1)) return x
      } else if (value !== BACKGROUND) {
        return x
      }
      x = stop
    }
    return x
  }

  function isOpen(content: Uint8Array | undefined, marks: Uint8Array | undefined, at: number): boolean {
    return (content ? content[at] : BACKGROUND) === value && !(marks && marks[at])
  }
}
