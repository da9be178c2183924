import type { Region } from '../paint'
import type { Picture } from './picture'

/** The greatest tolerance: everything is within it. */
export const MAX_TOLERANCE = 255

/** What a press of the magic wand reaches, at any tolerance. */
export interface Wand {
  /**
   * The pixels whose colour is within the tolerance of the colour at the place pressed. Asking again for a smaller
   * tolerance costs the reading of the region only; for a larger one the search goes on where it had stopped.
   *
   * @param tolerance 0 (that very colour) to 255 (everything).
   */
  reach(tolerance: number): Region
}

/**
 * A press of the magic wand. Two colours are as far apart as the channel in which they differ most (0 to 255): the
 * tolerance that image editors have, whole numbers, and the same in the dark as in the light, where a perceptual
 * distance would make of a micrograph's dark noise the largest differences of all. Alpha is ignored.
 *
 * Contiguous, a pixel's level is the least tolerance at which a path over sides leads to it; the levels are found in
 * their order by one bucket queue (Dial 1969, with the maximum in place of the sum, as in the minimax path of
 * Pollack 1960), so that the region at every tolerance follows from one search.
 *
 * @param x Of the pixel pressed; inside of the picture.
 * @param contiguous Only what is connected with that pixel; otherwise all pixels of the picture.
 */
export function createWand(picture: Picture, x: number, y: number, contiguous: boolean): Wand {
  const { width, height } = picture
  const boxes = createBoxes()
  // What has not been reached is beyond every tolerance; at the greatest one everything has been reached.
  const levels = new Uint8Array(width * height).fill(MAX_TOLERANCE)
  const differenceAt = differenceFrom(picture, y * width + x)
  const search = contiguous
    ? searchConnected(width, height, y * width + x, differenceAt, levels, boxes)
    : searchAll(width, height, differenceAt, levels, boxes)
  return {
    reach(tolerance) {
      search(tolerance)
      const area = boxes.upTo(tolerance)
      const pixels = new Uint8Array(area.width * area.height)
      for (let row = 0, to = 0; row < area.height; row++) {
        const from = (area.y + row) * width + area.x
        for (let i = 0; i < area.width; i++) pixels[to++] = levels[from + i]! <= tolerance ? 1 : 0
      }
      return { ...area, pixels }
    }
  }
}

function differenceFrom({ data }: Picture, pixel: number): (pixel: number) => number {
  const red = data[pixel * 4]!
  const green = data[pixel * 4 + 1]!
  const blue = data[pixel * 4 + 2]!
  return (other) =>
    Math.max(
      Math.abs(data[other * 4]! - red),
      Math.abs(data[other * 4 + 1]! - green),
      Math.abs(data[other * 4 + 2]! - blue)
    )
}

/** A link of the queue's lists that stands for no pixel: the pixel is new, or it is the last of its list. */
const NEW = 0
const LAST = 1

function searchConnected(
  width: number,
  height: number,
  start: number,
  differenceAt: (pixel: number) => number,
  levels: Uint8Array,
  boxes: Boxes
): (tolerance: number) => void {
  /** One list of pixels per level: its first, and of each pixel the one after it, plus 2. */
  const first = new Int32Array(MAX_TOLERANCE + 1).fill(LAST)
  const links = new Int32Array(width * height)
  let level = 0

  function reachPixel(pixel: number, x: number, y: number): void {
    if (links[pixel] !== NEW) return
    const own = Math.max(level, differenceAt(pixel))
    levels[pixel] = own
    links[pixel] = first[own]!
    first[own] = pixel + 2
    boxes.include(own, x, y)
  }

  reachPixel(start, start % width, Math.floor(start / width))
  return (tolerance) => {
    while (level <= tolerance) {
      const link = first[level]!
      if (link === LAST) {
        if (level === tolerance) return
        level++
        continue
      }
      const pixel = link - 2
      first[level] = links[pixel]!
      const x = pixel % width
      const y = (pixel - x) / width
      if (x > 0) reachPixel(pixel - 1, x - 1, y)
      if (x + 1 < width) reachPixel(pixel + 1, x + 1, y)
      if (y > 0) reachPixel(pixel - width, x, y - 1)
      if (y + 1 < height) reachPixel(pixel + width, x, y + 1)
    }
  }
}

function searchAll(
  width: number,
  height: number,
  differenceAt: (pixel: number) => number,
  levels: Uint8Array,
  boxes: Boxes
): () => void {
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      levels[pixel] = differenceAt(pixel)
      boxes.include(levels[pixel]!, x, y)
    }
  }
  return () => undefined
}

/** The smallest rectangle around the pixels of each level. */
interface Boxes {
  include(level: number, x: number, y: number): void
  /** Around all pixels up to a level, of which there is at least one. */
  upTo(level: number): { x: number; y: number; width: number; height: number }
}

function createBoxes(): Boxes {
  const left = new Int32Array(MAX_TOLERANCE + 1).fill(0x7fffffff)
  const top = left.slice()
  const right = new Int32Array(MAX_TOLERANCE + 1).fill(-1)
  const bottom = right.slice()
  return {
    include(level, x, y) {
      if (x < left[level]!) left[level] = x
      if (x > right[level]!) right[level] = x
      if (y < top[level]!) top[level] = y
      if (y > bottom[level]!) bottom[level] = y
    },
    upTo(level) {
      const x = Math.min(...left.subarray(0, level + 1))
      const y = Math.min(...top.subarray(0, level + 1))
      return {
        x,
        y,
        width: Math.max(...right.subarray(0, level + 1)) + 1 - x,
        height: Math.max(...bottom.subarray(0, level + 1)) + 1 - y
      }
    }
  }
}
