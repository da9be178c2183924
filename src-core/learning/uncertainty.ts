import { metricsOf, type PixelCounts } from '#core/learning/metrics'
import { createRandom } from '#core/learning/random'

/** Resamples of a bootstrap; the ends of its interval then wobble by about a hundredth of its width. */
const RESAMPLES = 2000

/** A range that holds a number with 95 % confidence. */
export interface Interval {
  low: number
  high: number
}

/**
 * How far the pooled mIoU might be another one with other images of the same kind: the middle 95 % of what comes out
 * when as many images are drawn with replacement (the percentile bootstrap of Efron, 1979). Images are drawn, not
 * pixels, since the pixels of an image are anything but independent. The same counts give the same interval.
 *
 * @param images Pixels of each image by prediction and label.
 * @returns null for fewer than two images, of which nothing can be said.
 */
export function bootstrapInterval(images: readonly PixelCounts[]): Interval | null {
  if (images.length < 2) return null
  const random = createRandom(0, 'bootstrap')
  const scores = Float64Array.from({ length: RESAMPLES }, () => {
    const pooled = { tp: 0, fp: 0, fn: 0, tn: 0 }
    for (let i = 0; i < images.length; i++) {
      const { tp, fp, fn, tn } = images[random.integer(images.length)]!
      pooled.tp += tp
      pooled.fp += fp
      pooled.fn += fn
      pooled.tn += tn
    }
    return metricsOf(pooled, 0.5).mIoU
  }).sort()
  const quantile = (share: number) => scores[Math.round(share * (RESAMPLES - 1))]!
  return { low: quantile(0.025), high: quantile(0.975) }
}
