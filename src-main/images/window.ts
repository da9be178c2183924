/**
 * The range of sample values that is shown and learned from, for images of more than 8 bits: `low` becomes
 * black, `high` white, in the image's own units.
 */
export interface PixelWindow {
  low: number
  high: number
}

/** The share of the darkest and of the brightest samples that may saturate. */
const TAIL = 0.001

/**
 * A window that shows nearly all of an image and is not thrown off by a few dead or glowing pixels: from the
 * 0.1th to the 99.9th percentile. An image of one value gets a window that is one unit wide.
 */
export function robustWindow(samples: Float32Array): PixelWindow {
  const sorted = samples.toSorted()
  const last = sorted.length - 1
  const low = sorted[Math.floor(TAIL * last)]!
  const high = sorted[Math.ceil((1 - TAIL) * last)]!
  return { low, high: high > low ? high : low + 1 }
}
