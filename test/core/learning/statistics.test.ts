import { describe, expect, it } from 'vitest'
import {
  bootstrapInterval,
  meanOf,
  medianOf,
  studentInterval,
  studentQuantile
} from '#core/learning/statistics'

describe('the median', () => {
  it.each([
    { values: [], expected: 0 },
    { values: [7], expected: 7 },
    { values: [10, 9, 1], expected: 9 },
    { values: [100, 1, 2, 3], expected: 2.5 }
  ])('of $values is $expected', ({ values, expected }) => expect(medianOf(values)).toBe(expected))
})

describe("Student's t", () => {
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [5, 2.5706],
    [9, 2.2622],
    [10, 2.2281],
    [29, 2.0452],
    [30, 2.0423],
    [99, 1.9842]
  ])('with %i degrees of freedom leaves 5 %% beyond %f', (freedom, quantile) => {
    expect(studentQuantile(freedom)).toBeCloseTo(quantile, 4)
  })

  it('spans the mean of two values by twelve standard errors', () => {
    const { low, high } = studentInterval([0.02, 0.04])!
    expect(low).toBeCloseTo(0.03 - 12.7062 * 0.01, 5)
    expect(high).toBeCloseTo(0.03 + 12.7062 * 0.01, 5)
  })

  it('is narrow around many values that agree', () => {
    const { low, high } = studentInterval([0.031, 0.036, 0.029, 0.041, 0.033])!
    expect(low).toBeCloseTo(0.02816, 4)
    expect(high).toBeCloseTo(0.03984, 4)
  })

  it('is a point where all values are the same, and nothing with one value', () => {
    expect(studentInterval([0.25, 0.25, 0.25])).toEqual({ low: 0.25, high: 0.25 })
    expect(studentInterval([0.25])).toBeNull()
    expect(studentInterval([])).toBeNull()
  })
})

describe('the bootstrap', () => {
  const values = Array.from({ length: 100 }, (_, i) => (i % 2 ? 1 : -1))
  const mean = (indices: readonly number[]) => meanOf(indices.map((i) => values[i]!))

  it('spreads as wide as the mean of so many images does', () => {
    // Two standard errors of the mean of 100 values with deviation 1.
    const { low, high } = bootstrapInterval(100, mean)!
    expect(low).toBeGreaterThan(-0.24)
    expect(low).toBeLessThan(-0.16)
    expect(high).toBeGreaterThan(0.16)
    expect(high).toBeLessThan(0.24)
  })

  it('is the same every time', () => {
    expect(bootstrapInterval(100, mean)).toEqual(bootstrapInterval(100, mean))
  })

  it('says nothing of a single image', () => {
    expect(bootstrapInterval(1, mean)).toBeNull()
  })
})
