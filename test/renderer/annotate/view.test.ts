// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { clampScale, fitView, keepInSight, panBy, toImage, zoomTo } from '../../../src-renderer/annotate/view'

const image = { width: 400, height: 300 }
const window = { width: 1000, height: 600 }

describe('fit', () => {
  test('shows the whole image, centred, with a margin', () => {
    const view = fitView(image, window, 50)
    expect(view.scale).toBeCloseTo(500 / 300)
    expect(toImage(view, { x: 500, y: 300 })).toEqual({ x: 200, y: 150 })
    expect(toImage(view, { x: 500, y: 50 }).y).toBeCloseTo(0)
  })

  test('a wide image is limited by its width', () => {
    const view = fitView({ width: 4000, height: 10 }, window, 0)
    expect(view).toEqual({ scale: 0.25, x: 0, y: 298.75 })
  })

  test('a window too small for its margins still gets a picture', () => {
    expect(fitView(image, { width: 10, height: 10 }).scale).toBeGreaterThan(0)
  })
})

describe('zoom', () => {
  test('keeps the point under the cursor where it is', () => {
    const view = fitView(image, window)
    const cursor = { x: 713, y: 127 }
    const zoomed = zoomTo(view, cursor, view.scale * 3.7)
    const before = toImage(view, cursor)
    const after = toImage(zoomed, cursor)
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
    expect(zoomed.scale).toBeCloseTo(view.scale * 3.7)
  })

  test('in and out again is where it was', () => {
    const view = fitView(image, window)
    const back = zoomTo(zoomTo(view, { x: 3, y: 4 }, 20), { x: 3, y: 4 }, view.scale)
    expect(back.x).toBeCloseTo(view.x)
    expect(back.y).toBeCloseTo(view.y)
  })

  test('ends where pixels are as large as thumbs, and where the image is half the window', () => {
    expect(clampScale(1e6, image, window)).toBe(64)
    expect(clampScale(0, image, window)).toBe(0.5)
    const large = { width: 10_000, height: 10_000 }
    expect(clampScale(0, large, window)).toBeCloseTo(fitView(large, window).scale / 2)
  })
})

describe('pan', () => {
  test('moves by window pixels', () => {
    expect(panBy({ scale: 2, x: 5, y: 6 }, 10, -3)).toEqual({ scale: 2, x: 15, y: 3 })
  })

  test('never pushes the image out of sight', () => {
    for (const [dx, dy] of [
      [1e6, 0],
      [-1e6, 0],
      [0, 1e6],
      [0, -1e6]
    ] as const) {
      const view = keepInSight(panBy({ scale: 1, x: 0, y: 0 }, dx, dy), image, window)
      const visibleX = Math.min(window.width, view.x + image.width) - Math.max(0, view.x)
      const visibleY = Math.min(window.height, view.y + image.height) - Math.max(0, view.y)
      expect(visibleX).toBeGreaterThanOrEqual(80)
      expect(visibleY).toBeGreaterThanOrEqual(80)
    }
  })

  test('leaves a view alone that shows enough', () => {
    const view = fitView(image, window)
    expect(keepInSight(view, image, window)).toEqual(view)
  })
})
