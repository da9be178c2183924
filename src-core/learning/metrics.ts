import type { Metrics } from '#core/learning/events'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** Known pixels by prediction and label: true and false positives, false and true negatives. */
export interface PixelCounts {
  tp: number
  fp: number
  fn: number
  tn: number
}

/**
 * Counts of one image or of several laid end to end; unknown pixels are left out.
 *
 * @param p Foreground probabilities, one per pixel; p > threshold predicts foreground.
 * @param label Three-valued mask, as long as `p`.
 */
export function countPixels(p: Float32Array, label: Uint8Array, threshold: number): PixelCounts {
  // By label, then by prediction: one index instead of four branches per pixel.
  const counts = new Float64Array(6)
  for (let i = 0; i < label.length; i++) counts[2 * label[i]! + (p[i]! > threshold ? 1 : 0)]!++
  return { tn: counts[0]!, fp: counts[1]!, fn: counts[2]!, tp: counts[3]! }
}

/** How many known pixels have each quantised probability, 256 bins each, by label. */
export interface Histogram {
  foreground: Uint32Array
  background: Uint32Array
}

/**
 * @param quantised Probabilities from `quantise`, one per pixel.
 * @param label Three-valued mask, as long as `quantised`.
 */
export function histogramOf(quantised: Uint8Array, label: Uint8Array): Histogram {
  const histogram = { foreground: new Uint32Array(256), background: new Uint32Array(256) }
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const bins = label[i] === FOREGROUND ? histogram.foreground : histogram.background
    bins[quantised[i]!]!++
  }
  return histogram
}

/** The counts at the threshold `level` / 256, level 1 … 255: exactly those of p > level / 256. */
export function countsAt(histogram: Histogram, level: number): PixelCounts {
  const from = (bins: Uint32Array, start: number, end: number) =>
    bins.subarray(start, end).reduce((sum, count) => sum + count, 0)
  return {
    tp: from(histogram.foreground, level, 256),
    fp: from(histogram.background, level, 256),
    fn: from(histogram.foreground, 0, level),
    tn: from(histogram.background, 0, level)
  }
}

/** The counts of several images together. */
export function sumCounts(counts: Iterable<PixelCounts>): PixelCounts {
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 }
  for (const { tp, fp, fn, tn } of counts) {
    sum.tp += tp
    sum.fp += fp
    sum.fn += fn
    sum.tn += tn
  }
  return sum
}

/**
 * IoU of both classes, their mean, precision and recall of the foreground. Where a ratio is 0 / 0: 1 if label
 * and prediction are both empty of the class, 0 if one of them is not.
 *
 * @param threshold The threshold of the counts, carried along.
 */
export function metricsOf({ tp, fp, fn, tn }: PixelCounts, threshold: number): Metrics {
  const iou1 = ratio(tp, tp + fp + fn, 1)
  const iou0 = ratio(tn, tn + fp + fn, 1)
  const neither = fp + fn === 0 ? 1 : 0
  return {
    threshold,
    mIoU: (iou1 + iou0) / 2,
    iou1,
    iou0,
    precision: ratio(tp, tp + fp, neither),
    recall: ratio(tp, tp + fn, neither)
  }
}

function ratio(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : part / whole
}
