/** The share of an image's values that is left out at either end: hot pixels and dust are no measure. */
const CUTOFF = 0.005
/** Values that lie closer together than this are noise about one value, which is not blown up. */
const LEAST_RANGE = 8

/** The darkest and the brightest value of an image, 0 to 255. */
export interface Range {
  low: number
  high: number
}

/** @param image `[height, width, 3]`; all channels count together, so that colours stay what they are. */
export function rangeOf(image: Uint8Array): Range {
  const counts = new Uint32Array(256)
  for (let i = 0; i < image.length; i++) counts[image[i]!]!++
  return rangeOfCounts(counts, CUTOFF)
}

/**
 * The darkest and the brightest value that are left where a share of all values is left out at either end.
 *
 * @param counts `[256]`, how often each value occurs.
 */
export function rangeOfCounts(counts: Uint32Array, cutoff: number): Range {
  const most = cutoff * counts.reduce((sum, count) => sum + count, 0)
  let [low, high] = [0, 255]
  for (let below = counts[0]!; below <= most && low < 255; below += counts[low]!) low++
  for (let above = counts[255]!; above <= most && high > low; above += counts[high]!) high--
  return { low, high }
}

/**
 * An image with its full contrast: its darkest half per cent becomes black, its brightest white, and what lies between
 * is spread evenly (the histogram's percentile stretch). Images of another exposure then look alike to a network. Pure
 * arithmetic, so that the app and an exported model agree.
 *
 * @param image `[height, width, 3]`, as the network sees it, before it is cut into tiles.
 */
export function autoContrast(image: Uint8Array): Uint8Array {
  const { low, high } = rangeOf(image)
  const span = Math.max(LEAST_RANGE, high - low)
  const spread = Uint8ClampedArray.from({ length: 256 }, (_, value) =>
    Math.floor((255 * (value - low)) / span + 0.5)
  )
  return Uint8Array.from(image, (value) => spread[value]!)
}
