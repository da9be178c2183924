// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import { LiveRun } from '../../../src-renderer/train/live-run.svelte'
import { baselines, liveRun, metricsOf, runOf } from './fixtures'

let clock = 0
let run: LiveRun

/** Steps that take a quarter of a second each, with as much again around them. */
function steps(from: number, to: number) {
  for (let step = from; step <= to; step++) {
    clock += 500
    run.apply({ type: 'step', step, loss: 1 / step, milliseconds: 250, waitedMilliseconds: 1 })
  }
}

const started = {
  type: 'started' as const,
  engine: 'tfjs-wasm',
  device: 'CPU (wasm)',
  chosenBecause: 'It was the fastest.',
  parameters: 9,
  baselines
}

beforeEach(() => {
  clock = 0
  run = new LiveRun(3, null, () => clock)
  run.apply({ type: 'snapshot', run: liveRun(3), history: { loss: [], validation: [] } })
})

describe('a run on screen', () => {
  it('prepares, starts, and names engine, device, why they were chosen, and the scores to beat', () => {
    run.apply({ type: 'preparing', done: 5, total: 40 })
    expect(run.preparing).toEqual({ done: 5, total: 40 })
    run.apply(started)
    expect(run.preparing).toBeNull()
    expect(run.run).toMatchObject({
      engine: 'tfjs-wasm',
      device: 'CPU (wasm)',
      chosenBecause: 'It was the fastest.'
    })
    expect(run.baselines).toEqual(baselines)
  })

  it('tells the time of a step, and the time left by the pace that it has seen', () => {
    steps(1, 1)
    expect(run.secondsLeft).toBeNull()
    steps(2, 100)
    expect(run.stepMilliseconds).toBe(250)
    expect(run.secondsLeft).toBeCloseTo(300 * 0.5, 6)
    expect(run.step).toBe(100)
  })

  it('tells the time left of a run that is limited by minutes', () => {
    const config = { ...liveRun(3).config, steps: null, minutes: 1 }
    run.apply({ type: 'snapshot', run: liveRun(3, { config }), history: { loss: [], validation: [] } })
    steps(1, 21)
    expect(run.secondsLeft).toBeCloseTo(60 - 10, 6)
  })

  it('keeps the best validation, of equals the first', () => {
    for (const [step, mIoU] of [
      [8, 0.5],
      [16, 0.7],
      [24, 0.6],
      [32, 0.7]
    ] as const) {
      run.apply({ type: 'validation', step, loss: 0.3, metrics: metricsOf(mIoU) })
    }
    expect(run.best).toEqual({ step: 16, metrics: metricsOf(0.7) })
    expect(run.lastValidation).toEqual(metricsOf(0.7))
    expect(run.curves.mIoU).toEqual([0.5, 0.7, 0.6, 0.7])
  })

  it('is where it was after the window was reloaded in the middle', () => {
    const history = {
      loss: [
        { step: 1, loss: 0.9 },
        { step: 2, loss: 0.8 }
      ],
      validation: [{ step: 1, loss: 0.9, metrics: metricsOf(0.44) }]
    }
    const again = new LiveRun(3, null, () => clock)
    again.apply({ type: 'snapshot', run: liveRun(3, { steps: 2, baselines }), history })
    expect(again.step).toBe(2)
    expect(again.best).toEqual({ step: 1, metrics: metricsOf(0.44) })
    expect(again.baselines).toEqual(baselines)
    expect(again.curves.lossSteps).toEqual([1, 2])
  })

  it('changes the counter of its curves with every point, so that the chart knows', () => {
    const before = run.drawn
    steps(1, 2)
    run.apply({ type: 'validation', step: 2, loss: 0.3, metrics: metricsOf(0.5) })
    expect(run.drawn).toBe(before + 3)
  })

  it('is called flat while it does no better than what never looks, but not too early', () => {
    run.apply(started)
    const validate = (step: number, mIoU: number) =>
      run.apply({ type: 'validation', step, loss: 0.9, metrics: metricsOf(mIoU) })
    for (let step = 1; step <= 11; step++) validate(step, baselines.meanMask)
    expect(run.flat).toBe(false)
    validate(12, baselines.meanMask)
    expect(run.flat).toBe(true)
    validate(13, 0.6)
    expect(run.flat).toBe(false)
  })

  it('shows a notice once, and ends with what the host has kept', () => {
    run.apply({ type: 'notice', message: 'No foreground in step 4.' })
    run.apply({ type: 'notice', message: 'No foreground in step 4.' })
    expect(run.notices).toEqual(['No foreground in step 4.'])
    steps(1, 10)
    run.apply({ type: 'ended', run: runOf(3, { flat: true, bestStep: 8, best: metricsOf(0.41) }) })
    expect(run.run!.live).toBe(false)
    expect(run.flat).toBe(true)
    expect(run.best).toEqual({ step: 8, metrics: metricsOf(0.41) })
    expect(run.secondsLeft).toBeNull()
  })
})
