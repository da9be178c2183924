// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { raceColumns, type RunCurve } from '../../../src-renderer/race/curves'

const curve = (loss: 'iou' | 'xent', done: boolean, ...scores: [step: number, mIoU: number][]): RunCurve => ({
  loss,
  seed: 0,
  done,
  points: scores.map(([step, mIoU]) => ({ step, mIoU }))
})

describe('the curves of a race', () => {
  it('are the mean of each loss over the seeds, and each by itself', () => {
    const { steps, means, single } = raceColumns(
      ['iou', 'xent'],
      [
        curve('iou', true, [1, 0.2], [10, 0.6]),
        curve('xent', true, [1, 0.4], [10, 0.5]),
        curve('iou', true, [1, 0.4], [10, 0.8]),
        curve('xent', true, [1, 0.2], [10, 0.7])
      ]
    )
    expect(steps).toEqual([1, 10])
    expect(means[0]).toEqual([expect.closeTo(0.3), expect.closeTo(0.7)])
    expect(means[1]).toEqual([expect.closeTo(0.3), expect.closeTo(0.6)])
    expect(single[2]).toEqual([0.4, 0.8])
  })

  it('leave a run that still trains out of the mean, unless it is the first', () => {
    const first = curve('iou', false, [1, 0.2])
    expect(raceColumns(['iou', 'xent'], [first]).means).toEqual([[0.2], [null]])
    const second = { ...first, done: true, points: [...first.points, { step: 10, mIoU: 0.9 }] }
    const { means } = raceColumns(['iou', 'xent'], [second, curve('iou', false, [1, 0.8])])
    expect(means[0]).toEqual([0.2, 0.9])
  })

  it('of different lengths have a mean as far as all of them go', () => {
    const { means } = raceColumns(
      ['iou', 'xent'],
      [curve('iou', true, [1, 0.2], [10, 0.6]), curve('iou', true, [1, 0.4])]
    )
    expect(means[0]).toEqual([expect.closeTo(0.3), null])
  })

  it('are empty before the first validation', () => {
    expect(raceColumns(['iou', 'xent'], [curve('iou', false)])).toEqual({
      steps: [],
      means: [[], []],
      single: [[]]
    })
  })
})
