import { describe, expect, it } from 'vitest'
import { autoContrast, rangeOf } from '#core/learning/contrast'

/** A grey image of these values, each as often as the others. */
function imageOf(values: number[], pixels = 1000): Uint8Array {
  return Uint8Array.from({ length: 3 * pixels }, (_, i) => values[Math.floor(i / 3) % values.length]!)
}

describe('the range of an image', () => {
  it.each([
    [[10, 20, 30], { low: 10, high: 30 }],
    [[0, 255], { low: 0, high: 255 }],
    [[7], { low: 7, high: 7 }],
    [[0], { low: 0, high: 0 }],
    [[255], { low: 255, high: 255 }]
  ])('of %j is from the darkest to the brightest', (values, range) => {
    expect(rangeOf(imageOf(values))).toEqual(range)
  })

  it('leaves out half a per cent at either end', () => {
    const image = imageOf([40, 60], 1000)
    image.fill(255, 0, 15)
    image.fill(0, 15, 30)
    expect(rangeOf(image)).toEqual({ low: 40, high: 60 })
    image.fill(255, 30, 33)
    expect(rangeOf(image)).toEqual({ low: 40, high: 255 })
  })
})

describe('auto contrast', () => {
  it('spreads what lies between evenly over all values', () => {
    expect([...new Set(autoContrast(imageOf([10, 35, 60, 110])))]).toEqual([0, 64, 128, 255])
  })

  it('changes nothing where the contrast is full', () => {
    const image = imageOf(
      Array.from({ length: 256 }, (_, value) => value),
      2560
    )
    const { low, high } = rangeOf(image)
    expect([low, high]).toEqual([1, 254])
    const spread = autoContrast(image)
    expect(Math.max(...image.map((value, i) => Math.abs(value - spread[i]!)))).toBeLessThanOrEqual(1)
  })

  it('makes two exposures of one scene alike', () => {
    const bright = imageOf(Array.from({ length: 200 }, (_, i) => i + 20))
    const dark = bright.map((value) => Math.round(value / 4))
    const [one, other] = [autoContrast(bright), autoContrast(dark)]
    expect(Math.max(...one.map((value, i) => Math.abs(value - other[i]!)))).toBeLessThanOrEqual(4)
  })

  it('does not blow up the noise of an empty image', () => {
    expect(Math.max(...autoContrast(imageOf([100, 101])))).toBeLessThan(64)
  })

  it('keeps colours, since all channels count together', () => {
    const image = Uint8Array.from({ length: 300 }, (_, i) => [50, 100, 150][i % 3]!)
    expect([...autoContrast(image).subarray(0, 3)]).toEqual([0, 128, 255])
  })
})
