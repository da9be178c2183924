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
