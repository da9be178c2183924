// @vitest-environment node
import { describe, expect, test } from 'vitest'
import {
  centredOn,
  isWholeVisible,
  mapSize,
  onMap,
  visiblePart
} from '../../../../src-renderer/annotate/seeing/minimap'
import { fitView, panBy, toImage, zoomTo } from '../../../../src-renderer/annotate/view'

const image = { width: 4000, height: 3000 }
const window = { width: 1000, height: 600 }

test('the map is as large as it goes, in the shape of the image', () => {
  expect(mapSize(image, { width: 200, height: 120 })).toEqual({ width: 160, height: 120 })
  expect(mapSize({ width: 10_000, height: 3 }, { width: 200, height: 120 })).toEqual({
    width: 200,
    height: 1
  })
})

describe('the visible part', () => {
  test('of a fitted image is all of it', () => {
    const view = fitView(image, window)
    expect(visiblePart(view, image, window)).toEqual({ x: 0, y: 0, ...image })
    expect(isWholeVisible(view, image, window)).toBe(true)
    expect(isWholeVisible(zoomTo(view, { x: 500, y: 300 }, view.scale * 2), image, window)).toBe(false)
  })

  test('at actual size is as large as the window', () => {
    const view = { scale: 1, x: -1000, y: -500 }
    const part = visiblePart(view, image, window)
    expect(part).toEqual({ x: 1000, y: 500, width: 1000, height: 600 })
    expect(onMap(part, image, { width: 160, height: 120 })).toEqual({ x: 40, y: 20, width: 40, height: 24 })
  })

  test('ends where the image ends', () => {
    const view = panBy({ scale: 1, x: 0, y: 0 }, 700, 0)
    expect(visiblePart(view, image, window)).toEqual({ x: 0, y: 0, width: 300, height: 600 })
    expect(visiblePart(panBy(view, 600, 0), image, window).width).toBe(0)
  })
})

test('a point of the map comes into the middle of the window at the same zoom', () => {
  const view = centredOn({ scale: 3, x: 7, y: 8 }, { x: 1234, y: 567 }, window)
  expect(view.scale).toBe(3)
  const middle = toImage(view, { x: 500, y: 300 })
  expect(middle.x).toBeCloseTo(1234)
  expect(middle.y).toBeCloseTo(567)
})
