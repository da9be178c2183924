// @vitest-environment node
import { describe, expect, test } from 'vitest'
import {
  AS_IT_IS,
  channelWeights,
  CHANNELS,
  fullContrast,
  histogram,
  isAsItIs,
  lookupTable,
  shareOfSpecks,
  type Adjustment
} from '../../../../src-renderer/annotate/seeing/adjust'

const table = (change: Partial<Adjustment>) => [...lookupTable({ ...AS_IT_IS, ...change })]
const samples = Array.from({ length: 256 }, (_, i) => i)

/** Pixels of one grey each. */
const greys = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value, 255]))

describe('lookup table', () => {
  test('an image that is shown as it is keeps every sample', () => {
    expect(table({})).toEqual(samples)
    expect(isAsItIs(AS_IT_IS)).toBe(true)
    expect(isAsItIs({ ...AS_IT_IS, channel: 'red' })).toBe(false)
  })

  test('brightness moves all samples alike, up to half of the range', () => {
    expect(table({ brightness: 0.2 }).slice(0, 3)).toEqual([26, 27, 28])
    expect(table({ brightness: 1 })[128]).toBe(255)
    expect(table({ brightness: -1 })[127]).toBe(0)
  })

  test('contrast turns around the middle', () => {
    const steep = table({ contrast: 0.5 })
    expect([steep[0], steep[255]]).toEqual([0, 255])
    expect(steep[128]! - steep[127]!).toBeGreaterThan(1)
    const flat = table({ contrast: -0.99 })
    expect(flat[255]! - flat[0]!).toBeLessThan(5)
  })

  test('gamma above 1 lightens dark parts and keeps black and white', () => {
    const light = table({ gamma: 2 })
    expect([light[0], light[64], light[255]]).toEqual([0, Math.round(255 * Math.sqrt(64 / 255)), 255])
  })

  test('never turns lighter into darker, whatever is set', () => {
    for (const brightness of [-1, -0.3, 0, 0.7]) {
      for (const contrast of [-0.99, 0, 0.6, 0.99]) {
        for (const gamma of [0.2, 1, 5]) {
          const values = table({ brightness, contrast, gamma })
          expect(values.every((value, i) => i === 0 || value >= values[i - 1]!)).toBe(true)
        }
      }
    }
  })
})

describe('channels', () => {
  test('each is shown with its whole strength', () => {
    expect(channelWeights('all')).toBeNull()
    for (const channel of CHANNELS.slice(1)) {
      expect(channelWeights(channel)!.reduce((sum, weight) => sum + weight)).toBeCloseTo(1)
    }
  })

  test('a histogram counts what the channel shows', () => {
    const pixels = Uint8Array.of(10, 20, 30, 255, 10, 200, 30, 255)
    expect(histogram(pixels, 'red')[10]).toBe(2)
    expect(histogram(pixels, 'green')[200]).toBe(1)
    expect(histogram(pixels, 'all')[30]).toBe(2)
    expect(histogram(pixels, 'grey')[Math.round(0.2126 * 10 + 0.7152 * 20 + 0.0722 * 30)]).toBe(1)
  })
})

describe('full contrast', () => {
  test('a dark image goes from black to white', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 4 + (i % 27))
    const spread = lookupTable(fullContrast(histogram(greys(...values), 'all'), 'all').adjustment)
    expect([spread[4], spread[30]]).toEqual([0, 255])
    expect(spread[17]).toBe(128)
  })

  test('a few hot pixels do not count', () => {
    const values = [...Array.from({ length: 3999 }, (_, i) => 10 + (i % 21)), 255]
    const spread = lookupTable(fullContrast(histogram(greys(...values), 'red'), 'red').adjustment)
    expect(spread[30]).toBe(255)
  })

  test('many hot pixels do not count, since they stand alone', () => {
    const [width, height] = [100, 80]
    const pixels = greys(
      ...Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)]
        return x % 10 === 4 && y % 8 === 5 ? 255 : 10 + ((x + y) % 21)
      })
    )
    const specks = shareOfSpecks(pixels, width, height)
    expect(specks).toBeCloseTo(1 / 80, 2)
    const spread = lookupTable(fullContrast(histogram(pixels, 'all'), 'all', specks).adjustment)
    expect([spread[10], spread[30]]).toEqual([0, 255])
  })

  test('small bright objects do not stand alone', () => {
    const [width, height] = [100, 80]
    const pixels = greys(
      ...Array.from({ length: width * height }, (_, i) =>
        (i % width) % 10 < 2 && Math.floor(i / width) % 8 < 2 ? 255 : 10
      )
    )
    expect(shareOfSpecks(pixels, width, height)).toBe(0)
  })

  test('an image that fills the range stays as it is, as does one of a single grey, and both are told', () => {
    const full = fullContrast(histogram(greys(...samples), 'all'), 'all')
    expect(isAsItIs(full.adjustment)).toBe(true)
    expect(full.found).toBe('full')
    const flat = fullContrast(histogram(greys(7, 7, 7), 'grey'), 'grey')
    expect(flat).toEqual({ adjustment: { ...AS_IT_IS, channel: 'grey' }, found: 'flat' })
  })
})
