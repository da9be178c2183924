import { flood } from './flood'
import { paintSpan, type Point, type Stroke } from './paint'
import { pixelAt, TILE, TILE_PIXELS, tileRectangle, tilesUnder, type Mask, type Rectangle } from './tiles'
import { BACKGROUND, FOREGROUND, type MaskValue } from './values'

/**
 * Fills the region of one value that holds a point: background up to the objects around it, or an object whole.
 * Without effect outside of the image and where the region has the value already. Yields now and then, so that the
 * caller may pause.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function* fillRegion(mask: Mask, stroke: Stroke, at: Point, value: MaskValue): Generator<void, void> {
  const seed = [Math.floor(at.x), Math.floor(at.y)] as const
  const clicked = pixelAt(mask, ...seed)
  if (clicked === value) return
  const { found } = yield* flood(mask, clicked, [seed], wholeOf(mask))
  for (const [index, tile] of found.tiles) {
    paintTile(mask, stroke, index, tile, value)
    yield
  }
}

/**
 * Fills the holes of the object that holds a point: the background that the object encloses. Without effect on
 * background. Yields now and then, so that the caller may pause.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function* fillHoles(mask: Mask, stroke: Stroke, at: Point, value: MaskValue): Generator<void, void> {
  const seed = [Math.floor(at.x), Math.floor(at.y)] as const
  const clicked = pixelAt(mask, ...seed)
  if (clicked === BACKGROUND) return
  const { found: object, bounds } = yield* flood(mask, clicked, [seed], wholeOf(mask))
  const { found: outside } = yield* flood(object, BACKGROUND, rim(bounds), bounds)
  for (const index of tilesUnder(mask, bounds)) {
    const holes = new Uint8Array(TILE_PIXELS)
    const part = tileRectangle(mask.width, mask.height, index)
    const [content, walls, beyond] = [mask, object, outside].map(({ tiles }) => tiles.get(index))
    const right = Math.min(bounds.x + bounds.width - part.x, TILE)
    const bottom = Math.min(bounds.y + bounds.height - part.y, TILE)
    for (let y = Math.max(0, bounds.y - part.y); y < bottom; y++) {
      for (let x = Math.max(0, bounds.x - part.x); x < right; x++) {
        const place = y * TILE + x
        if (!content?.[place] && !walls?.[place] && !beyond?.[place]) holes[place] = FOREGROUND
      }
    }
    paintTile(mask, stroke, index, holes, value)
    yield
  }
}

function wholeOf({ width, height }: Mask): Rectangle {
  return { x: 0, y: 0, width, height }
}

/** The outermost pixels of a rectangle. */
function* rim({ x, y, width, height }: Rectangle): Generator<readonly [number, number]> {
  for (let i = 0; i < width; i++) {
    yield [x + i, y]
    yield [x + i, y + height - 1]
  }
  for (let i = 0; i < height; i++) {
    yield [x, y + i]
    yield [x + width - 1, y + i]
  }
}

/** Paints the pixels of one tile that are marked with 1 in `marks`, `[TILE, TILE]`. */
function paintTile(mask: Mask, stroke: Stroke, index: number, marks: Uint8Array, value: MaskValue): void {
  const { x, y } = tileRectangle(mask.width, mask.height, index)
  for (let start = marks.indexOf(1), stop; start >= 0; start = marks.indexOf(1, stop)) {
    const row = Math.floor(start / TILE)
    const end = (row + 1) * TILE
    for (stop = start + 1; stop < end && marks[stop] === 1;) stop++
    paintSpan(mask, stroke, x + start - row * TILE, x + stop - row * TILE, y + row, value)
  }
}
