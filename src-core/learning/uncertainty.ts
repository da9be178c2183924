import { metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import { bootstrapInterval, type Interval } from '#core/learning/statistics'

/**
 * How far the pooled mIoU might be another one with other images of the same kind. Images are drawn, not pixels, since
 * the pixels of an image are anything but independent. The same counts give the same interval.
 *
 * @param images Pixels of each image by prediction and label.
 * @returns null for fewer than two images, of which nothing can be said.
 */
export function mIoUInterval(images: readonly PixelCounts[]): Interval | null {
  return bootstrapInterval(
    images.length,
    (indices) => metricsOf(sumCounts(indices.map((i) => images[i]!)), 0.5).mIoU
  )
}
