import {
  levelCount,
  levelFor,
  PICTURE_TILE,
  tileInImage,
  tilesUnder,
  type PictureTile
} from '#core/picture/pyramid'
import type { Rectangle } from '#core/mask/tiles'
import type { Size } from '../view'
import { partInSight, type Sight } from './picture'

/** This much coarser are the tiles that come first: few, and soon there for all that is in sight. */
const COARSER = 2

export interface TilePlan {
  /** The tiles to draw: those of one level that are in sight. */
  seen: PictureTile[]
  /** What is worth being loaded, the most urgent first: coarse ones, those in sight, and those around. */
  wanted: PictureTile[]
}

/** Which tiles a look at an image takes. */
export function planTiles(size: Size, sight: Sight): TilePlan {
  const part = partInSight(size, sight)
  if (part.width === 0 || part.height === 0) return { seen: [], wanted: [] }
  const level = levelFor(size, sight.view.scale * sight.ratio)
  const seen = tilesUnder(size, level, part)
  const coarse = tilesUnder(size, Math.min(levelCount(size) - 1, level + COARSER), part)
  const side = PICTURE_TILE * 2 ** level
  const around = tilesUnder(size, level, {
    x: part.x - side / 2,
    y: part.y - side / 2,
    width: part.width + side,
    height: part.height + side
  })
  const near = around.sort((a, b) => distance(size, a, part) - distance(size, b, part))
  const names = new Set<string>()
  const wanted = [...coarse, ...near].filter(({ level, column, row }) => {
    const name = `${level} ${column} ${row}`
    return !names.has(name) && names.add(name)
  })
  return { seen, wanted }
}

/** From the middle of a tile to the middle of what is in sight, in the image's pixels. */
function distance(size: Size, tile: PictureTile, part: Rectangle): number {
  const { x, y, width, height } = tileInImage(size, tile)
  return Math.hypot(x + width / 2 - part.x - part.width / 2, y + height / 2 - part.y - part.height / 2)
}
