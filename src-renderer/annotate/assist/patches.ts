import type { Point, Region } from '#core/mask/paint'
import type { Patches } from './protocol'

/** The superpixel at a place of the image; null where there is none. */
export function patchAt({ area, factor, width, labels }: Patches, { x, y }: Point): number | null {
  if (x < area.x || y < area.y || x >= area.x + area.width || y >= area.y + area.height) return null
  const column = Math.floor((x - area.x) / factor)
  const row = Math.floor((y - area.y) / factor)
  return labels[row * width + column]!
}

/** The pixels of the image that a superpixel covers. */
export function patchRegion({ area, factor, width, labels, boxes }: Patches, patch: number): Region {
  const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => boxes[patch * 4 + side]!) as [
    number,
    number,
    number,
    number
  ]
  const region = {
    x: area.x + left * factor,
    y: area.y + top * factor,
    width: Math.min(area.width, right * factor) - left * factor,
    height: Math.min(area.height, bottom * factor) - top * factor
  }
  const pixels = new Uint8Array(region.width * region.height)
  for (let y = 0, to = 0; y < region.height; y++) {
    const row = (top + Math.floor(y / factor)) * width + left
    for (let x = 0; x < region.width; x++, to++) {
      if (labels[row + Math.floor(x / factor)] === patch) pixels[to] = 1
    }
  }
  return { ...region, pixels }
}
