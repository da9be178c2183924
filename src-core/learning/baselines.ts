import type { Baselines } from '#core/learning/events'
import { countPixels, metricsOf, sumCounts } from '#core/learning/metrics'
import type { Sample } from '#core/learning/sample'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

type Labelled = Pick<Sample, 'label'>

/** Probabilities above this are foreground. */
const THRESHOLD = 0.5

/**
 * Validation mIoU of three models that never look at the image: background everywhere, foreground everywhere,
 * and the mean of the training labels.
 *
 * @param train Samples of one size; a pixel that is unknown in all of them counts as background.
 * @param validation Samples of the same size.
 */
export function baselinesOf(train: Labelled[], validation: Labelled[]): Baselines {
  const pixels = (train[0] ?? validation[0])?.label.length ?? 0
  const score = (p: Float32Array) =>
    metricsOf(sumCounts(validation.map(({ label }) => countPixels(p, label, THRESHOLD))), THRESHOLD).mIoU
  return {
    background: score(new Float32Array(pixels)),
    foreground: score(new Float32Array(pixels).fill(1)),
    meanMask: score(meanMask(train, pixels))
  }
}

/** Per pixel the share of foreground among the samples where it is known. */
function meanMask(samples: Labelled[], pixels: number): Float32Array {
  const foreground = new Float32Array(pixels)
  const known = new Float32Array(pixels)
  for (const { label } of samples) {
    for (let i = 0; i < pixels; i++) {
      if (label[i] === UNKNOWN) continue
      known[i]!++
      if (label[i] === FOREGROUND) foreground[i]!++
    }
  }
  return foreground.map((count, i) => count / Math.max(1, known[i]!))
}
