import { describe, expect, it } from 'vitest'
import { countPixels, histogramOf, metricsOf } from '#core/learning/metrics'
import { quantise } from '#core/learning/quantise'
import { createRandom } from '#core/learning/random'
import { poolHistograms, tuneThreshold } from '#core/learning/threshold'

/** 256 counts from a few of them, by quantised probability. */
function bins(counts: Record<number, number>): number[] {
  return Array.from({ length: 256 }, (_, q) => counts[q] ?? 0)
}

describe('the threshold of the greatest mIoU', () => {
  it.each([
    ['between two classes that are apart, as near to 0.5 as it gets', { 60: 5 }, { 20: 9 }, 60 / 256, 1],
    ['0.5 where it is one of many', { 200: 5 }, { 20: 9 }, 0.5, 1],
    ['above background that is sure of itself', { 250: 5 }, { 200: 9 }, 201 / 256, 1],
    [
      'the lower one of two that are equally far from 0.5',
      { 200: 2, 127: 1, 20: 1 },
      { 200: 1, 128: 1, 20: 2 },
      127 / 256,
      (3 / 6 + 2 / 5) / 2
    ],
    ['0.5 where the label has no foreground and nothing is predicted', {}, { 3: 9 }, 0.5, 1],
    ['above all predictions where the label has no foreground', {}, { 3: 9, 199: 1 }, 200 / 256, 1],
    ['0.5 where the label is all foreground and all is found there', { 180: 9 }, {}, 0.5, 1],
    ['below all predictions where the label is all foreground', { 30: 1, 180: 9 }, {}, 30 / 256, 1],
    ['0.5 where nothing is known', {}, {}, 0.5, 1],
    ['0.5 where one probability stands for everything above it', { 128: 4 }, { 127: 4 }, 0.5, 1]
  ])('is %s', (_, foreground, background, threshold, mIoU) => {
    const tuned = tuneThreshold(bins(foreground), bins(background))
    expect(tuned.threshold).toBe(threshold)
    expect(tuned.metrics.threshold).toBe(threshold)
    expect(tuned.metrics.mIoU).toBe(mIoU)
  })

  it('is found on several images together', () => {
    const label = Uint8Array.of(1, 1, 0, 0, 2)
    const images = [Float32Array.of(0.9, 0.8, 0.6, 0.1, 0.7), Float32Array.of(0.7, 0.3, 0.65, 0.2, 0.1)]
    const { foreground, background } = poolHistograms(images.map((p) => histogramOf(quantise(p), label)))
    const { threshold, metrics } = tuneThreshold(foreground, background)
    const together = countPixels(
      Float32Array.from(images.flatMap((p) => [...p])),
      Uint8Array.of(...label, ...label),
      threshold
    )
    expect(together).toEqual({ tp: 3, fp: 0, fn: 1, tn: 4 })
    expect(metrics).toEqual(metricsOf(together, threshold))
  })

  it('separates nothing that has the same probability', () => {
    // Neither everything nor nothing is right; to say background costs the smaller class only.
    const { threshold, metrics } = tuneThreshold(bins({ 128: 1 }), bins({ 128: 9 }))
    expect(threshold).toBe(129 / 256)
    expect(metrics).toEqual({ threshold, mIoU: 0.45, iou1: 0, iou0: 0.9, precision: 0, recall: 0 })
  })

  it('has the metrics that counting the pixels at that threshold gives, and no threshold has better ones', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed, 'threshold')
      const label = Uint8Array.from({ length: 400 }, () => random.integer(3))
      const lean = random.uniform() - 0.5
      const p = Float32Array.from(label, (value) =>
        Math.min(1, Math.max(0, 0.3 * value + lean + 0.7 * random.uniform()))
      )
      const { foreground, background } = histogramOf(quantise(p), label)
      const { threshold, metrics } = tuneThreshold(foreground, background)
      expect(metrics).toEqual(metricsOf(countPixels(p, label, threshold), threshold))
      for (let level = 1; level < 256; level++) {
        const other = metricsOf(countPixels(p, label, level / 256), level / 256)
        expect(metrics.mIoU).toBeGreaterThanOrEqual(other.mIoU)
      }
    }
  })
})
