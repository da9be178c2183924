import { connectedComponents } from '#core/mask/components'
import { FOREGROUND } from '#core/mask/values'

/** One connected component of a label's foreground, in pixels. */
export interface LabelObject {
  /**
   * The diameter of the largest disc that fits into it, give or take a pixel: a line is as wide as it is
   * thick, however long, and objects that touch do not count as one wide one.
   */
  width: number
  area: number
}

/**
 * The objects of a label. What the image's edge cuts goes on outside of it.
 *
 * @param label `[height, width]`, three-valued mask.
 */
export function objectsOf(label: Uint8Array, width: number, height: number): LabelObject[] {
  const { labels, sizes } = connectedComponents(
    label.map((value) => (value === FOREGROUND ? 1 : 0)),
    width,
    height
  )
  const distances = distancesInside(labels, width, height)
  const deepest = new Float64Array(sizes.length + 1)
  for (let i = 0; i < labels.length; i++) {
    if (distances[i]! > deepest[labels[i]!]!) deepest[labels[i]!] = distances[i]!
  }
  return sizes.map((area, i) => ({
    // A disc's centre lies on a pixel where the width is odd and between two where it is even, hence the half.
    width: Math.min(2 * deepest[i + 1]! - 0.5, width, height),
    area
  }))
}

/**
 * Of each pixel's centre to that of the nearest pixel outside of the objects: down the columns, then for each pixel
 * along its row, no farther than the best found so far.
 */
function distancesInside(labels: Int32Array, width: number, height: number): Float32Array {
  const far = width + height
  const upright = new Float32Array(labels.length)
  for (let x = 0; x < width; x++) {
    for (let at = x, distance = far; at < labels.length; at += width) {
      distance = labels[at] ? distance + 1 : 0
      upright[at] = distance
    }
    for (let at = labels.length - width + x, distance = far; at >= 0; at -= width) {
      distance = labels[at] ? distance + 1 : 0
      upright[at] = Math.min(upright[at]!, distance)
    }
  }
  return upright.map((straight, at) => {
    const x = at % width
    let least = straight ** 2
    for (let aside = 1; aside ** 2 < least && aside < width; aside++) {
      if (aside <= x) least = Math.min(least, upright[at - aside]! ** 2 + aside ** 2)
      if (aside < width - x) least = Math.min(least, upright[at + aside]! ** 2 + aside ** 2)
    }
    return Math.sqrt(least)
  })
}
