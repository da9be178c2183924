import { describe, expect, it } from 'vitest'
import type { RacePair } from '#core/learning/race/compare'
import { outcomeOf, signed } from '#core/learning/race/outcome'

const run = (runId: number, mIoU: number, found: number) => ({
  runId,
  metrics: { threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: mIoU, recall: mIoU },
  objects: { objects: 12, found, touched: 12 },
  recovered: 10 * runId,
  added: runId
})

/** Pairs of these scores: first loss, second loss. */
const pairsOf = (...scores: [number, number][]): RacePair[] =>
  scores.map(([first, second], seed) => ({
    seed,
    images: 7,
    runs: [run(2 * seed + 1, first, 9), run(2 * seed + 2, second, 8)],
    imageInterval: { low: -0.01, high: 0.05 }
  }))

const verdict = (...scores: [number, number][]) => outcomeOf(['iou', 'xent'], pairsOf(...scores))!.verdict

describe('the verdict', () => {
  it('names the better loss, by how much, how sure, and over how many seeds', () => {
    expect(verdict([0.731, 0.7], [0.736, 0.7], [0.729, 0.7], [0.741, 0.7], [0.733, 0.7])).toEqual({
      sentence: '+0.034 mIoU for IoU over cross entropy, 95 % interval 0.028 to 0.040, 5 seeds',
      winner: 'iou',
      interval: { low: expect.closeTo(0.0282, 3), high: expect.closeTo(0.0398, 3) },
      over: 'seeds'
    })
  })

  it('names the second loss where that is the better one, with the same interval turned round', () => {
    expect(verdict([0.7, 0.731], [0.7, 0.736], [0.7, 0.729], [0.7, 0.741], [0.7, 0.733])).toMatchObject({
      sentence: '+0.034 mIoU for cross entropy over IoU, 95 % interval 0.028 to 0.040, 5 seeds',
      winner: 'xent'
    })
  })

  it('says that chance may have made the difference where the interval contains 0', () => {
    expect(verdict([0.74, 0.7], [0.71, 0.72], [0.72, 0.71])).toMatchObject({
      sentence:
        'No difference beyond chance between IoU and cross entropy: +0.013 mIoU for IoU, ' +
        '95 % interval −0.049 to 0.076, 3 seeds',
      winner: null,
      over: 'seeds'
    })
  })

  it('says that both score the same where they do', () => {
    expect(verdict([0.5, 0.5], [0.75, 0.75]).sentence).toBe(
      'No difference beyond chance between IoU and cross entropy: both score the same, ' +
        '95 % interval 0.000 to 0.000, 2 seeds'
    )
  })

  it('of two seeds has an interval that is as wide as two values deserve', () => {
    const { interval, winner } = verdict([0.72, 0.7], [0.74, 0.7])
    expect(interval!.low).toBeCloseTo(0.03 - 0.127, 3)
    expect(winner).toBeNull()
  })

  it('of one seed declares no winner, and gives the interval over images by its name', () => {
    expect(verdict([0.73, 0.7])).toEqual({
      sentence:
        '+0.030 mIoU for IoU over cross entropy, 1 seed, 95 % interval −0.010 to 0.050 over the choice of the ' +
        '7 validation images only: a single seed says nothing of the chance in training, so race with more',
      winner: null,
      interval: { low: -0.01, high: 0.05 },
      over: 'images'
    })
    expect(verdict([0.7, 0.73]).interval).toEqual({ low: -0.05, high: 0.01 })
  })

  it('of one seed and one image has no interval at all, and says so', () => {
    const [pair] = pairsOf([0.73, 0.7])
    const { verdict } = outcomeOf(['iou', 'xent'], [{ ...pair!, imageInterval: null }])!
    expect(verdict).toMatchObject({ interval: null, over: null, winner: null })
    expect(verdict.sentence).toMatch(/^\+0\.030 mIoU for IoU over cross entropy, 1 seed without an interval/)
  })

  it('is not there before both losses have finished with a seed', () => {
    expect(outcomeOf(['iou', 'xent'], [])).toBeNull()
  })
})

describe('the outcome', () => {
  it('tells each loss by the means over the seeds', () => {
    const { losses, seeds, differences } = outcomeOf(['dice', 'focal'], pairsOf([0.8, 0.7], [0.6, 0.7]))!
    expect(seeds).toBe(2)
    expect(losses[0]).toMatchObject({
      loss: 'dice',
      objects: 12,
      found: 9,
      touched: 12,
      recovered: 20,
      added: 2
    })
    expect(losses[1]).toMatchObject({ loss: 'focal', found: 8, recovered: 30, added: 3 })
    expect(losses[0].metrics.mIoU).toBeCloseTo(0.7, 9)
    expect(differences.iou1.bySeed).toEqual([expect.closeTo(0.1, 9), expect.closeTo(-0.1, 9)])
    expect(differences.recall.mean).toBeCloseTo(0, 9)
  })

  it('writes differences with their sign', () => {
    expect([0.0341, -0.0341, 0, -0.0001].map(signed)).toEqual(['+0.034', '−0.034', '+0.000', '+0.000'])
  })
})
