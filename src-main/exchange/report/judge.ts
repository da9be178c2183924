import type { Extent } from '#core/learning/frame'
import { countsAt, histogramOf, type PixelCounts } from '#core/learning/metrics'
import { objectsFound, type ObjectCounts } from '#core/mask/metrics'

/**
 * What a prediction got right of a label, by pixels and by objects.
 *
 * @param sample `probabilities` `[height, width]`, quantised; `label` `[height, width]`, three-valued mask; foreground is
 * what has a quantised probability of at least `level`.
 */
export function judgeSample({
  probabilities,
  label,
  frame: { width, height },
  level
}: {
  probabilities: Uint8Array
  label: Uint8Array
  frame: Extent
  level: number
}): { counts: PixelCounts; objects: ObjectCounts } {
  const mask = probabilities.map((q) => (q >= level ? 1 : 0))
  return {
    counts: countsAt(histogramOf(probabilities, label), level),
    objects: objectsFound(label, mask, width, height)
  }
}
