// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReviewDetail, ReviewImage, RunSummary, TestLook } from '#core/api/values'
import { Review, type ReviewHost, type ReviewSplit } from '../../../src-renderer/review/review.svelte'
import { metricsOf, runOf } from '../train/fixtures'

/** An image that has these pixels: quantised probability and label each. */
function imageOf(imageId: number, name: string, pixels: [q: number, label: 0 | 1][]): ReviewImage {
  const foreground = Array<number>(256).fill(0)
  const background = Array<number>(256).fill(0)
  for (const [q, label] of pixels) (label ? foreground : background)[q]!++
  return { imageId, name, split: 'validation', foreground, background }
}

/** At one half: IoU 0.5, 1 and 0; above 150: 1, 0.5 and 1. */
const images = [
  imageOf(1, 'b.png', [
    [200, 1],
    [140, 0],
    [0, 0]
  ]),
  imageOf(2, 'a.png', [
    [200, 1],
    [145, 1],
    [0, 0]
  ]),
  imageOf(3, 'c.png', [
    [149, 0],
    [0, 0]
  ])
]

class FakeHost implements ReviewHost {
  runs: RunSummary[] = [runOf(1), runOf(2, { threshold: 0.25 }), runOf(3, { best: null, bestStep: null })]
  asked: string[] = []
  thresholds: [number, number][] = []
  answer = async (): Promise<ReviewImage[]> => images

  images(runId: number, split: ReviewSplit) {
    this.asked.push(`${runId} ${split}`)
    return this.answer()
  }
  async detail(_runId: number, imageId: number): Promise<ReviewDetail> {
    return { imageId, width: 1, height: 1, probabilities: new Uint8Array(1), label: new Uint8Array(1) }
  }
  async setThreshold(runId: number, threshold: number) {
    this.thresholds.push([runId, threshold])
  }
  looks: TestLook[] = []
  refusal: string | null = null
  async testLooks() {
    return this.looks
  }
  async unlockTest(runId: number) {
    if (this.refusal) throw new Error(this.refusal)
    this.looks = [...this.looks, { runId, images: 3, lookedAt: '2026-01-01T00:00:00Z' }]
    return this.looks
  }
}

let host: FakeHost
let review: Review

beforeEach(() => {
  vi.useFakeTimers()
  host = new FakeHost()
  review = new Review(host)
})

afterEach(() => {
  vi.useRealTimers()
})

const names = () => review.cards.map(({ name }) => name)
const ious = () => Object.fromEntries(review.cards.map(({ name, iou }) => [name, iou]))

