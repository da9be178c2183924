import type { Quantization } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { countPixels, metricsOf, sumCounts } from '#core/learning/metrics'

/** One image's two predictions, `[height, width]` each, with the label that both are judged by. */
export interface Pair {
  name: string
  app: Float32Array
  bundle: Float32Array
  label: Uint8Array
}

/**
 * The greatest difference of probabilities that counts as the same. Fewer bits per weight are another model,
 * close to the first one; how close was measured on trained networks (`test/main/exchange/verify.test.ts`).
 */
export const TOLERANCE: Record<Quantization, number> = { none: 1e-4, float16: 0.02, uint8: 0.25 }

/**
 * How far two predictions of the same images lie apart.
 *
 * @returns The greatest absolute difference of a pixel's probability, and of an image's or the pooled IoU of the
 * foreground. A pixel whose probability lies within the first of the threshold may fall on either side, which in a
 * small object moves the IoU by more than the probability.
 * @throws JaccardError `bad-input` if the bundle's values are no probabilities.
 */
export function compare(
  pairs: Pair[],
  threshold: number
): { maxProbabilityDifference: number; maxIoUDifference: number } {
  const counts = pairs.map(({ app, bundle, label }) => ({
    app: countPixels(app, label, threshold),
    bundle: countPixels(bundle, label, threshold)
  }))
  const pooled = {
    app: sumCounts(counts.map(({ app }) => app)),
    bundle: sumCounts(counts.map(({ bundle }) => bundle))
  }
  const differences = [...counts, pooled].map(({ app, bundle }) =>
    Math.abs(metricsOf(app, threshold).iou1 - metricsOf(bundle, threshold).iou1)
  )
  return {
    maxProbabilityDifference: pairs.reduce((most, pair) => Math.max(most, greatestDifference(pair)), 0),
    maxIoUDifference: Math.max(...differences)
  }
}

function greatestDifference({ name, app, bundle }: Pair): number {
  let most = 0
  for (let i = 0; i < app.length; i++) {
    const p = bundle[i]!
    if (!(p >= 0 && p <= 1)) {
      throw new JaccardError(
        'bad-input',
        `For “${name}” the exported model returned ${p}, which is no probability; export the model again.`
      )
    }
    most = Math.max(most, Math.abs(app[i]! - p))
  }
  return most
}
