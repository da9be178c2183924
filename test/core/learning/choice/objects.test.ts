import { describe, expect, it } from 'vitest'
import { objectsOf } from '#core/learning/choice/objects'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { discs, labelOf, lines } from './shapes'

describe('the objects of a label', () => {
  it.each([5, 9, 10, 24, 61])('are as wide as a disc of %i pixels', (diameter) => {
    const objects = objectsOf(discs(180, diameter, 90), 180, 180)
    expect(objects).toHaveLength(4)
    for (const { width, area } of objects) {
      expect(Math.abs(width - diameter)).toBeLessThan(2)
      expect(area / ((Math.PI / 4) * diameter ** 2)).toBeCloseTo(1, 0)
    }
  })

  it.each([1, 2, 3, 6])('are as wide as a line of %i pixels is thick, however long', (thickness) => {
    const objects = objectsOf(lines(100, thickness, 20), 100, 100)
    expect(objects).toHaveLength(5)
    // The first one lies at the edge of the image, beyond which it goes on.
    for (const { width } of objects.slice(1)) expect(Math.abs(width - thickness)).toBeLessThanOrEqual(0.5)
  })

  it('are not wider for touching each other', () => {
    const apart = labelOf(60, 30, (x, y) => Math.hypot(x - 15, y - 15) < 8 || Math.hypot(x - 45, y - 15) < 8)
    const touching = labelOf(
      60,
      30,
      (x, y) => Math.hypot(x - 15, y - 15) < 8 || Math.hypot(x - 31, y - 15) < 8
    )
    const [one] = objectsOf(apart, 60, 30)
    const [both, ...rest] = objectsOf(touching, 60, 30)
    expect(rest).toEqual([])
    expect(both!.width).toBeCloseTo(one!.width, 0)
    expect(both!.area).toBeGreaterThan(1.9 * one!.area)
  })

  it('are no wider than an image that they fill, and none where there is no foreground', () => {
    expect(objectsOf(new Uint8Array(50 * 30).fill(FOREGROUND), 50, 30)).toEqual([{ width: 30, area: 1500 }])
    expect(objectsOf(new Uint8Array(900), 30, 30)).toEqual([])
    expect(objectsOf(new Uint8Array(900).fill(UNKNOWN), 30, 30)).toEqual([])
  })
})
