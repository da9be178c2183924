/**
 * Probabilities as bytes whose comparison with a threshold in 256ths is exact: q ≥ k ⇔ p > k / 256 for
 * k = 1 … 255.
 *
 * @param p Probabilities in 0 to 1, any shape.
 * @returns clamp(ceil(256 p) − 1, 0, 255), the same shape.
 */
export function quantise(p: Float32Array): Uint8Array {
  return Uint8Array.from(p, (value) => Math.min(255, Math.max(0, Math.ceil(value * 256) - 1)))
}

/** Thresholds of quantised probabilities are level / 256, with levels from here … */
export const LEAST_LEVEL = 1
/** … to here. */
export const GREATEST_LEVEL = 255

/** The level whose threshold is nearest: a prediction q is foreground where q ≥ level ⇔ p > level / 256. */
export function levelOf(threshold: number): number {
  return Math.min(GREATEST_LEVEL, Math.max(LEAST_LEVEL, Math.round(threshold * 256)))
}
