// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { baselineLines, bestOf, Curves, smooth } from '../../../src-renderer/train/curves'

const metrics = (mIoU: number) => ({ threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: 1, recall: 1 })

describe('the curves of a run', () => {
  it('go on from the history with the events, and take no step twice', () => {
    const curves = new Curves({
      loss: [
        { step: 1, loss: 0.9 },
        { step: 2, loss: 0.8 }
      ],
      validation: [{ step: 1, loss: 0.95, metrics: metrics(0.4) }]
    })
    curves.addLoss(2, 0.8)
    curves.addLoss(3, 0.7)
    curves.addValidation(1, 0.95, metrics(0.4))
    curves.addValidation(3, 0.75, metrics(0.5))
    expect(curves.lossSteps).toEqual([1, 2, 3])
    expect(curves.loss).toEqual([0.9, 0.8, 0.7])
    expect(curves.validationSteps).toEqual([1, 3])
    expect(curves.mIoU).toEqual([0.4, 0.5])
  })

  it('stay small however long the run is, and keep their shape', () => {
    const curves = new Curves()
    for (let step = 1; step <= 100_000; step++) curves.addLoss(step, 1 / step)
    expect(curves.lossSteps.length).toBeGreaterThan(1000)
    expect(curves.lossSteps.length).toBeLessThanOrEqual(4000)
    expect(curves.lossSteps.every((step, i) => i === 0 || step > curves.lossSteps[i - 1]!)).toBe(true)
    expect(curves.loss).toEqual(curves.lossSteps.map((step) => 1 / step))
    expect(curves.lossSteps.at(-1)).toBeGreaterThan(99_900)
  })

  it('are smoothed towards the running mean, over steps and not over points', () => {
    const steps = Array.from({ length: 400 }, (_, i) => i + 1)
    expect(
      smooth(
        steps,
        steps.map(() => 0.5)
      )
    ).toEqual(steps.map(() => 0.5))
    const noisy = smooth(
      steps,
      steps.map((step) => (step % 2 ? 1 : 0))
    )
    expect(Math.abs(noisy.at(-1)! - 0.5)).toBeLessThan(0.06)
    expect(smooth([1, 1000], [0, 1])[1]).toBeCloseTo(1, 10)
    expect(smooth([], [])).toEqual([])
  })
})

describe('the lines of models that learned nothing', () => {
  it('come from high to low, and share a line where they score alike', () => {
    expect(baselineLines({ background: 0.402, foreground: 0.098, meanMask: 0.4021 })).toEqual([
      { label: 'mean mask = always background', value: 0.4021 },
      { label: 'always foreground', value: 0.098 }
    ])
    const apart = baselineLines({ background: 0.3, foreground: 0.2, meanMask: 0.4 })
    expect(apart.map(({ label }) => label)).toEqual(['mean mask', 'always background', 'always foreground'])
  })

  it('give the score to beat', () => {
    expect(bestOf({ background: 0.3, foreground: 0.2, meanMask: 0.4 })).toBe(0.4)
  })
})
