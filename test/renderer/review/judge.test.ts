// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { countPixels, histogramOf, metricsOf } from '#core/learning/metrics'
import { quantise } from '#core/learning/quantise'
import { createRandom } from '#core/learning/random'
import {
  barsOf,
  bestLevel,
  countsAt,
  levelOf,
  metricsAt,
  poolTails,
  tailsOf,
  thresholdOf,
  trivialScores
} from '../../../src-renderer/review/judge'

/** An image's probabilities and label, and what the host would send of them. */
function imageOf(p: number[], label: number[]) {
  const probabilities = Float32Array.from(p)
  const mask = Uint8Array.from(label)
  const { foreground, background } = histogramOf(quantise(probabilities), mask)
  return {
    p: probabilities,
    label: mask,
    tails: tailsOf({ foreground: [...foreground], background: [...background] })
  }
}

describe('judgement at a threshold', () => {
  it('counts exactly as counting the pixels does, at every level', () => {
    const random = createRandom(5).uniform
    const p = Array.from({ length: 4000 }, (_, i) =>
      i % 7 === 0 ? Math.floor(random() * 257) / 256 : random()
    )
    const label = p.map((value) => (random() < 0.1 ? 2 : random() < value ? 1 : 0))
    const image = imageOf(p, label)
    for (let level = 1; level <= 255; level++) {
      const direct = countPixels(image.p, image.label, level / 256)
      expect(countsAt(image.tails, level)).toEqual(direct)
      expect(metricsAt(image.tails, level)).toEqual(metricsOf(direct, level / 256))
    }
  })

  it.each([
    { name: 'empty label, empty prediction', p: [0, 0.1], label: [0, 0], iou: 1 },
    { name: 'empty label, any prediction', p: [0, 0.9], label: [0, 0], iou: 0 },
    { name: 'full label, full prediction', p: [0.9, 0.8], label: [1, 1], iou: 1 },
    { name: 'full label, empty prediction', p: [0.2, 0.1], label: [1, 1], iou: 0 },
    { name: 'nothing known', p: [0.9, 0.1], label: [2, 2], iou: 1 },
    { name: 'exactly at the threshold is background', p: [0.5, 0.51], label: [1, 1], iou: 0.5 }
  ])('$name: IoU $iou', ({ p, label, iou }) => {
    expect(metricsAt(imageOf(p, label).tails, 128).iou1).toBe(iou)
  })

  it('pools pixels, not the images’ scores', () => {
    const small = imageOf([0.9], [1])
    const large = imageOf([0.9, 0.9, 0.9, 0.1], [0, 0, 0, 0])
    const pooled = poolTails([small.tails, large.tails])
    expect(countsAt(pooled, 128)).toEqual({ tp: 1, fp: 3, fn: 0, tn: 1 })
    expect(metricsAt(pooled, 128).iou1).toBe(0.25)
  })

  it('knows what always background and always foreground would score', () => {
    const { tails } = imageOf([0.2, 0.9, 0.4, 0.7, 0.99], [1, 1, 0, 0, 0])
    expect(trivialScores(tails)).toEqual({ background: 0.3, foreground: 0.2 })
  })

  it('finds the best threshold, of equals the one nearest to one half', () => {
    const { tails } = imageOf([0.1, 0.2, 0.6, 0.8], [0, 0, 0, 1])
    const level = bestLevel(tails)
    expect(metricsAt(tails, level).mIoU).toBe(1)
    expect(metricsAt(tails, level - 1).mIoU).toBeLessThan(1)
    expect(bestLevel(imageOf([0.1, 0.9], [0, 1]).tails)).toBe(128)
    expect(bestLevel(imageOf([], []).tails)).toBe(128)
  })

  it('draws bars that hold every pixel once', () => {
    const { tails } = imageOf([0.001, 0.3, 0.5, 0.999], [0, 0, 1, 1])
    const { foreground, background } = barsOf(tails, 4)
    expect(background).toEqual([1, 1, 0, 0])
    expect(foreground).toEqual([0, 1, 0, 1])
  })

  it('goes from threshold to level and back, within what can be told apart', () => {
    expect(levelOf(0.5)).toBe(128)
    expect(levelOf(0)).toBe(1)
    expect(levelOf(1)).toBe(255)
    for (let level = 1; level <= 255; level++) expect(levelOf(thresholdOf(level))).toBe(level)
  })
})
