import { describe, expect, it } from 'vitest'
import { LOSSES, outputsOf, type LossName } from '#core/learning/config'
import { lossOf } from '#core/learning/losses'
import { createRandom } from '#core/learning/random'
import { createSplitLoss } from '#core/learning/splitLoss'
import { UNKNOWN } from '#core/mask/values'

const settings = (loss: LossName) => ({ loss, reluLogits: false, positiveWeight: 3, focusing: 1.5 })

describe('the loss of a split', () => {
  const logits = [-3, 0.5, 2, -0.1, 1.5, -2, 0, 4]
  const labels = Uint8Array.of(0, 1, 1, 0, UNKNOWN, 0, 1, 1)
  const p = Float32Array.from(logits, (z) => 1 / (1 + Math.exp(-z)))

  it.each(LOSSES)('%s is that of one batch with all pixels, however they come', (loss) => {
    const whole = outputsOf(loss) === 1 ? logits : logits.flatMap((z) => [0, z])
    const split = createSplitLoss(settings(loss))
    split.add(p.subarray(0, 3), labels.subarray(0, 3))
    split.add(p.subarray(3), labels.subarray(3))
    const expected = lossOf(settings(loss), Float64Array.from(whole), labels).loss
    expect(Math.abs(split.value() - expected)).toBeLessThan(loss === 'lovasz' ? 2 ** -17 : 1e-6)
  })

  it.each(LOSSES)('%s is 0 without a known pixel and finite for a certain error', (loss) => {
    expect(createSplitLoss(settings(loss)).value()).toBe(0)
    const wrong = createSplitLoss(settings(loss))
    wrong.add(Float32Array.of(0, 1), Uint8Array.of(1, 0))
    expect(Number.isFinite(wrong.value())).toBe(true)
    expect(wrong.value()).toBeGreaterThan(0.9)
  })

  it('without foreground is the largest probability for lovasz and 1 for the other overlaps', () => {
    const value = (loss: LossName) => {
      const split = createSplitLoss(settings(loss))
      split.add(Float32Array.of(0.25, 0.75, 0.9), Uint8Array.of(0, 0, UNKNOWN))
      return split.value()
    }
    expect([value('lovasz'), value('iou'), value('dice')]).toEqual([0.75, 1, 1])
  })

  it('lovasz stays within its rounding on many pixels', () => {
    const random = createRandom(1, 'split')
    const z = Float64Array.from({ length: 20_000 }, () => 2 * random.normal())
    const label = Uint8Array.from(z, () => random.integer(3))
    const split = createSplitLoss(settings('lovasz'))
    split.add(
      Float32Array.from(z, (value) => 1 / (1 + Math.exp(-value))),
      label
    )
    expect(Math.abs(split.value() - lossOf(settings('lovasz'), z, label).loss)).toBeLessThan(2 ** -17)
  })

  it.each(LOSSES)('%s is no number when a probability is none', (loss) => {
    const broken = createSplitLoss(settings(loss))
    broken.add(Float32Array.of(NaN, 0.5), Uint8Array.of(1, 0))
    expect(broken.value()).toBeNaN()
  })
})
