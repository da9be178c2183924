import { expect, test } from 'vitest'
import { baselinesOf } from '#core/learning/baselines'

const sample = (...label: number[]) => ({
  imageId: 1,
  image: new Uint8Array(3 * label.length),
  label: Uint8Array.from(label),
  width: label.length,
  height: 1
})

test('always background on 40 % foreground has mIoU 0.30, always foreground 0.20', () => {
  const validation = [sample(1, 1, 1, 1, 0), sample(0, 0, 0, 0, 0)]
  const { background, foreground } = baselinesOf([sample(0, 0, 0, 0, 0)], validation, 5)
  expect(background).toBeCloseTo(0.3, 12)
  expect(foreground).toBeCloseTo(0.2, 12)
})

test('the mean mask is foreground where more than half of the training labels are', () => {
  const train = [sample(1, 1, 0, 2), sample(1, 0, 0, 2), sample(1, 1, 2, 2), sample(2, 0, 1, 2)]
  // Shares 1, 0.5, 1/3 and unknown: the mean mask is 1 0 0 0.
  const { meanMask } = baselinesOf(train, [sample(1, 1, 0, 0)], 4)
  expect(meanMask).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12)
})

test('unknown validation pixels do not count', () => {
  expect(baselinesOf([sample(0, 0)], [sample(2, 0)], 2).background).toBe(1)
})

test('the mean mask is stretched to frames of other proportions', () => {
  const left = { label: Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0), width: 4, height: 2 }
  const upright = { label: Uint8Array.of(1, 0, 1, 0, 1, 0), width: 2, height: 3 }
  expect(baselinesOf([left, upright], [left, upright], 8).meanMask).toBe(1)
})