describe('reviewing a run', () => {
  it('opens the newest run that has a model, at the run’s own threshold', async () => {
    await review.open()
    expect(host.asked).toEqual(['2 validation'])
    expect(review.run!.id).toBe(2)
    expect(review.threshold).toBe(0.25)
  })

  it('opens the run that was asked for, and keeps it', async () => {
    await review.open(1)
    expect(review.run!.id).toBe(1)
    await review.open()
    expect(review.run!.id).toBe(1)
  })

  it('shows the worst images first, or the best, or by name', async () => {
    await review.open(1)
    expect(names()).toEqual(['c.png', 'b.png', 'a.png'])
    review.order = 'best'
    expect(names()).toEqual(['a.png', 'b.png', 'c.png'])
    review.order = 'name'
    expect(names()).toEqual(['a.png', 'b.png', 'c.png'])
  })

  it('judges everything anew while the threshold moves, and keeps the cards in place until it rests', async () => {
    await review.open(1)
    expect(ious()).toEqual({ 'a.png': 1, 'b.png': 0.5, 'c.png': 0 })
    const before = review.metrics.mIoU

    review.setLevel(150)
    expect(ious()).toEqual({ 'a.png': 0.5, 'b.png': 1, 'c.png': 1 })
    expect(review.metrics.mIoU).not.toBe(before)
    expect(review.metrics.threshold).toBe(150 / 256)
    expect(names()).toEqual(['c.png', 'b.png', 'a.png'])

    review.settle()
    expect(names()).toEqual(['a.png', 'b.png', 'c.png'])
  })

  it('says where the threshold comes from', async () => {
    host.runs = [
      runOf(1),
      runOf(2, { best: { ...metricsOf(0.7), threshold: 0.25, tunedOn: 12 }, threshold: 0.25 })
    ]
    await review.open(1)
    expect(review.thresholdSource).toBe('Not tuned.')
    review.setLevel(100)
    expect(review.thresholdSource).toBe('Your own choice.')
    await review.open(2)
    expect(review.thresholdSource).toBe('Tuned on 12 validation images.')
    review.setLevel(100)
    expect(review.thresholdSource).toBe('Your own choice; 0.250 was tuned on 12 validation images.')
  })

  it('tells the host the threshold once, when it has come to rest', async () => {
    await review.open(1)
    for (let level = 128; level <= 160; level++) review.setLevel(level)
    expect(host.thresholds).toEqual([])
    vi.runAllTimers()
    expect(host.thresholds).toEqual([[1, 160 / 256]])
  })

  it('loses no threshold to leaving the run before it rests', async () => {
    await review.open(1)
    review.setLevel(99)
    await review.show(2, 'validation')
    expect(host.thresholds).toEqual([[1, 99 / 256]])
    expect(review.threshold).toBe(0.25)
    vi.runAllTimers()
    expect(host.thresholds).toHaveLength(1)
  })

  it('has baselines for the labels as they are now', async () => {
    await review.open(1)
    expect(review.baselines.foreground).toBeCloseTo(3 / 8 / 2, 10)
    expect(review.baselines.background).toBeCloseTo(5 / 8 / 2, 10)
    expect(review.baselines.meanMask).toBe(0.42)
    await review.show(1, 'train')
    expect(review.baselines.meanMask).toBeNull()
  })

  it('offers the best threshold of the split', async () => {
    await review.open(1)
    const best = review.bestMetrics.mIoU
    for (let level = 1; level <= 255; level++) {
      review.setLevel(level)
      expect(review.metrics.mIoU).toBeLessThanOrEqual(best)
    }
  })

  it('shows the answer to the last question, whichever comes last', async () => {
    const answers: ((images: ReviewImage[]) => void)[] = []
    host.answer = () => new Promise((resolve) => answers.push(resolve))
    const first = review.show(1, 'validation')
    const second = review.show(2, 'validation')
    answers[1]!([images[1]!])
    answers[0]!([images[0]!])
    await Promise.all([first, second])
    expect(names()).toEqual(['a.png'])
    expect(review.loading).toBe(false)
  })

  it('says why predictions could not be read', async () => {
    host.answer = () => Promise.reject(new Error('The run has no checkpoint.'))
    await review.open(1)
    expect(review.problem).toBe('The run has no checkpoint.')
    expect(review.loading).toBe(false)
  })

  it('has nothing to show without a model', async () => {
    host.runs = [runOf(1, { best: null })]
    review = new Review(host)
    await review.open()
    expect(review.cards).toEqual([])
    expect(review.run).toBeNull()
    expect(host.asked).toEqual([])
  })
})

describe('the test set', () => {
  it('is locked, and nothing of it is asked for', async () => {
    await review.open()
    await review.show(2, 'test')
    expect(review.locked).toBe(true)
    expect(review.loading).toBe(false)
    expect(review.images).toEqual([])
    expect(host.asked).toEqual(['2 validation'])
    await review.show(2, 'validation')
    expect(review.locked).toBe(false)
    expect(review.images).toHaveLength(3)
  })

  it('opens to the run that is shown when it is asked for, and to no other', async () => {
    await review.open()
    await review.show(2, 'test')
    await review.unlockTest()
    expect(review.locked).toBe(false)
    expect(review.looks).toHaveLength(1)
    expect(host.asked.at(-1)).toBe('2 test')
    expect(review.images).toHaveLength(3)
    await review.show(1, 'test')
    expect(review.locked).toBe(true)
    expect(review.images).toEqual([])
    await review.show(2, 'test')
    expect(review.locked).toBe(false)
    expect(host.looks).toHaveLength(1)
  })

  it('stays locked for a run that the host refuses, with its reason', async () => {
    host.refusal = 'Run 2 has trained with some of them.'
    await review.open()
    await review.show(2, 'test')
    await review.unlockTest()
    expect(review.locked).toBe(true)
    expect(review.problem).toBe('Run 2 has trained with some of them.')
    expect(host.asked).toEqual(['2 validation'])
  })
})

it('tells how far mIoU might be another one', async () => {
  await review.open()
  const { low, high } = review.interval!
  expect(low).toBeLessThanOrEqual(review.metrics.mIoU)
  expect(high).toBeGreaterThanOrEqual(review.metrics.mIoU)
  host.answer = async () => images.slice(0, 1)
  await review.show(1, 'train')
  expect(review.interval).toBeNull()
})
