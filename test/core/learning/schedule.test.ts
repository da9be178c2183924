import { expect, it } from 'vitest'
import {
  isOutOfPatience,
  isValidationStep,
  learningRateAt,
  validationInterval
} from '#core/learning/schedule'
import { oneWeightConfig as config } from '../../fixtures/oneWeightEngine'

it.each([
  [0, [0.2, 0.2, 0.2, 0.2, 0.2]],
  [1, [0.2, 0.2, 0.2, 0.2, 0.2]],
  [4, [0.05, 0.1, 0.15, 0.2, 0.2]]
])('with a warm-up of %i steps the first steps have the learning rates %j', (warmup, expected) => {
  const rates = expected.map((_, i) => learningRateAt(i + 1, { ...config, learningRate: 0.2, warmup }))
  expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 12)))
})

it.each([
  ['without any validation', [], 1, false],
  ['while it gets better', [0.1, 0.2, 0.3], 1, false],
  ['one validation too early', [0.1, 0.3, 0.2, 0.2], 3, false],
  ['after as many that were worse', [0.1, 0.3, 0.2, 0.2, 0.29], 3, true],
  ['after as many that were no better', [0.3, 0.3, 0.3], 2, true],
  ['after more, as when it was not asked in between', [0.3, 0.1, 0.1, 0.1], 2, true],
  ['where the best is a later one', [0.3, 0.1, 0.31, 0.1], 2, false],
  ['of a run that waits for its end', [0.3, 0.1, 0.1, 0.1], null, false]
])('patience %s', (_, validations, patience, expected) => {
  expect(isOutOfPatience(validations, patience)).toBe(expected)
})

/** Forward passes of all validations over those of all steps, a step counted as three. */
function share(train: number, validation: number, batch: number, steps: number): number {
  const interval = validationInterval(train, validation, { ...config, batch, steps })
  let validations = 0
  for (let step = 1; step <= steps; step++) if (isValidationStep(step, interval)) validations++
  return (validations * validation) / (3 * Math.min(train, batch) * steps)
}

it.each([
  [60, 14, 10, 400],
  [1600, 400, 10, 4000],
  [5, 20, 10, 1000]
])(
  '%i training and %i validation images in batches of %i cost little to validate',
  (train, validation, batch, steps) => {
    expect(share(train, validation, batch, steps)).toBeLessThan(0.15)
  }
)

it('gives even a short run a curve, starting at the first step', () => {
  const interval = validationInterval(12, 4, { ...config, batch: 10, steps: 30 })
  const steps = Array.from({ length: 30 }, (_, i) => i + 1).filter((step) => isValidationStep(step, interval))
  expect(steps[0]).toBe(1)
  expect(steps.length).toBeGreaterThan(10)
})

it('keeps the curve of a long run readable, and needs no number of steps', () => {
  expect(validationInterval(30, 10, { ...config, batch: 10, steps: 10_000 })).toBe(200)
  expect(validationInterval(30, 10, { ...config, batch: 10, steps: null })).toBe(10)
})

it('a run on crops is validated at least five times, however many tiles its validation images have', () => {
  const interval = (crop: number | null, steps: number | null) =>
    validationInterval(1000, 500, { ...config, batch: 10, steps, crop })
  expect(interval(null, 150)).toBe(167)
  expect(interval(128, 150)).toBe(30)
  expect(interval(128, 10_000)).toBe(200)
  expect(interval(128, null)).toBe(167)
})
