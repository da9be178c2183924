import type { Metrics } from '#core/learning/events'
import { countPixels, metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import type { Sample } from '#core/learning/sample'
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
