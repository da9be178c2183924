import { describe, expect, test } from 'vitest'
import { countPixels, countsAt, histogramOf, metricsOf, sumCounts } from '#core/learning/metrics'
import { quantise } from '#core/learning/quantise'
import { createRandom } from '#core/learning/random'

const counts = (tp: number, fp: number, fn: number, tn: number) => ({ tp, fp, fn, tn })

describe('metrics of counts', () => {
  test.each([
    // tp fp fn tn, then iou1 iou0 mIoU precision recall
    ['a mixed case', [6, 2, 4, 8], [6 / 12, 8 / 14, (6 / 12 + 8 / 14) / 2, 6 / 8, 6 / 10]],
    ['always background on 40 % foreground', [0, 0, 40, 60], [0, 0.6, 0.3, 0, 0]],
    ['always foreground on 40 % foreground', [40, 60, 0, 0], [0.4, 0, 0.2, 0.4, 1]],
    ['everything right', [3, 0, 0, 7], [1, 1, 1, 1, 1]],
    ['everything wrong', [0, 7, 3, 0], [0, 0, 0, 0, 0]],
    ['empty label, empty prediction', [0, 0, 0, 10], [1, 1, 1, 1, 1]],
    ['empty label, some prediction', [0, 1, 0, 9], [0, 0.9, 0.45, 0, 0]],
    ['full label, full prediction', [10, 0, 0, 0], [1, 1, 1, 1, 1]],
    ['full label, some of it predicted', [9, 0, 1, 0], [0.9, 0, 0.45, 1, 0.9]],
    ['nothing known', [0, 0, 0, 0], [1, 1, 1, 1, 1]]
  ] as const)('%s', (_, [tp, fp, fn, tn], [iou1, iou0, mIoU, precision, recall]) => {
    const metrics = metricsOf(counts(tp, fp, fn, tn), 0.5)
    expect(metrics.threshold).toBe(0.5)
    for (const [name, value] of Object.entries({ iou1, iou0, mIoU, precision, recall })) {
      expect(metrics[name as 'iou1'], name).toBeCloseTo(value, 12)
    }
  })
})

describe('counting', () => {
  test('leaves unknown pixels out and calls p = threshold background', () => {
    const p = Float32Array.of(0.9, 0.9, 0.5, 0.5, 0.1, 0.1, 0.9, 0.1)
    const label = Uint8Array.of(1, 0, 1, 0, 1, 0, 2, 2)
    expect(countPixels(p, label, 0.5)).toEqual(counts(1, 1, 2, 2))
  })

  test('sums images', () => {
    expect(sumCounts([counts(1, 2, 3, 4), counts(10, 20, 30, 40)])).toEqual(counts(11, 22, 33, 44))
    expect(sumCounts([])).toEqual(counts(0, 0, 0, 0))
  })

  test('from the histogram of quantised probabilities is exactly counting the probabilities', () => {
    const random = createRandom(1, 'histogram')
    // Every third value lies on a threshold exactly.
    const p = Float32Array.from({ length: 3000 }, (_, i) =>
      i % 3 ? random.uniform() : random.integer(257) / 256
    )
    const label = Uint8Array.from(p, () => random.integer(3))
    const histogram = histogramOf(quantise(p), label)
    for (let level = 1; level <= 255; level++) {
      expect(countsAt(histogram, level)).toEqual(countPixels(p, label, level / 256))
    }
  })
})
