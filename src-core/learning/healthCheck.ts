import { augment, UNCHANGED } from '#core/learning/augment'
import type { TrainConfig } from '#core/learning/config'
import { square, type Extent } from '#core/learning/frame'
import { overfitAdvice, smallObjectsAdvice } from '#core/learning/health'
import { countPixels, metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import { predictAll, type TilePredictor } from '#core/learning/predictAll'
import { levelOf } from '#core/learning/quantise'
import type { Sample } from '#core/learning/sample'
import { THRESHOLD } from '#core/learning/threshold'
import { tilesOf } from '#core/learning/tiles'
import { coveredObjects } from '#core/mask/metrics'

/** Tiles of training images that are looked at again: enough to see a gap, few enough not to delay the end of a run. */
const MOST_SEEN = 50

/** Pixel metrics on what the network has learned from, without augmentation, spread over the training split. */
export async function seenMIoU(
  network: TilePredictor,
  train: Sample[],
  config: Pick<TrainConfig, 'size' | 'batch'>
): Promise<number> {
  const counts: PixelCounts[] = []
  for await (const { item, probabilities } of predictAll(network, spreadTiles(train, config.size), config)) {
    counts.push(countPixels(probabilities, item.label, THRESHOLD))
  }
  return metricsOf(sumCounts(counts), THRESHOLD).mIoU
}

/** At most so many tiles of the samples, evenly spread, each as a sample of its own. */
function spreadTiles(samples: Sample[], size: number): Sample[] {
  const tiles = samples.flatMap((sample) => tilesOf(sample, size).map((tile) => ({ sample, tile })))
  const count = Math.min(MOST_SEEN, tiles.length)
  return Array.from({ length: count }, (_, i) => {
    const { sample, tile } = tiles[Math.floor(((i + 0.5) * tiles.length) / count)]!
    const image = new Uint8Array(3 * size * size)
    const label = new Uint8Array(size * size)
    const corner = { left: tile.across.start, top: tile.down.start }
    augment(sample, size, UNCHANGED, image, label, corner)
    return { imageId: sample.imageId, ...square(size), image, label }
  })
}

/** What a run that has learned something is examined by. */
export interface Findings {
  /** mIoU at one half of every validation, in order. */
  validations: { step: number; mIoU: number }[]
  bestStep: number
  /** `seenMIoU` of the best weights and of the last ones. */
  seen: { best: number; last: number }
  /** Of every validation image; `[height, width]`, quantised, by the best weights. */
  predictions: (Extent & { label: Uint8Array; probabilities: Uint8Array })[]
  /** The run's tuned threshold. */
  threshold: number
}

/** What is not well with a finished run although it has learned something: a sentence each, with what to do. */
export function healthNotices(config: TrainConfig, findings: Findings): string[] {
  const { predictions, threshold } = findings
  const level = levelOf(threshold)
  const objects = predictions.flatMap(({ label, probabilities, width, height }) =>
    coveredObjects(
      label,
      probabilities.map((q) => (q >= level ? 1 : 0)),
      width,
      height
    )
  )
  return [overfitAdvice(config, findings), smallObjectsAdvice(config, objects)].filter(
    (said) => said !== null
  )
}
