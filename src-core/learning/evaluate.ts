import type { LossName } from '#core/learning/config'
import type { Metrics } from '#core/learning/events'
import { countPixels, metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import type { Sample } from '#core/learning/sample'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { CompiledNetwork } from '#core/network/engine'

/** A network's metrics on some images. */
export interface Evaluation {
  /** Over the pixels of all images together. */
  pooled: Metrics
  /** One entry per image, in the order given. */
  images: { imageId: number; metrics: Metrics }[]
}

/** A sample and the foreground probabilities `[size, size]` that the network gives its image. */
export interface Prediction<S> {
  sample: S
  probabilities: Float32Array
}

/**
 * Predicts sample after sample, `batch` of them at a time. Whoever takes the predictions may stop at any time.
 *
 * @param samples Images at the network's input size; at least one.
 */
export async function* predictAll<S extends Pick<Sample, 'image'>>(
  network: Pick<CompiledNetwork, 'predict'>,
  samples: S[],
  batch: number
): AsyncGenerator<Prediction<S>> {
  for (let start = 0; start < samples.length; start += batch) {
    const chosen = samples.slice(start, start + batch)
    const length = chosen[0]!.image.length
    const images = new Uint8Array(chosen.length * length)
    chosen.forEach(({ image }, i) => images.set(image, i * length))
    const p = await network.predict(images, chosen.length)
    const pixels = length / 3
    for (const [i, sample] of chosen.entries()) {
      yield { sample, probabilities: p.slice(i * pixels, (i + 1) * pixels) }
    }
  }
}

/** Metrics at a threshold, from fresh predictions of every sample. */
export async function evaluate(
  network: Pick<CompiledNetwork, 'predict'>,
  samples: Sample[],
  threshold: number,
  batch: number
): Promise<Evaluation> {
  const judged: { imageId: number; counts: PixelCounts }[] = []
  for await (const { sample, probabilities } of predictAll(network, samples, batch)) {
    judged.push({ imageId: sample.imageId, counts: countPixels(probabilities, sample.label, threshold) })
  }
  return evaluationOf(judged, threshold)
}

/** Metrics from the counts of every image at a threshold. */
export function evaluationOf(
  judged: { imageId: number; counts: PixelCounts }[],
  threshold: number
): Evaluation {
  return {
    pooled: metricsOf(sumCounts(judged.map(({ counts }) => counts)), threshold),
    images: judged.map(({ imageId, counts }) => ({ imageId, metrics: metricsOf(counts, threshold) }))
  }
}

/** Where a 32-bit probability is cut off before its logarithm. */
const SMALLEST = 1e-7

/**
 * A loss over a whole split, summed up image by image, from probabilities instead of logits: what a network
 * that only predicts can tell. Definitions as in `learning/losses.ts`, with the whole split as one batch.
 */
export function createSplitLoss(loss: LossName): {
  add(p: Float32Array, label: Uint8Array): void
  value(): number
} {
  let intersection = 0
  let union = 0
  let entropy = 0
  let known = 0
  return {
    add(p, label) {
      for (let i = 0; i < label.length; i++) {
        if (label[i] === UNKNOWN) continue
        const foreground = label[i] === FOREGROUND
        const probability = p[i]!
        known++
        if (foreground) intersection += probability
        union += foreground ? 1 : probability
        // Math.max passes NaN on, so that a network that has broken down shows.
        entropy -= Math.log(Math.max(SMALLEST, foreground ? probability : 1 - probability))
      }
    },
    value() {
      const iou = union === 0 ? 0 : 1 - intersection / union
      const xent = entropy / Math.max(1, known)
      if (loss === 'iou') return iou
      return loss === 'xent' ? xent : iou + xent
    }
  }
}
