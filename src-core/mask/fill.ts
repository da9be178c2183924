import { boundsOf, flood } from './flood'
import { paintSpan, type Point, type Stroke } from './paint'
import { pixelAt, TILE, tileColumns, tileRectangle, type Mask, type Rectangle } from './tiles'
import { BACKGROUND, type MaskValue } from './values'

/**
 * Fills the region of one value that holds a point: background up to the objects around it, or an object whole.
 * Without effect outside of the image and where the region has the value already. Yields now and then, so that the
 * caller may pause; nothing is painted before the last part.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function* fillRegion(mask: Mask, stroke: Stroke, at: Point, value: MaskValue): Generator<void, void> {
  const seed = [Math.floor(at.x), Math.floor(at.y)] as const
  const found = pixelAt(mask, ...seed)
  if (found === value) return
  const region = yield* flood(mask, found, { seeds: [seed], bounds: wholeOf(mask) })
  for (const index of region.tiles.keys()) {
    const tile = region.tiles.get(index)!
    paintTile(mask, stroke, index, (place) => tile[place] !== BACKGROUND, value)
    yield
  }
}

/**
 * Fills the holes of the object that holds a point: the background that the object encloses. Without effect on
 * background. Yields now and then, so that the caller may pause; nothing is painted before the last part.
 *
 * @param stroke Receives the content of every tile before its first change.
 */
export function* fillHoles(mask: Mask, stroke: Stroke, at: Point, value: MaskValue): Generator<void, void> {
  const seed = [Math.floor(at.x), Math.floor(at.y)] as const
  const found = pixelAt(mask, ...seed)
  if (found === BACKGROUND) return
  const object = yield* flood(mask, found, { seeds: [seed], bounds: wholeOf(mask) })
  const bounds = boundsOf(object)
  if (!bounds) return
  const outside = yield* flood(object, BACKGROUND, { seeds: [...rim(bounds)], bounds })
  const none = new Uint8Array(TILE * TILE)
  for (const index of tilesUnder(mask, bounds)) {
    const [content, walls, beyond] = [mask, object, outside].map(({ tiles }) => tiles.get(index) ?? none)
    const part = tileRectangle(mask.width, mask.height, index)
    const isInBounds = (place: number) => {
      const x = part.x + (place % TILE)
      const y = part.y + Math.floor(place / TILE)
      const { x: left, y: top, width, height } = bounds
      return x >= left && x < left + width && y >= top && y < top + height
    }
    const isHole = (place: number) =>
      !content![place] && !walls![place] && !beyond![place] && isInBounds(place)
    // What is painted here must not change what is asked: the mask's own tile is looked at before it is painted.
    paintTile(mask, stroke, index, isHole, value)
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

function* tilesUnder(mask: Mask, area: Rectangle): Generator<number> {
  const columns = tileColumns(mask.width)
  for (let y = Math.floor(area.y / TILE); y * TILE < area.y + area.height; y++) {
    for (let x = Math.floor(area.x / TILE); x * TILE < area.x + area.width; x++) yield y * columns + x
  }
}

/** Paints the pixels of one tile that belong, told by their place in the tile. */
function paintTile(
  mask: Mask,
  stroke: Stroke,
  index: number,
  belongs: (place: number) => boolean,
  value: MaskValue
): void {
  const part = tileRectangle(mask.width, mask.height, index)
  for (let row = 0; row < part.height; row++) {
    for (let start = 0; start < part.width; start++) {
      let end = start
      while (end < part.width && belongs(row * TILE + end)) end++
      if (end > start) paintSpan(mask, stroke, part.x + start, part.x + end, part.y + row, value)
      start = end
    }
  }
}
