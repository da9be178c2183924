import { expect, test } from 'vitest'
import { createRandom } from '#core/learning/random'

const draw = (count: number, next: () => number) => Array.from({ length: count }, next)

test('the same seed and stream give the same numbers', () => {
  expect(draw(100, createRandom(5, 'dropout', 3).uniform)).toEqual(
    draw(100, createRandom(5, 'dropout', 3).uniform)
  )
})

test('another seed, purpose or step gives unrelated numbers', () => {
  const streams = [
    createRandom(5, 'dropout', 3),
    createRandom(6, 'dropout', 3),
    createRandom(5, 'batches', 3),
    createRandom(5, 'dropout', 4),
    createRandom(5, 'dropout', '3')
  ].map((random) => draw(2000, random.uniform))
  for (const [i, a] of streams.entries()) {
    for (const b of streams.slice(0, i)) {
      const correlation = a.reduce((sum, value, k) => sum + (value - 0.5) * (b[k]! - 0.5), 0) * (12 / 2000)
      expect(Math.abs(correlation)).toBeLessThan(0.1)
    }
  }
})

test('uniform fills [0, 1) evenly', () => {
  const bins = new Array<number>(10).fill(0)
  for (const value of draw(20_000, createRandom(1, 'even').uniform)) bins[Math.floor(value * 10)]!++
  for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200)
})

test('normal has mean 0 and deviation 1', () => {
  const values = draw(20_000, createRandom(1, 'normal').normal)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(square - 1)).toBeLessThan(0.05)
})

test('integer reaches every value below its bound and no other', () => {
  const random = createRandom(1, 'integer')
  expect(new Set(draw(500, () => random.integer(7)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
})

test('shuffle keeps every value, leaves its input alone and puts every value everywhere', () => {
  const values = [0, 1, 2, 3]
  const seen = new Set<string>()
  const random = createRandom(1, 'shuffle')
  for (let round = 0; round < 400; round++) {
    const shuffled = random.shuffle(values)
    expect([...shuffled].sort()).toEqual(values)
    seen.add(shuffled.join())
  }
  expect(values).toEqual([0, 1, 2, 3])
  expect(seen.size).toBe(24)
})
