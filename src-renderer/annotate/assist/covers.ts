import type { Superpixels } from '#core/mask/assist/superpixels'
import type { Picture } from '#core/mask/assist/picture'
import type { Region } from '#core/mask/paint'
import { pixelAt, type Mask, type Rectangle } from '#core/mask/tiles'
import { FOREGROUND } from '#core/mask/values'
import type { Cover } from './protocol'

/** Pixels of a cover at most; beyond, every second or third pixel of the region stands for its neighbours. */
const COVER_PIXELS = 1 << 20

const WHITE = 0xffffffff

/** A region as a picture: white where its pixels are, transparent elsewhere. */
export function coverOf({ pixels, ...area }: Region): Cover {
  const step = stepOf(area)
  const picture = emptyPicture(Math.ceil(area.width / step), Math.ceil(area.height / step))
  const colours = new Uint32Array(picture.data.buffer)
  for (let y = 0, to = 0; y < picture.height; y++) {
    for (let x = 0, from = y * step * area.width; x < picture.width; x++, from += step, to++) {
      if (pixels[from]) colours[to] = WHITE
    }
  }
  // The last row and column of a coarse picture may stick out of the region.
  return { area: { ...area, width: picture.width * step, height: picture.height * step }, picture }
}

/** The foreground of a part of a mask as a picture: white where it is, transparent elsewhere. */
export function coverOfMask(mask: Mask, area: Rectangle): Cover {
  const step = stepOf(area)
  const picture = emptyPicture(Math.ceil(area.width / step), Math.ceil(area.height / step))
  const colours = new Uint32Array(picture.data.buffer)
  for (let y = 0, to = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, to++) {
      if (pixelAt(mask, area.x + x * step, area.y + y * step) === FOREGROUND) colours[to] = WHITE
    }
  }
  return { area: { ...area, width: picture.width * step, height: picture.height * step }, picture }
}

/** Every how many-th pixel is looked at. */
function stepOf({ width, height }: Rectangle): number {
  return Math.max(1, Math.ceil(Math.sqrt((width * height) / COVER_PIXELS)))
}

/** Where superpixels end: white on the pixels left of and above an edge. */
export function outlinesOf({ labels, width, height }: Superpixels, area: Rectangle, factor: number): Cover {
  const picture = emptyPicture(width, height)
  const colours = new Uint32Array(picture.data.buffer)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const isEdge =
        (x + 1 < width && labels[at] !== labels[at + 1]) ||
        (y + 1 < height && labels[at] !== labels[at + width])
      if (isEdge) colours[at] = WHITE
    }
  }
  return { area: { ...area, width: width * factor, height: height * factor }, picture }
}

/** The left, top, right and bottom of each superpixel, right and bottom excluded. */
export function boxesOf({ labels, width, count }: Superpixels): Int32Array {
  const boxes = new Int32Array(count * 4)
  for (let k = 0; k < count; k++) boxes[k * 4] = boxes[k * 4 + 1] = 0x7fffffff
  for (let at = 0, x = 0, y = 0; at < labels.length; at++) {
    const box = labels[at]! * 4
    if (x < boxes[box]!) boxes[box] = x
    if (y < boxes[box + 1]!) boxes[box + 1] = y
    if (x >= boxes[box + 2]!) boxes[box + 2] = x + 1
    if (y >= boxes[box + 3]!) boxes[box + 3] = y + 1
    if (++x === width) [x, y] = [0, y + 1]
  }
  return boxes
}

function emptyPicture(width: number, height: number): Picture {
  return { width, height, data: new Uint8ClampedArray(width * height * 4) }
}
