// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { loupeView } from '../../../../src-renderer/annotate/seeing/loupe'
import { gridLines, gridOpacity } from '../../../../src-renderer/annotate/seeing/pixel-grid'
import { MAX_SCALE, toImage } from '../../../../src-renderer/annotate/view'

describe('loupe', () => {
  const cursor = { x: 321, y: 123 }

  test.each([0.05, 0.4, 1, 10, 60])('at %d × it shows what lies under the cursor, larger', (scale) => {
    const view = { scale, x: -40, y: 17 }
    const magnified = loupeView(view, cursor)
    const [under, through] = [toImage(view, cursor), toImage(magnified, cursor)]
    expect(through.x).toBeCloseTo(under.x)
    expect(through.y).toBeCloseTo(under.y)
    expect(magnified.scale).toBeGreaterThan(scale)
    expect(magnified.scale).toBeGreaterThanOrEqual(2)
    expect(magnified.scale).toBeLessThanOrEqual(MAX_SCALE)
  })
})

describe('pixel grid', () => {
  test('is there from 800 % on', () => {
    expect(gridOpacity(7.99)).toBe(0)
    expect(gridOpacity(8)).toBeGreaterThan(0.1)
    expect(gridOpacity(64)).toBeGreaterThan(gridOpacity(8))
  })

  test('has a line on both edges of an image that lies in the window', () => {
    expect(gridLines(50, 10, 20, 1000)).toEqual({ first: 0, last: 20 })
  })

  test('has only the lines that are in the window', () => {
    expect(gridLines(-95, 10, 400, 300)).toEqual({ first: 10, last: 39 })
  })

  test('has none beside the image', () => {
    const { first, last } = gridLines(-5000, 10, 20, 300)
    expect(last).toBeLessThan(first)
  })
})
