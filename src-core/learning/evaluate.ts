import type { TrainConfig } from '#core/learning/config'
import type { Metrics } from '#core/learning/events'
import { countPixels, metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import { predictAll, type TilePredictor } from '#core/learning/predictAll'
import type { Sample } from '#core/learning/sample'

/** A network's metrics on some images. */
export interface Evaluation {
  /** Over the pixels of all images together. */
  pooled: Metrics
  /** One entry per image, in the order given. */
  images: { imageId: number; metrics: Metrics }[]
}

/** Metrics at a threshold, from fresh predictions of every sample. */
export async function evaluate(
  network: TilePredictor,
  samples: Sample[],
  threshold: number,
  config: Pick<TrainConfig, 'size' | 'batch'>
): Promise<Evaluation> {
  const judged: { imageId: number; counts: PixelCounts }[] = []
  for await (const { item, probabilities } of predictAll(network, samples, config)) {
    judged.push({ imageId: item.imageId, counts: countPixels(probabilities, item.label, threshold) })
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
