import type { TilePatch } from '#core/api/values'
import type { Extent } from '#core/learning/frame'
import { histogramOf } from '#core/learning/metrics'
import { both, compareImage, type Both } from '#core/learning/race/compare'
import { resampleLabel } from '#core/learning/resample'
import { decodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'

/** An image of a race: its mask, and what both runs predict, quantised, at the scale at which they see it. */
export interface PredictedTwice {
  tiles: TilePatch[]
  width: number
  height: number
  frame: Extent
  predictions: Both<Uint8Array>
}

function labelOf({ tiles, width, height, frame }: PredictedTwice): Uint8Array {
  return resampleLabel(flatten(decodeMask(width, height, tiles)), width, height, frame)
}

/** Counts of the label's pixels by what each run says of them. */
export function raceHistograms(image: PredictedTwice) {
  const label = labelOf(image)
  return { histograms: both((run) => histogramOf(image.predictions[run], label)) }
}

/** Both predictions judged by the label and by each other, at thresholds in 256ths. */
export function raceComparison({ levels, ...image }: PredictedTwice & { levels: Both<number> }) {
  return { judged: compareImage(labelOf(image), image.predictions, levels, image.frame) }
}
