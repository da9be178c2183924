import { expect, test } from 'vitest'
import { quantise } from '#core/learning/quantise'

test('comparing the byte with k is comparing the probability with k / 256', () => {
  const p: number[] = [0, 1, 1e-30, 1 - 2 ** -24]
  for (let k = 0; k <= 256; k++) p.push(k / 256, k / 256 + 1e-7, Math.max(0, k / 256 - 1e-7))
  const exact = Float32Array.from(p, (value) => Math.min(1, value))
  const bytes = quantise(exact)
  for (let k = 1; k <= 255; k++) {
    exact.forEach((value, i) => expect(bytes[i]! >= k).toBe(value > k / 256))
  }
})
