// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { fillPart, isWithin, patchPart, wandPart } from '../../../../src-renderer/annotate/assist/plan'

const SMALL = { width: 1000, height: 800 }
const LARGE = { width: 4000, height: 3000 }
const HUGE = { width: 12_000, height: 9000 }

describe('what superpixels are computed for', () => {
  test('all of a small image, as it is, however it is looked at', () => {
    for (const scale of [0.1, 1, 8]) {
      expect(patchPart(SMALL, { x: 10, y: 10 }, scale, 20)).toEqual({
        area: { x: 0, y: 0, ...SMALL },
        factor: 1
      })
    }
  })

  test('all of a large image at a smaller scale where it is seen whole', () => {
    expect(patchPart(LARGE, { x: 10, y: 10 }, 0.2, 20)).toEqual({ area: { x: 0, y: 0, ...LARGE }, factor: 4 })
  })

  test.each([1, 4])(
    'of a large image at scale %d the surroundings of the pointer, pixel by pixel',
    (scale) => {
      const { area, factor } = patchPart(LARGE, { x: 3900, y: 1500 }, scale, 20)
      expect(factor).toBe(1)
      expect(area.x + area.width).toBe(4000)
      expect(area.y).toBeLessThan(1500 - 300)
      expect(area.width * area.height).toBeLessThanOrEqual(1.2e6)
    }
  )

  test('small patches are never cut from too few pixels', () => {
    expect(patchPart(LARGE, { x: 10, y: 10 }, 0.1, 8).factor).toBe(1)
    expect(patchPart(HUGE, { x: 10, y: 10 }, 0.05, 12).factor).toBe(2)
  })

  test('near the part’s rim another is wanted, but not where the image ends there', () => {
    const part = patchPart(LARGE, { x: 3900, y: 1500 }, 1, 20)
    expect(isWithin(part, { x: 3999, y: 1500 }, LARGE)).toBe(true)
    expect(isWithin(part, { x: part.area.x + 5, y: 1500 }, LARGE)).toBe(false)
    expect(isWithin(part, { x: part.area.x - 5, y: 1500 }, LARGE)).toBe(false)
  })
})

describe('what the wand looks at', () => {
  const press = { x: 6000, y: 10 }

  test('the whole image, pixel by pixel, up to the largest that is shown in one piece', () => {
    for (const scale of [0.1, 1, 8]) {
      expect(wandPart(LARGE, press, scale)).toEqual({ area: { x: 0, y: 0, ...LARGE }, factor: 1 })
      expect(wandPart({ width: 6000, height: 4000 }, press, scale).factor).toBe(1)
    }
  })

  test('of a larger one a square around the press, pixel by pixel from half of actual size on', () => {
    for (const scale of [0.51, 1, 8]) {
      expect(wandPart(HUGE, press, scale)).toEqual({
        area: { x: 3952, y: 0, width: 4096, height: 4096 },
        factor: 1
      })
    }
  })

  test('of a larger one that is seen from afar all of it, several pixels for one', () => {
    expect(wandPart(HUGE, press, 0.3)).toEqual({ area: { x: 0, y: 0, ...HUGE }, factor: 3 })
    expect(wandPart(HUGE, press, 0.5)).toEqual({
      area: { x: 1904, y: 0, width: 8192, height: 8192 },
      factor: 2
    })
    expect(wandPart(HUGE, press, 0.01).factor).toBe(3)
  })
})

describe('what smart fill looks at', () => {
  const scribble = (...points: [number, number][]) => ({
    points: points.map(([x, y]) => ({ x, y })),
    radius: 3,
    isForeground: true
  })

  test('the scribbles and as much again to all sides, within the image', () => {
    expect(fillPart(LARGE, [scribble([500, 500], [603, 520])])).toEqual({
      area: { x: 388, y: 388, width: 327, height: 244 },
      factor: 1
    })
    expect(fillPart(SMALL, [scribble([2, 790])]).area).toEqual({ x: 0, y: 755, width: 37, height: 45 })
  })

  test('a large neighbourhood at a smaller scale', () => {
    const { area, factor } = fillPart(HUGE, [scribble([1000, 1000], [9000, 8000])])
    expect((area.width * area.height) / factor ** 2).toBeLessThanOrEqual(1.6e6)
  })
})
