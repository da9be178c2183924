import { describe, expect, test } from 'vitest'
import { quantise } from '#core/learning/quantise'
import { createRandom } from '#core/learning/random'
import { enlargeProbabilities } from '#core/learning/resample'
import { suggestedMask } from '#core/learning/suggestedMask'
import { flatten } from '#core/mask/tiles'

describe('a suggestion', () => {
  test('on the frame itself is what is above the threshold', () => {
    const random = createRandom(1, 'suggestion')
    const frame = { width: 31, height: 17 }
    const p = Float32Array.from({ length: 31 * 17 }, () => random.uniform())
    for (const level of [1, 77, 128, 255]) {
      const mask = suggestedMask({ ...frame, probabilities: quantise(p) }, frame, level)
      expect([...flatten(mask)]).toEqual([...p].map((value) => (value > level / 256 ? 1 : 0)))
    }
  })

  test('in the image’s pixels follows the enlarged prediction, across tiles', () => {
    const frame = { width: 24, height: 20 }
    const image = { width: 700, height: 300 }
    const p = Float32Array.from({ length: 24 * 20 }, (_, i) =>
      Math.exp(-(((i % 24) - 14) ** 2 + (Math.floor(i / 24) - 9) ** 2) / 20)
    )
    const suggested = flatten(suggestedMask({ ...frame, probabilities: quantise(p) }, image, 100))
    const exact = enlargeProbabilities(p, frame, image).map((value) => (value > 100 / 256 ? 1 : 0))
    const wrong = suggested.reduce((sum, value, at) => sum + (value === exact[at] ? 0 : 1), 0)
    const foreground = suggested.reduce((sum, value) => sum + value, 0)
    // A byte of the prediction is half a 256th from what it stands for: on the rim a pixel may be the other one.
    expect(foreground).toBeGreaterThan(10_000)
    expect(wrong / foreground).toBeLessThan(0.01)
  })

  test('of nothing has no tiles', () => {
    const nothing = { width: 4, height: 4, probabilities: new Uint8Array(16) }
    expect(suggestedMask(nothing, { width: 600, height: 600 }, 1).tiles.size).toBe(0)
  })
})
