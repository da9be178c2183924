import type { Rectangle } from '#core/mask/tiles'

/**
 * A large picture as tiles at several scales: level 0 is the picture itself, a pixel of each further level is the mean
 * of 2 × 2 of the one before. A level is cut into squares, row by row, the last ones narrower. The last level is
 * one tile. Host and window compute the same from an image's size.
 */

/** Height and width of a tile in its level's pixels: a screen takes some thirty of them. */
export const PICTURE_TILE = 512

/**
 * Pictures of more pixels are shown by tiles. As one picture of 4 bytes a pixel this is 96 MiB, which a browser still
 * draws without stumbling, and the 24 megapixels of the usual large sensor are below; the next larger ones have 33.
 */
export const LARGE_PIXELS = 1.5 * 2 ** 24

export interface PictureSize {
  width: number
  height: number
}

/** One tile of a level. */
export interface PictureTile {
  level: number
  column: number
  row: number
}

/** Whether an image is shown by tiles. */
export function isLarge({ width, height }: PictureSize): boolean {
  return width * height > LARGE_PIXELS
}

/** How many levels there are, at least one. */
export function levelCount({ width, height }: PictureSize): number {
  return 1 + Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / PICTURE_TILE)))
}

/** Pixels of a level. The last row and column may stand for pixels that the image does not have. */
export function levelSize({ width, height }: PictureSize, level: number): PictureSize {
  return { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) }
}

/** The part of its level that a tile shows, in the level's pixels. */
export function tileInLevel(size: PictureSize, { level, column, row }: PictureTile): Rectangle {
  const { width, height } = levelSize(size, level)
  const [x, y] = [column * PICTURE_TILE, row * PICTURE_TILE]
  return { x, y, width: Math.min(PICTURE_TILE, width - x), height: Math.min(PICTURE_TILE, height - y) }
}

/** The part of the image that a tile shows, in the image's pixels. */
export function tileInImage(size: PictureSize, { level, column, row }: PictureTile): Rectangle {
  const side = PICTURE_TILE * 2 ** level
  const [x, y] = [column * side, row * side]
  return { x, y, width: Math.min(side, size.width - x), height: Math.min(side, size.height - y) }
}

/** Whether an image has such a tile. */
export function hasTile(size: PictureSize, { level, column, row }: PictureTile): boolean {
  if (![level, column, row].every((number) => Number.isInteger(number) && number >= 0)) return false
  if (level >= levelCount(size)) return false
  const { width, height } = levelSize(size, level)
  return column * PICTURE_TILE < width && row * PICTURE_TILE < height
}

/** The coarsest level that is at least as fine as the screen, at so many pixels of the screen per pixel of the image. */
export function levelFor(size: PictureSize, screenScale: number): number {
  // At exactly 1/2 or 1/4 rounding must not ask for the finer one.
  const level = Math.floor(-Math.log2(screenScale) + 1e-9)
  return Math.min(levelCount(size) - 1, Math.max(0, level))
}

/** The tiles of a level that show some of a part of the image, row by row. `area` in pixels of the image. */
export function tilesUnder(size: PictureSize, level: number, area: Rectangle): PictureTile[] {
  const side = PICTURE_TILE * 2 ** level
  const first = (start: number) => Math.max(0, Math.floor(start / side))
  const end = (start: number, length: number, whole: number) =>
    Math.ceil(Math.min(whole, start + length) / side)
  const tiles: PictureTile[] = []
  for (let row = first(area.y); row < end(area.y, area.height, size.height); row++) {
    for (let column = first(area.x); column < end(area.x, area.width, size.width); column++) {
      tiles.push({ level, column, row })
    }
  }
  return tiles
}

/** Every tile, the finest level first. */
export function allTiles(size: PictureSize): PictureTile[] {
  return Array.from({ length: levelCount(size) }, (_, level) =>
    tilesUnder(size, level, { x: 0, y: 0, ...size })
  ).flat()
}

/** The tile of the next coarser level that shows the same place. */
export function parentOf({ level, column, row }: PictureTile): PictureTile {
  return { level: level + 1, column: column >> 1, row: row >> 1 }
}

/** The address of a tile below that of its image's tiles. */
export function tilePath({ level, column, row }: PictureTile): string {
  return `${level}/${column}/${row}`
}
