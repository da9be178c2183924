import type { Metrics } from '#core/learning/events'
import { metricsOf, type Histogram, type PixelCounts } from '#core/learning/metrics'

/** Probabilities above this are foreground while training, and where no other threshold was tuned or chosen. */
export const THRESHOLD = 0.5

/** Quantised probabilities, and the thresholds between them: level / 256. */
const BINS = 256

/**
 * The threshold k/256, k = 1 … 255, at which the mIoU is greatest; of equal ones the nearest to 0.5, of those the
 * lower. Never worse than 0.5 itself on the same pixels.
 *
 * @param foreground How many of the label's foreground pixels have the quantised probability q (`quantise`), 256
 * counts, of one image or of several together.
 * @param background The same for the label's background pixels.
 * @returns The threshold, and the metrics of these pixels at it.
 */
export function tuneThreshold(
  foreground: ArrayLike<number>,
  background: ArrayLike<number>
): { threshold: number; metrics: Metrics } {
  const counts: PixelCounts = { tp: 0, fp: 0, fn: sum(foreground), tn: sum(background) }
  let best: Metrics | null = null
  for (let level = BINS - 1; level >= 1; level--) {
    counts.tp += foreground[level]!
    counts.fn -= foreground[level]!
    counts.fp += background[level]!
    counts.tn -= background[level]!
    const metrics = metricsOf(counts, level / BINS)
    if (!best || metrics.mIoU > best.mIoU || (metrics.mIoU === best.mIoU && isNearer(metrics, best))) {
      best = metrics
    }
  }
  return { threshold: best!.threshold, metrics: best! }
}

/** The counts of several images together, as `tuneThreshold` takes them. */
export function poolHistograms(histograms: Histogram[]): { foreground: number[]; background: number[] } {
  const pooled = { foreground: Array<number>(BINS).fill(0), background: Array<number>(BINS).fill(0) }
  for (const { foreground, background } of histograms) {
    for (let q = 0; q < BINS; q++) {
      pooled.foreground[q]! += foreground[q]!
      pooled.background[q]! += background[q]!
    }
  }
  return pooled
}

/** Whether `a`, which is the lower threshold, is at least as near to 0.5. */
function isNearer(a: Metrics, b: Metrics): boolean {
  return Math.abs(a.threshold - THRESHOLD) <= Math.abs(b.threshold - THRESHOLD)
}

function sum(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((total, count) => total + count, 0)
}
