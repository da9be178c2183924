import { describe, expect, it } from 'vitest'
import { histogramOf } from '#core/learning/metrics'
import { square } from '#core/learning/frame'
import {
  compareImage,
  pairOf,
  racePair,
  tunedLevel,
  type Both,
  type Judged
} from '#core/learning/race/compare'

/** A picture in words: `#` foreground, `.` background, `?` unknown. */
const labelOf = (...rows: string[]) =>
  Uint8Array.from(rows.join(''), (sign) => ({ '#': 1, '.': 0, '?': 2 })[sign]!)

/** A prediction in words: a digit is that many tenths of certainty. */
const predictionOf = (...rows: string[]) =>
  Uint8Array.from(rows.join(''), (digit) => Math.floor(Number(digit) * 25.6))

const HALF: Both<number> = [128, 128]

describe('two predictions of one image', () => {
  const label = labelOf('##..', '##..', '...#', '?..#')
  const blob = predictionOf('9990', '0000', '0000', '9000')

  it('are told apart by what only one of them found, and only one of them painted', () => {
    const [a, b] = compareImage(label, [predictionOf('9900', '9900', '0009', '9009'), blob], HALF, square(4))
    expect(a.counts).toEqual({ tp: 6, fp: 0, fn: 0, tn: 9 })
    expect(b.counts).toEqual({ tp: 2, fp: 1, fn: 4, tn: 8 })
    expect(a).toMatchObject({ recovered: 4, added: 0 })
    expect(b).toMatchObject({ recovered: 0, added: 1 })
  })

  it('leave the unknown out, wherever it is painted', () => {
    const nothing = predictionOf('0000', '0000', '0000', '0000')
    const unknown = predictionOf('0000', '0000', '0000', '9000')
    const [a, b] = compareImage(label, [unknown, nothing], HALF, square(4))
    expect(a).toEqual(b)
    expect(a).toMatchObject({ recovered: 0, added: 0, counts: { tp: 0, fp: 0, fn: 6, tn: 9 } })
  })

  it('count the objects that each found, by half of the union and by any pixel', () => {
    const [a, b] = compareImage(label, [predictionOf('9900', '9900', '0009', '0009'), blob], HALF, square(4))
    expect(a.objects).toEqual({ objects: 2, found: 2, touched: 2 })
    expect(b.objects).toEqual({ objects: 2, found: 0, touched: 1 })
  })

  it('are each taken at their own threshold', () => {
    const faint = predictionOf('3300', '3300', '0003', '0003')
    const [a, b] = compareImage(label, [faint, faint], [Math.floor(3 * 25.6), 128], square(4))
    expect(a.counts).toMatchObject({ tp: 6, fn: 0 })
    expect(b.counts).toMatchObject({ tp: 0, fn: 6 })
    expect([a.recovered, b.recovered]).toEqual([6, 0])
  })

  it('recover and add nothing where they are the same', () => {
    for (const judged of compareImage(label, [blob, blob], HALF, square(4))) {
      expect(judged).toMatchObject({ recovered: 0, added: 0 })
    }
  })
})

describe('the threshold of a run', () => {
  it('is the one that serves all of its images together', () => {
    const label = labelOf('#...')
    const images = [predictionOf('4000'), predictionOf('4100')].map((q) => histogramOf(q, label))
    const level = tunedLevel(images)
    expect(level).toBeGreaterThan(25)
    expect(level).toBeLessThanOrEqual(102)
  })
})

describe('a pair of runs', () => {
  const judged = (tp: number, fp: number, fn: number, tn: number, extra: Partial<Judged> = {}): Judged => ({
    counts: { tp, fp, fn, tn },
    objects: { objects: 2, found: 1, touched: 2 },
    recovered: 0,
    added: 0,
    ...extra
  })

  const images: Both<Judged>[] = [
    [judged(8, 2, 2, 88, { recovered: 3 }), judged(6, 1, 4, 89, { added: 1 })],
    [judged(0, 0, 0, 100), judged(0, 4, 0, 96, { added: 4 })]
  ]

  it('is judged by the pixels of all images together, at the thresholds that were given', () => {
    const { runs } = pairOf(3, [11, 12], [64, 128], images)
    expect(runs[0].metrics).toMatchObject({ threshold: 0.25, iou1: 8 / 12, recall: 0.8, precision: 0.8 })
    expect(runs[1].metrics).toMatchObject({ threshold: 0.5, iou1: 6 / 15, recall: 0.6, precision: 6 / 11 })
    expect(runs.map(({ runId }) => runId)).toEqual([11, 12])
  })

  it('adds up objects, recovered and added pixels', () => {
    const { runs, seed, images: count } = pairOf(3, [11, 12], [64, 128], images)
    expect({ seed, count }).toEqual({ seed: 3, count: 2 })
    expect(runs[0]).toMatchObject({ objects: { objects: 4, found: 2, touched: 4 }, recovered: 3, added: 0 })
    expect(runs[1]).toMatchObject({ recovered: 0, added: 5 })
  })

  it('has an interval over the choice of images, which contains the difference', () => {
    const pair = pairOf(3, [11, 12], [64, 128], images)
    const difference = pair.runs[0].metrics.mIoU - pair.runs[1].metrics.mIoU
    expect(pair.imageInterval!.low).toBeLessThanOrEqual(difference)
    expect(pair.imageInterval!.high).toBeGreaterThanOrEqual(difference)
    expect(pairOf(3, [11, 12], [64, 128], images.slice(0, 1)).imageInterval).toBeNull()
  })

  it('is kept as it is', () => {
    const pair = pairOf(3, [11, 12], [64, 128], images)
    expect(racePair.parse(JSON.parse(JSON.stringify(pair)))).toEqual(pair)
  })
})
