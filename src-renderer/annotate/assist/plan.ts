import type { Point } from '#core/mask/paint'
import type { Rectangle } from '#core/mask/tiles'
import { isLarge } from '#core/picture/pyramid'
import type { Size } from '../view'
import type { Scribble } from './protocol'

/** A part of the image, and how many of its pixels to each side are taken for one. */
export interface Part {
  area: Rectangle
  factor: number
}

/** So many pixels are looked at around a press of the wand. */
const WAND_PIXELS = 1 << 24

/** So many pixels are cut into superpixels at once: about a third of a second. */
const PATCH_PIXELS = 1.2e6

/** A patch has at least so many pixels to each side. */
const LEAST_PATCH = 5

/** So many pixels the smart fill looks at. */
const FILL_PIXELS = 1.5e6

/**
 * What a press of the wand can reach: the whole image, or of one with more pixels a square around the press. Of a large
 * image that is seen from afar, where such a square would end somewhere in sight, several pixels are taken for one, so
 * that it reaches as far as the person sees; from the same press at actual size it is exact.
 *
 * @param scale Pixels of the window per pixel of the image.
 */
export function wandPart(image: Size, at: Point, scale: number): Part {
  const pixels = image.width * image.height
  const wanted = isLarge(image) ? Math.ceil(Math.sqrt(pixels / WAND_PIXELS)) : 1
  const factor = Math.max(1, Math.min(wanted, Math.floor(1 / scale)))
  if (pixels <= WAND_PIXELS * factor * factor) return { area: { x: 0, y: 0, ...image }, factor }
  const side = Math.sqrt(WAND_PIXELS) * factor
  return { area: around(at, side, side, image), factor }
}

/**
 * Which part of the image is cut into superpixels when the pointer is at a place: all of it where it is small
 * enough, at a smaller scale where it is seen so and the patches are large enough for that, else what is around the
 * pointer.
 *
 * @param scale Pixels of the window per pixel of the image.
 * @param size About the side of a patch in pixels of the image.
 */
export function patchPart(image: Size, at: Point, scale: number, size: number): Part {
  const pixels = image.width * image.height
  const wanted = Math.ceil(Math.sqrt(pixels / PATCH_PIXELS))
  const factor = Math.max(1, Math.min(wanted, Math.floor(1 / scale), Math.floor(size / LEAST_PATCH)))
  if (pixels <= PATCH_PIXELS * factor * factor) return { area: { x: 0, y: 0, ...image }, factor }
  // As wide as screens are.
  const height = Math.sqrt((PATCH_PIXELS * factor * factor) / 1.5)
  return { area: around(at, height * 1.5, height, image), factor }
}

/** Whether a place lies well within a part, or where the image ends with it. */
export function isWithin({ area }: Part, at: Point, image: Size): boolean {
  const rim = Math.min(area.width, area.height) / 8
  return (
    (area.x === 0 || at.x >= area.x + rim) &&
    (area.y === 0 || at.y >= area.y + rim) &&
    (area.x + area.width === image.width || at.x < area.x + area.width - rim) &&
    (area.y + area.height === image.height || at.y < area.y + area.height - rim)
  )
}

/** What smart fill looks at: the scribbles and as much again to all sides. */
export function fillPart(image: Size, scribbles: readonly Scribble[]): Part {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { points, radius } of scribbles) {
    for (const { x, y } of points) {
      left = Math.min(left, x - radius)
      top = Math.min(top, y - radius)
      right = Math.max(right, x + radius)
      bottom = Math.max(bottom, y + radius)
    }
  }
  const margin = Math.max(32, right - left, bottom - top)
  const x = Math.min(image.width - 1, Math.max(0, Math.floor(left - margin)))
  const y = Math.min(image.height - 1, Math.max(0, Math.floor(top - margin)))
  const area = {
    x,
    y,
    width: Math.max(1, Math.min(image.width, Math.ceil(right + margin)) - x),
    height: Math.max(1, Math.min(image.height, Math.ceil(bottom + margin)) - y)
  }
  return { area, factor: Math.ceil(Math.sqrt((area.width * area.height) / FILL_PIXELS)) }
}

/** A rectangle of whole pixels around a place, moved into the image. */
function around(at: Point, width: number, height: number, image: Size): Rectangle {
  const columns = Math.min(image.width, Math.floor(width))
  const rows = Math.min(image.height, Math.floor(height))
  const within = (centre: number, length: number, room: number) =>
    Math.max(0, Math.min(room - length, Math.round(centre - length / 2)))
  return {
    x: within(at.x, columns, image.width),
    y: within(at.y, rows, image.height),
    width: columns,
    height: rows
  }
}
