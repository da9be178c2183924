import type { Baselines } from '#core/learning/events'
import { square } from '#core/learning/frame'
import { countPixels, metricsOf, sumCounts } from '#core/learning/metrics'
import { enlargeProbabilities, resampleLabel } from '#core/learning/resample'
import type { Sample } from '#core/learning/sample'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

type Labelled = Pick<Sample, 'label' | 'width' | 'height'>

/** Probabilities above this are foreground. */
const THRESHOLD = 0.5

/**
 * Validation mIoU of three models that never look at the image: background everywhere, foreground everywhere,
 * and the mean of the training labels.
 *
 * @param train A pixel that is unknown in all of them counts as background.
 * @param size Edge of the grid on which the training labels are averaged, each stretched to it; the mean is stretched
 * to every validation frame.
 */
export function baselinesOf(train: Labelled[], validation: Labelled[], size: number): Baselines {
  const score = (probabilitiesOf: (sample: Labelled) => Float32Array) =>
    metricsOf(
      sumCounts(validation.map((sample) => countPixels(probabilitiesOf(sample), sample.label, THRESHOLD))),
      THRESHOLD
    ).mIoU
  const mean = meanMask(train, size)
  return {
    background: score(({ label }) => new Float32Array(label.length)),
    foreground: score(({ label }) => new Float32Array(label.length).fill(1)),
    meanMask: score((sample) => enlargeProbabilities(mean, square(size), sample))
  }
}

/** Per pixel of the grid the share of foreground among the samples where it is known. */
function meanMask(samples: Labelled[], size: number): Float32Array {
  const foreground = new Float32Array(size * size)
  const known = new Float32Array(size * size)
  for (const { label, width, height } of samples) {
    const stretched = resampleLabel(label, width, height, square(size))
    for (let i = 0; i < stretched.length; i++) {
      if (stretched[i] === UNKNOWN) continue
      known[i]!++
      if (stretched[i] === FOREGROUND) foreground[i]!++
    }
  }
  return foreground.map((count, i) => count / Math.max(1, known[i]!))
}
