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
/** Nearly all samples but what makes a few per cent of an image: hot pixels, and small objects as well. */
const BULK_TAIL = 0.05
/** A range so many times as wide as that of what is in it leaves this too few shades. */
const TOO_WIDE = 4

/**
 * A window that shows nearly all of an image and is not thrown off by a few dead or glowing pixels: from the
 * 0.1th to the 99.9th percentile. An image of one value gets a window that is one unit wide.
 */
export function robustWindow(samples: Float32Array): PixelWindow {
  const { low, high } = between(samples.toSorted(), TAIL)
  return { low, high: high > low ? high : low + 1 }
}

/** Whether nearly all of an image lies in so small a part of its window that it cannot be seen. */
export function mayHideImage(window: PixelWindow, samples: Float32Array): boolean {
  return isTooWide(window, between(samples.toSorted(), BULK_TAIL))
}

/**
 * A window without the pixels that stand alone, where these are what makes it too wide; otherwise the window as it is.
 *
 * @param calm Samples of the same image through a median filter, which has no pixel that stands alone.
 */
export function windowWithoutSpecks(window: PixelWindow, calm: Float32Array): PixelWindow {
  const range = between(calm.toSorted(), TAIL)
  return range.high > range.low && isTooWide(window, range) ? range : window
}

function isTooWide(window: PixelWindow, content: PixelWindow): boolean {
  return window.high - window.low > TOO_WIDE * (content.high - content.low)
}

/** The range that is left without a share of the samples at either end. */
function between(sorted: Float32Array, share: number): PixelWindow {
  const last = sorted.length - 1
  return { low: sorted[Math.floor(share * last)]!, high: sorted[Math.ceil((1 - share) * last)]! }
}
