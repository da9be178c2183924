import { expect, it } from 'vitest'
import { isKeptStep, mostKept } from '#core/learning/keeping'

it('keeps the weights of early steps close together and of late ones far apart', () => {
  const steps = Array.from({ length: 60_000 }, (_, i) => i + 1).filter(isKeptStep)
  expect(steps).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000])
})

it.each([
  ['twelve of a small network', 2e6, 12],
  ['fewer of a large one', 8 * 2 ** 20, 8],
  ['a few of any', 1e9, 3]
])('keeps %s', (_, bytes, most) => {
  expect(mostKept(bytes)).toBe(most)
})
