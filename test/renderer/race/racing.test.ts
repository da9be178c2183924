// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import type { RaceProgress } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { continuable, Racing } from '../../../src-renderer/race/racing.svelte'
import { config, FakeHost, pairOf, raceWith } from './fixtures'

let host: FakeHost
let racing: Racing
let time = 0

beforeEach(() => {
  host = new FakeHost()
  time = 0
  racing = new Racing(host, () => time)
})

/** The race that is shown hears this. */
const tell = (event: RaceProgress, id = 7) => host.followers.get(id)!(event)

const step = (runId: number, number: number): RaceProgress => ({
  type: 'run',
  runId,
  progress: { type: 'step', step: number, loss: 0.5, milliseconds: 10, waitedMilliseconds: 0 }
})

const validation = (runId: number, number: number, mIoU: number): RaceProgress => ({
  type: 'run',
  runId,
  progress: {
    type: 'validation',
    step: number,
    loss: 0.5,
    metrics: { threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: 1, recall: 1 }
  }
})

describe('a race on the screen', () => {
  beforeEach(async () => {
    await racing.start(config)
    tell({ type: 'snapshot', race: raceWith(['done', 'running']), curves: [], baselines: null })
  })

  it('is followed from its start', () => {
    expect(host.asked).toEqual(['start iou xent 2'])
    expect(racing.shown!.current).toMatchObject({ number: 2, loss: 'xent', seed: 0, runId: 2 })
    expect(racing.shown!.fraction).toBe(0.25)
  })

  it('shows how far it is and how long it will take, by the pace so far', () => {
    const live = racing.shown!
    tell(step(2, 20))
    expect(live.fraction).toBeCloseTo(0.3)
    expect(live.secondsLeft).toBeNull()
    time = 4_000
    tell(step(2, 60))
    expect(live.fraction).toBeCloseTo(0.4)
    expect(live.secondsLeft).toBeCloseTo(24)
    tell({ type: 'race', race: raceWith(['done', 'done', 'running']) })
    expect(live.step).toBe(0)
    expect(live.fraction).toBe(0.5)
  })

  it('draws the validations of every run, and takes none twice', () => {
    tell(validation(2, 1, 0.4))
    tell(validation(2, 10, 0.5))
    tell(validation(2, 10, 0.5))
    expect(racing.shown!.curves[1]).toEqual({
      loss: 'xent',
      seed: 0,
      done: false,
      points: [
        { step: 1, mIoU: 0.4 },
        { step: 10, mIoU: 0.5 }
      ]
    })
    const drawn = racing.shown!.drawn
    tell(validation(2, 20, 0.6))
    expect(racing.shown!.drawn).toBe(drawn + 1)
  })

  it('has a verdict as soon as a pair was judged, and again with every further one', () => {
    expect(racing.shown!.outcome).toBeNull()
    tell({ type: 'race', race: raceWith(['done', 'done', 'running'], { pairs: [pairOf(0, 0.7, 0.6)] }) })
    expect(racing.shown!.outcome!.verdict.sentence).toMatch(
      /^\+0\.100 mIoU for IoU over cross entropy, 1 seed/
    )
    const pairs = [pairOf(0, 0.7, 0.6), pairOf(1, 0.71, 0.61)]
    tell({
      type: 'ended',
      race: raceWith(['done', 'done', 'done', 'done'], { pairs, live: false, status: 'done' })
    })
    expect(racing.shown!.outcome!.verdict).toMatchObject({ winner: 'iou', over: 'seeds' })
    expect(racing.shown!.secondsLeft).toBeNull()
    expect(racing.shown!.fraction).toBe(1)
  })

  it('begins again from a snapshot when the connection is back', () => {
    tell(validation(2, 1, 0.4))
    tell({
      type: 'snapshot',
      race: raceWith(['done', 'running']),
      curves: [{ runId: 2, validation: [{ step: 5, mIoU: 0.9 }] }],
      baselines: null
    })
    expect(racing.shown!.curves[1]!.points).toEqual([{ step: 5, mIoU: 0.9 }])
    expect(racing.shown!.step).toBe(5)
  })

  it('is left without being stopped, and found again while it is live', () => {
    racing.leave()
    expect(host.followers.size).toBe(0)
    racing.open()
    expect(racing.shown).toBeNull()
    host.races = [raceWith(['running'], { id: 7 })]
    racing = new Racing(host, () => time)
    racing.open()
    expect(racing.shown!.id).toBe(7)
    expect(host.asked).not.toContain('cancel 7')
  })

  it('is stopped, continued and removed', async () => {
    await racing.cancel(7)
    await racing.resume(7)
    await racing.remove(7)
    expect(host.asked.slice(1)).toEqual(['cancel 7', 'resume 7', 'remove 7'])
    expect(racing.shown).toBeNull()
  })
})

it('what the host refuses is told, until something else is tried', async () => {
  const start = host.start.bind(host)
  host.start = () => Promise.reject(new JaccardError('conflict', 'Run 3 is still training.'))
  await racing.start(config)
  expect(racing.problem).toBe('Run 3 is still training.')
  expect(racing.shown).toBeNull()
  host.start = start
  await racing.start(config)
  expect(racing.problem).toBeNull()
})

it('a race can go on where it ended early', () => {
  const ended = (status: 'done' | 'cancelled' | 'interrupted' | 'failed') =>
    continuable(raceWith([], { status, live: false }))
  expect(ended('cancelled')).toBe(true)
  expect(ended('interrupted')).toBe(true)
  expect(ended('failed')).toBe(true)
  expect(ended('done')).toBe(false)
  expect(continuable(raceWith(['running']))).toBe(false)
})
