import { describe, expect, it } from 'vitest'
import { metricsOf, sumCounts, type PixelCounts } from '#core/learning/metrics'
import { createRandom } from '#core/learning/random'
import { mIoUInterval } from '#core/learning/uncertainty'

/** Images of 1,000 pixels whose overlap scatters as much as `spread` says. */
function images(count: number, spread: number, seed = 1): PixelCounts[] {
  const random = createRandom(seed, 'images')
  return Array.from({ length: count }, () => {
    const missed = Math.round(50 + spread * (random.uniform() - 0.5))
    return { tp: 300 - missed, fn: missed, fp: 20, tn: 680 }
  })
}

const width = (counts: PixelCounts[]) => {
  const { low, high } = mIoUInterval(counts)!
  return high - low
}

describe('the interval of mIoU', () => {
  it('holds the score itself, and is the same at every call', () => {
    const counts = images(20, 80)
    const { mIoU } = metricsOf(sumCounts(counts), 0.5)
    const { low, high } = mIoUInterval(counts)!
    expect(low).toBeLessThan(mIoU)
    expect(high).toBeGreaterThan(mIoU)
    expect(mIoUInterval(counts)).toEqual({ low, high })
  })

  it('is narrower with more images, wider with less alike ones, and nothing where all are the same', () => {
    expect(width(images(80, 80))).toBeLessThan(0.7 * width(images(20, 80)))
    expect(width(images(20, 80))).toBeGreaterThan(1.5 * width(images(20, 30)))
    expect(width(images(20, 0))).toBe(0)
  })

  it('cannot be told from one image', () => {
    expect(mIoUInterval(images(1, 10))).toBeNull()
    expect(mIoUInterval([])).toBeNull()
  })

  it('holds the score of all images of the kind in about 95 of 100 samples', () => {
    const { mIoU } = metricsOf(sumCounts(images(20_000, 80, 0)), 0.5)
    const held = Array.from({ length: 100 }, (_, seed) => mIoUInterval(images(40, 80, seed + 1))!).filter(
      ({ low, high }) => low <= mIoU && mIoU <= high
    ).length
    expect(held).toBeGreaterThanOrEqual(88)
  })
})
