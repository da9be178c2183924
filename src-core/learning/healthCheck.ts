import type { TrainConfig } from '#core/learning/config'
import { predictAll } from '#core/learning/evaluate'
import { overfitAdvice, smallObjectsAdvice } from '#core/learning/health'
import { countPixels, metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import { levelOf } from '#core/learning/quantise'
import type { Sample } from '#core/learning/sample'
import { THRESHOLD } from '#core/learning/threshold'
import { coveredObjects } from '#core/mask/metrics'
import type { CompiledNetwork } from '#core/network/engine'

/** Training images that are looked at again: enough to see a gap, few enough not to delay the end of a run. */
const MOST_SEEN = 50

/** Pixel metrics on images that the network has learned from, as they are, spread over the training split. */
export async function seenMIoU(
  network: Pick<CompiledNetwork, 'predict'>,
  train: Sample[],
  batch: number
): Promise<number> {
  const stride = Math.ceil(train.length / MOST_SEEN)
  const chosen = train.filter((_, i) => i % stride === 0)
  const counts: PixelCounts[] = []
  for await (const { sample, probabilities } of predictAll(network, chosen, batch)) {
    counts.push(countPixels(probabilities, sample.label, THRESHOLD))
  }
  return metricsOf(sumCounts(counts), THRESHOLD).mIoU
}

/** What a run that has learned something is examined by. */
export interface Findings {
  /** mIoU at one half of every validation, in order. */
  validations: { step: number; mIoU: number }[]
  bestStep: number
  /** `seenMIoU` of the best weights and of the last ones. */
  seen: { best: number; last: number }
  /** Of every validation image; `[size, size]`, quantised, by the best weights. */
  predictions: { label: Uint8Array; probabilities: Uint8Array }[]
  /** The run's tuned threshold. */
  threshold: number
}

/** What is not well with a finished run although it has learned something: a sentence each, with what to do. */
export function healthNotices(config: TrainConfig, findings: Findings): string[] {
  const { predictions, threshold } = findings
  const level = levelOf(threshold)
  const objects = predictions.flatMap(({ label, probabilities }) =>
    coveredObjects(
      label,
      probabilities.map((q) => (q >= level ? 1 : 0)),
      config.size,
      config.size
    )
  )
  return [overfitAdvice(config, findings), smallObjectsAdvice(config, objects)].filter(
    (said) => said !== null
  )
}
