import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainConfig, type TrainConfig } from '#core/learning/config'
import type { TrainingEvent } from '#core/learning/events'
import { train, type Resume } from '#core/learning/loop'
import type { Engine } from '#core/network/engine'
import { openEngine } from '#main/engines/engines'
import { brightDataset } from '../../fixtures/oneWeightEngine'

const config = trainConfig.parse({
  loss: 'iou+xent',
  architecture: 'VGG6xs-Fc6-k1-16-Deconv-k16s8',
  size: 32,
  batch: 4,
  learningRate: 1e-2,
  warmup: 6,
  dropout: 0.5,
  steps: 30,
  minutes: null,
  seed: 5,
  engine: 'auto',
  threads: 2,
  flips: true,
  reluLogits: false
})
const dataset = brightDataset(10, 3, 32)

/** Everything that a run reports, without what the clock says; stopped after a step if one is given. */
async function run(engine: Engine, changes: Partial<TrainConfig> = {}, stop?: number, resume?: Resume) {
  const signal = { aborted: false }
  const events: TrainingEvent[] = []
  for await (const event of train(engine, { ...config, ...changes }, dataset, { signal, resume })) {
    events.push(event)
    if (event.type === 'step' && event.step === stop) signal.aborted = true
  }
  return events.map((event) => ({
    ...event,
    ...{ milliseconds: 0, waitedMilliseconds: 0, seconds: 0, medianStepMilliseconds: 0 }
  }))
}

type Events = Awaited<ReturnType<typeof run>>

function lastCheckpoint(events: Events, wanted: 'best' | 'last') {
  return events
    .flatMap((event) => (event.type === 'checkpoint' && event.kind === wanted ? [event.checkpoint] : []))
    .at(-1)!
}

/** From where a run that was stopped goes on. */
function resumeOf(events: Events): Resume {
  return {
    last: lastCheckpoint(events, 'last'),
    best: lastCheckpoint(events, 'best'),
    validations: events.filter((event) => event.type === 'validation'),
    seconds: 1
  }
}

describe.each(['onnx-cpu', 'tfjs-wasm'] as const)('a run on %s', (name) => {
  let engine: Engine
  let whole: Events
  /** With a patience that does not last until the network has begun to learn. */
  let early: Events
  beforeAll(async () => {
    engine = (await openEngine(name, { threads: config.threads })).engine
    whole = await run(engine)
    early = await run(engine, { patience: 4 })
  })
  afterAll(() => engine.dispose())

  it('is the same, bit by bit, when it is run again', async () => {
    expect(await run(engine)).toEqual(whole)
    const opened = (await openEngine(name, { threads: config.threads })).engine
    expect(lastCheckpoint(await run(opened), 'last')).toEqual(lastCheckpoint(whole, 'last'))
    opened.dispose()
    const other = await run(engine, { seed: 6 })
    expect(lastCheckpoint(other, 'last').weights).not.toEqual(lastCheckpoint(whole, 'last').weights)
  })

  it('has learned, or its patience was out', () => {
    const end = (events: Events) => events.find((event) => event.type === 'finished')!
    expect(end(early)).toMatchObject({ outcome: 'done', steps: 12, bestStep: 1 })
    expect(end(whole)).toMatchObject({ outcome: 'done', steps: 30 })
    expect(end(whole).best.mIoU).toBeGreaterThan(end(early).best.mIoU)
  })

  it.each([
    ['in the warm-up', 4, null],
    ['at a validation', 9, null],
    ['later', 23, null],
    ['in the warm-up, with patience', 2, 4],
    ['when its patience is nearly out', 11, 4]
  ])(
    'that is interrupted %s, after step %i, and resumed ends as if it had not been',
    async (_, stop, patience) => {
      const undisturbed = patience === null ? whole : early
      const first = await run(engine, { patience }, stop)
      expect(first.at(-1)).toMatchObject({ type: 'finished', outcome: 'cancelled', steps: stop })
      const second = await run(engine, { patience }, undefined, resumeOf(first))
      const course = (events: Events) => events.filter(({ type }) => type === 'step' || type === 'validation')
      expect([...course(first), ...course(second)]).toEqual(course(undisturbed))
      expect(lastCheckpoint(second, 'last')).toEqual(lastCheckpoint(undisturbed, 'last'))
      const end = (events: Events) =>
        events.filter(({ type }) => ['notice', 'prediction', 'finished'].includes(type))
      expect(end(second)).toEqual(end(undisturbed))
    }
  )

  // Nothing that a configuration may hold makes these networks overflow.
  it('whose learning rate is absurd stops with one sentence', async () => {
    await expect(run(engine, { learningRate: 1e30, warmup: 0, steps: 200 })).rejects.toMatchObject({
      code: 'training-failed',
      message: expect.stringMatching(
        /no longer a finite number at step \d+: lower the learning rate \(it was 1e\+30\)/
      )
    })
  })
})
