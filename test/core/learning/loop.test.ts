import { describe, expect, it } from 'vitest'
import { JaccardError } from '#core/errors'
import { batchesAhead } from '#core/learning/batchesAhead'
import { batchesOnDemand, type OpenBatches } from '#core/learning/batchSource'
import type { LossName, TrainConfig } from '#core/learning/config'
import type { Checkpoint, TrainingEvent } from '#core/learning/events'
import { train, type Resume, type TrainOptions } from '#core/learning/loop'
import { quantise } from '#core/learning/quantise'
import type { Dataset, Sample } from '#core/learning/sample'
import { countTiles } from '#core/learning/tiles'
import { parseArchitecture } from '#core/network/architecture'
import type { Engine } from '#core/network/engine'
import { unpackWeights } from '#core/network/weights'
import { localBatchThread, type LocalBatchThread } from '../../fixtures/localBatches'
import { brightDataset, brightSample, oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'

type Of<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>

const spec = parseArchitecture(oneWeightConfig.architecture, 16, 2)
const weightOf = (packed: Uint8Array) => unpackWeights(spec, packed).get('score/bias')![0]!

/** Runs to the end and sorts what was reported. */
async function run(
  engine: Engine,
  config: Partial<TrainConfig> = {},
  dataset: Dataset = brightDataset(10, 4),
  options: Partial<TrainOptions> = {}
) {
  const events: TrainingEvent[] = []
  let error: unknown = null
  try {
    for await (const event of train(engine, { ...oneWeightConfig, ...config }, dataset, {
      signal: { aborted: false },
      ...options
    })) {
      events.push(event)
    }
  } catch (caught) {
    error = caught
  }
  const all = <T extends TrainingEvent['type']>(type: T) =>
    events.filter((event): event is Of<T> => event.type === type)
  return {
    events,
    error,
    all,
    steps: all('step').map(({ step }) => step),
    validated: all('validation').map(({ step }) => step),
    notices: all('notice').map(({ message }) => message),
    last: all('checkpoint')
      .filter(({ kind }) => kind === 'last')
      .at(-1)?.checkpoint,
    best: all('checkpoint')
      .filter(({ kind }) => kind === 'best')
      .at(-1)?.checkpoint,
    finished: all('finished')[0]
  }
}

/** What was reported, without what the clock says. */
const untimed = (events: TrainingEvent[]) =>
  events.map((event) => ({
    ...event,
    ...{ milliseconds: 0, waitedMilliseconds: 0, seconds: 0, medianStepMilliseconds: 0 }
  }))

describe('a run', () => {
  it('starts with the engine and the baselines, counts its steps, and ends with the validation images', async () => {
    const { events, all, steps, finished, error } = await run(oneWeightEngine())
    expect(error).toBeNull()
    expect(events[0]).toMatchObject({ type: 'started', engine: 'tfjs-wasm', device: 'one weight' })
    expect(all('started')[0]!.baselines.background).toBeGreaterThan(0.4)
    expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(all('prediction').map(({ imageId }) => imageId)).toEqual([100, 101, 102, 103])
    expect(events.at(-1)).toBe(finished)
    expect(finished).toMatchObject({ outcome: 'done', steps: 12, flat: false })
  })

  it('learns: the loss falls and the best model solves the task', async () => {
    const { all, finished } = await run(oneWeightEngine(), { learningRate: 0.5, dropout: 0 })
    const losses = all('step').map(({ loss }) => loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    expect(finished!.best).toMatchObject({ mIoU: 1, iou1: 1, iou0: 1, threshold: 0.5, tunedOn: 4 })
  })

  it('validates after the first step, in between, and after the last', async () => {
    const { validated } = await run(oneWeightEngine(), { steps: 13 })
    expect(validated[0]).toBe(1)
    expect(validated.at(-1)).toBe(13)
    expect(validated.length).toBeGreaterThan(3)
  })

  it('gives the same weights for the same seed and others for another', async () => {
    const [a, b, c] = [
      await run(oneWeightEngine()),
      await run(oneWeightEngine()),
      await run(oneWeightEngine(), { seed: 8 })
    ]
    expect(a.last!.weights).toEqual(b.last!.weights)
    expect(a.last!.weights).not.toEqual(c.last!.weights)
  })

  it('keeps the best checkpoint when the model gets worse again, and predicts with it', async () => {
    const dataset = brightDataset(10, 2)
    const script = [-1, -1, 2, -1, -1, -1]
    const { best, last, finished, all } = await run(oneWeightEngine({ script }), { steps: 6 }, dataset)
    expect(best!.step).toBe(3)
    expect(weightOf(best!.weights)).toBe(2)
    expect(weightOf(last!.weights)).toBe(-1)
    expect(finished).toMatchObject({ bestStep: 3, best: { mIoU: 1 } })
    for (const [i, { probabilities }] of all('prediction').entries()) {
      const { image } = dataset.validation[i]!
      const p = Float32Array.from(
        { length: 256 },
        (_, at) => 1 / (1 + Math.exp(-20 * (image[3 * at]! / 255 - 0.5)))
      )
      expect(probabilities).toEqual(quantise(p))
    }
  })

  it('warms up: the learning rate rises over the first steps', async () => {
    const rates: number[] = []
    const engine = oneWeightEngine({ onStep: (_, rate) => rates.push(rate) })
    await run(engine, { learningRate: 0.4, warmup: 4, steps: 6 })
    expect(rates).toEqual([0.1, 0.2, expect.closeTo(0.3, 12), 0.4, 0.4, 0.4])
  })

  it('ends when its minutes are over, with a validation of the last step', async () => {
    let clock = 0
    const engine = oneWeightEngine({ onStep: () => (clock += 10_000) })
    const { steps, validated, finished } = await run(
      engine,
      { steps: 1000, minutes: 1 },
      brightDataset(10, 4),
      { now: () => clock }
    )
    expect(steps).toHaveLength(6)
    expect(validated.at(-1)).toBe(6)
    expect(finished).toMatchObject({ outcome: 'done', steps: 6, seconds: 60, medianStepMilliseconds: 10_000 })
  })

  it('ends early when its patience is out, says why, and keeps the best model', async () => {
    const script = [-1, -1, 2, ...Array<number>(97).fill(-1)]
    const config = { steps: 50, patience: 4 }
    const { best, last, finished, steps, validated, notices, all } = await run(
      oneWeightEngine({ script }),
      config,
      brightDataset(10, 2)
    )
    expect(validated).toEqual([1, 3, 6, 9, 12, 15])
    expect(steps).toHaveLength(15)
    expect([best!.step, last!.step]).toEqual([3, 15])
    expect(finished).toMatchObject({ outcome: 'done', steps: 15, bestStep: 3 })
    expect(all('prediction')).toHaveLength(2)
    expect(notices).toContain(
      'Stopped at step 15: the next 4 validations were no better than the one of step 3, whose model is kept.'
    )
  })

  it('that reaches its last step is not said to have ended early', async () => {
    const { notices, finished } = await run(
      oneWeightEngine({ script: Array<number>(7).fill(2) }),
      { steps: 7, patience: 3 },
      brightDataset(10, 2)
    )
    expect(finished).toMatchObject({ outcome: 'done', steps: 7 })
    expect(notices).toEqual([])
  })

  it('tunes the threshold of its best model on the validation images, which is the best one without tuning', async () => {
    // Pixels of 0.6 are background here: a weight of 1 calls every pixel foreground at 0.5, and could tell them apart.
    const dataset = brightDataset(10, 3)
    for (const { image, label } of dataset.validation) {
      label.forEach((value, i) => image.fill(value ? 230 : 153, 3 * i, 3 * i + 3))
    }
    const apart = await run(oneWeightEngine({ script: [1, 1, 1] }), { steps: 3 }, dataset)
    expect(apart.all('validation')[0]!.metrics).toMatchObject({ threshold: 0.5, iou0: 0, recall: 1 })
    const background = 1 / (1 + Math.exp(-10 * (153 / 255 - 0.5)))
    expect(apart.finished!.best).toMatchObject({
      ...{ mIoU: 1, tunedOn: 3, threshold: Math.ceil(256 * background) / 256 }
    })
    const empty = await run(oneWeightEngine({ script: [1, 1, -1] }), { steps: 3 }, dataset)
    expect(empty.finished).toMatchObject({ bestStep: 3, best: { iou1: 0 } })
  })

  it('stores a checkpoint to go on from again and again', async () => {
    let clock = 0
    const engine = oneWeightEngine({ onStep: () => (clock += 5_000) })
    const { all } = await run(engine, { steps: 40 }, brightDataset(10, 4), { now: () => clock })
    const stored = all('checkpoint').filter(({ kind }) => kind === 'last')
    const steps = stored.map(({ checkpoint }) => checkpoint.step)
    expect(steps.at(-1)).toBe(40)
    expect(steps.length).toBeGreaterThan(5)
    expect(steps.length).toBeLessThan(12)
  })
})

describe('the weights that show the course of a run', () => {
  const stepsOf = (events: Of<'kept'>[]) => events.map(({ step }) => step)

  it('are those after steps 1, 2, 5, 10, 20, 50 and so on', async () => {
    const script = Array.from({ length: 60 }, (_, i) => i + 1)
    const { all } = await run(oneWeightEngine({ script }), { steps: 60 })
    expect(stepsOf(all('kept'))).toEqual([1, 2, 5, 10, 20, 50])
    expect(all('kept').map(({ weights }) => weightOf(weights))).toEqual([1, 2, 5, 10, 20, 50])
  })

  it('are the same in a run that was interrupted and resumed', async () => {
    const whole = await run(oneWeightEngine(), { steps: 25 })
    const signal = { aborted: false }
    const engine = oneWeightEngine({ onStep: (step) => (signal.aborted = step === 7) })
    const first = await run(engine, { steps: 25 }, brightDataset(10, 4), { signal })
    const resume = { last: first.last!, best: first.best!, validations: first.all('validation'), seconds: 1 }
    const second = await run(oneWeightEngine(), { steps: 25 }, brightDataset(10, 4), { resume })
    expect(stepsOf(first.all('kept'))).toEqual([1, 2, 5])
    expect([...first.all('kept'), ...second.all('kept')]).toEqual(whole.all('kept'))
  })
})

describe('an engine whose loss is read seldom', () => {
  it('trains to the same weights and reports the same losses as one whose loss is read at every step', async () => {
    const readings: number[] = []
    const config = { steps: 37 }
    const often = await run(oneWeightEngine(), config)
    const seldom = await run(
      oneWeightEngine({ lossInterval: 10, onReading: ({ length }) => readings.push(length) }),
      config
    )
    expect(untimed(seldom.events)).toEqual(untimed(often.events))
    expect(readings.reduce((sum, count) => sum + count)).toBe(37)
    expect(readings.length).toBeLessThan(37)
  })

  it('has its loss read before validations and at every tenth step only', async () => {
    const readings: number[] = []
    const engine = oneWeightEngine({ lossInterval: 10, onReading: ({ length }) => readings.push(length) })
    const { validated } = await run(engine, { steps: 2000, batch: 10 }, brightDataset(10, 1))
    expect(validated.slice(0, 3)).toEqual([1, 40, 80])
    expect(readings.slice(0, 9)).toEqual([1, 9, 10, 10, 10, 10, 10, 10, 10])
  })

  it('shares the time between two readings among their steps', async () => {
    let clock = 0
    const engine = oneWeightEngine({
      lossInterval: 10,
      onStep: () => (clock += 1),
      onReading: ({ length }) => (clock += 3 * length)
    })
    const { all, finished } = await run(engine, { steps: 30 }, brightDataset(10, 4), { now: () => clock })
    expect(new Set(all('step').map(({ milliseconds }) => milliseconds))).toEqual(new Set([4]))
    expect(finished!.medianStepMilliseconds).toBe(4)
  })

  it('tells of all its steps when it is cancelled between two readings', async () => {
    const signal = { aborted: false }
    const engine = oneWeightEngine({ lossInterval: 10, onStep: (step) => (signal.aborted = step === 17) })
    const { steps, last, finished } = await run(engine, { steps: 2000, batch: 10 }, brightDataset(10, 1), {
      signal
    })
    expect(steps).toEqual(Array.from({ length: 17 }, (_, i) => i + 1))
    expect(last!.step).toBe(17)
    expect(finished).toMatchObject({ outcome: 'cancelled', steps: 17 })
  })

  it('stops at a loss that is no number, whichever of the steps it was', async () => {
    const engine = oneWeightEngine({ lossInterval: 10, loss: (step, loss) => (step === 4 ? NaN : loss) })
    const { error, steps } = await run(engine, { steps: 2000, batch: 10 }, brightDataset(10, 1))
    expect(steps).toEqual([1, 2, 3])
    expect((error as Error).message).toMatch(/step 4.*lower the learning rate/)
  })
})

describe('batches that a thread makes ahead', () => {
  /** As a trainer opens them. */
  const from =
    ({ start }: LocalBatchThread): OpenBatches =>
    (plan) =>
      batchesAhead(start, plan)

  it('make the same run as those that are made on demand, and the thread ends with it', async () => {
    const thread = localBatchThread()
    const dataset = brightDataset(10, 4)
    const ahead = await run(oneWeightEngine(), {}, dataset, { openBatches: from(thread) })
    const onDemand = await run(oneWeightEngine(), {}, dataset)
    expect(ahead.finished).toMatchObject({ outcome: 'done', steps: 12 })
    expect(untimed(ahead.events)).toEqual(untimed(onDemand.events))
    expect(thread.over()).toBe(true)
  })

  it('end with a run that is cancelled, that fails, or that never began', async () => {
    const signal = { aborted: false }
    const engines = [
      oneWeightEngine({ onStep: (step) => (signal.aborted = step === 7) }),
      oneWeightEngine({ loss: () => NaN }),
      { ...oneWeightEngine(), compile: () => Promise.reject(new Error('no memory')) }
    ]
    for (const engine of engines) {
      signal.aborted = false
      const thread = localBatchThread()
      await run(engine, {}, brightDataset(10, 4), { signal, openBatches: from(thread) })
      expect(thread.over()).toBe(true)
    }
  })

  it('end the run with one sentence when the thread crashes', async () => {
    const thread = localBatchThread()
    const engine = oneWeightEngine({ onStep: (step) => step === 5 && thread.crash('exit code 1') })
    const { error, steps, best } = await run(engine, {}, brightDataset(10, 4), { openBatches: from(thread) })
    expect(error).toMatchObject({ code: 'training-failed' })
    expect((error as Error).message).toMatch(/^The thread that prepares .* \(exit code 1\).* resume it\.$/)
    expect(steps).toContain(5)
    expect(best).toBeDefined()
  })

  it('show in each step how long it waited', async () => {
    let clock = 0
    const slow: OpenBatches = (plan) => {
      const { next, dispose } = batchesOnDemand(plan)
      return { next: (step) => ((clock += 2), next(step)), dispose }
    }
    for (const lossInterval of [1, 10]) {
      const engine = oneWeightEngine({ lossInterval, onStep: () => (clock += 6) })
      const { all } = await run(engine, { steps: 25 }, brightDataset(10, 4), {
        now: () => clock,
        openBatches: slow
      })
      const times = all('step').map(({ milliseconds, waitedMilliseconds }) => [
        milliseconds,
        waitedMilliseconds
      ])
      expect(times).toEqual(Array(25).fill([8, 2]))
    }
  })
})

describe('cancelling', () => {
  it('keeps the best model and a checkpoint to go on from', async () => {
    const signal = { aborted: false }
    const engine = oneWeightEngine({ onStep: (step) => (signal.aborted = step === 7) })
    const { steps, last, best, finished, all } = await run(engine, {}, brightDataset(10, 4), { signal })
    expect(steps.at(-1)).toBe(7)
    expect(last!.step).toBe(7)
    expect(best).toBeDefined()
    expect(all('prediction')).toHaveLength(4)
    expect(finished).toMatchObject({
      ...{ outcome: 'cancelled', steps: 7, bestStep: best!.step },
      best: { tunedOn: 4, mIoU: expect.any(Number) }
    })
  })

  it('says so when there is no model yet', async () => {
    const { error, finished } = await run(oneWeightEngine(), {}, brightDataset(10, 4), {
      signal: { aborted: true }
    })
    expect(finished).toBeUndefined()
    expect(error).toBeInstanceOf(JaccardError)
    expect(error).toMatchObject({ code: 'cancelled' })
  })

  it('is heard during a validation', async () => {
    const signal = { aborted: false }
    let validating = 0
    const breathe = () => {
      // Once after the step, then after each of the validation's batches.
      if (++validating === 3) signal.aborted = true
      return Promise.resolve()
    }
    const { validated, last } = await run(oneWeightEngine(), {}, brightDataset(10, 30), { signal, breathe })
    expect(validated).toEqual([])
    expect(last!.step).toBe(1)
  })
})

describe('resuming', () => {
  /** A checkpoint as a database or another process gives it back. */
  const stored = ({ step, weights, optimiser }: Checkpoint): Checkpoint => ({
    step,
    weights: Buffer.from(weights),
    optimiser: Buffer.from(optimiser)
  })

  // The fifth step is one that is validated, the others are not.
  it.each([2, 5, 11])('after step %i ends with the same weights as without the break', async (stop) => {
    const whole = await run(oneWeightEngine())
    const signal = { aborted: false }
    const engine = oneWeightEngine({ onStep: (step) => (signal.aborted = step === stop) })
    const first = await run(engine, {}, brightDataset(10, 4), { signal })
    const resume: Resume = {
      last: stored(first.last!),
      best: stored(first.best!),
      validations: first.all('validation'),
      seconds: 1
    }
    expect(resume.last.step).toBe(stop)
    const second = await run(oneWeightEngine(), {}, brightDataset(10, 4), { resume })
    expect(second.steps[0]).toBe(stop + 1)
    expect(second.last).toEqual(whole.last)
    expect([...resume.validations, ...second.all('validation')]).toEqual(whole.all('validation'))
    expect(second.finished).toMatchObject({
      bestStep: whole.finished!.bestStep,
      best: whole.finished!.best,
      flat: whole.finished!.flat
    })
    expect(second.all('prediction')).toEqual(whole.all('prediction'))
  })

  it.each([2, 9, 10])('after step %i waits no longer for a better validation', async (stop) => {
    const script = [-1, -1, 2, ...Array<number>(97).fill(-1)]
    const config = { steps: 50, patience: 4 }
    const dataset = brightDataset(10, 2)
    const whole = await run(oneWeightEngine({ script }), config, dataset)
    const signal = { aborted: false }
    const engine = oneWeightEngine({ script, onStep: (step) => (signal.aborted = step === stop) })
    const first = await run(engine, config, dataset, { signal })
    const resume = { last: first.last!, best: first.best!, validations: first.all('validation'), seconds: 1 }
    const second = await run(oneWeightEngine({ script }), config, dataset, { resume })
    expect(second.steps.at(-1)).toBe(15)
    expect(second.notices).toEqual(whole.notices)
    expect(second.last).toEqual(whole.last)
  })

  it('after a crash at the very end only ends', async () => {
    const script = [-1, -1, 2, ...Array<number>(97).fill(-1)]
    const config = { steps: 50, patience: 4 }
    const dataset = brightDataset(10, 2)
    const whole = await run(oneWeightEngine({ script }), config, dataset)
    const resume = { last: whole.last!, best: whole.best!, validations: whole.all('validation'), seconds: 1 }
    const second = await run(oneWeightEngine({ script }), config, dataset, { resume })
    expect(second.steps).toEqual([])
    expect(second.notices).toEqual(whole.notices)
    expect(second.finished).toMatchObject({ outcome: 'done', steps: 15, bestStep: 3 })
    expect(second.all('prediction')).toEqual(whole.all('prediction'))
  })

  it('counts the time that was already spent', async () => {
    const whole = await run(oneWeightEngine(), { steps: 5 })
    const resume = { last: whole.last!, best: whole.best!, validations: whole.all('validation'), seconds: 50 }
    let clock = 0
    const engine = oneWeightEngine({ onStep: () => (clock += 4_000) })
    const { steps } = await run(engine, { steps: null, minutes: 1 }, brightDataset(10, 4), {
      resume,
      now: () => clock
    })
    expect(steps).toEqual([6, 7, 8])
  })
})

describe('trouble', () => {
  it('stops at a loss that is no number and says what to do', async () => {
    const engine = oneWeightEngine({ loss: (step, loss) => (step === 4 ? NaN : loss) })
    const { error, steps } = await run(engine, { learningRate: 0.3 })
    expect(steps).toEqual([1, 2, 3])
    expect(error).toMatchObject({ code: 'training-failed' })
    expect((error as Error).message).toMatch(/step 4.*lower the learning rate.*0\.3/)
  })

  it('stops when only the predictions have broken down, and never stores such a checkpoint', async () => {
    const { error, all } = await run(oneWeightEngine({ script: [1, 1, NaN], loss: () => 0.5 }), { steps: 3 })
    expect(error).toMatchObject({ code: 'training-failed' })
    for (const { checkpoint } of all('checkpoint')) expect(weightOf(checkpoint.weights)).toBe(1)
  })

  it('calls a run flat that always says background, and says why', async () => {
    const { finished, notices } = await run(oneWeightEngine({ script: Array(12).fill(0) as number[] }), {
      loss: 'iou'
    })
    expect(finished!.flat).toBe(true)
    expect(notices.at(-1)).toMatch(/knows nothing yet.*learning rate.*batch.*iou\+xent/)
  })

  it('tells once of batches without foreground where the loss is an overlap alone', async () => {
    const dataset = brightDataset(4, 2)
    dataset.train = dataset.train.map((sample, i) => (i < 2 ? brightSample(sample.imageId, 16, 0) : sample))
    const config = { batch: 1, steps: 12 }
    const { notices } = await run(oneWeightEngine(), { ...config, loss: 'iou' }, dataset)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatch(/no foreground.*2 of the 4 batches.*2 of the 4 training images.*iou\+xent/)
    const noticesOf = async (loss: LossName) =>
      (await run(oneWeightEngine(), { ...config, loss }, dataset)).notices
    expect(await noticesOf('dice')).toEqual([expect.stringContaining('the loss dice learns nothing from')])
    expect(await noticesOf('lovasz')).toEqual([
      expect.stringContaining('the loss lovasz learns from a single pixel of')
    ])
    for (const loss of ['iou+xent', 'xent', 'bce', 'focal'] as const)
      expect(await noticesOf(loss)).toEqual([])
  })

  it('refuses an architecture that does not exist', async () => {
    const { error } = await run(oneWeightEngine(), { architecture: 'ResNet-50' })
    expect(error).toMatchObject({ code: 'usage' })
  })
})

describe('the health of a run that has learned something', () => {
  /** Validation images that are like the training images, turned around, with labels of the caller's. */
  function turned(labelOf: (label: Uint8Array, index: number) => Uint8Array): Dataset {
    const dataset = brightDataset(10, 4)
    const validation = dataset.validation.map((sample, i) => {
      const reversed = sample.label.toReversed()
      return { ...sample, image: sample.image.toReversed(), label: labelOf(reversed, i) }
    })
    return { ...dataset, validation }
  }
  const script = Array<number>(12).fill(2)

  it('is not spoken of where nothing is wrong', async () => {
    expect(
      (
        await run(
          oneWeightEngine({ script }),
          {},
          turned((label) => label)
        )
      ).notices
    ).toEqual([])
  })

  it('shows images that are learned by heart: right on those of training, half wrong on others', async () => {
    // A broad dark stripe that the labels call foreground.
    const dataset = turned((label) => label.map((value, i) => (i < 48 ? 1 : value)))
    const { notices, finished } = await run(oneWeightEngine({ script }), {}, dataset)
    expect(finished!.flat).toBe(false)
    expect(notices).toEqual([expect.stringMatching(/training images by heart: mIoU 1\.000 on them/)])
  })

  it('shows small objects that cross entropy ignored', async () => {
    // Two single pixels in the dark beside every disc.
    const dataset = turned((label) => label.map((value, i) => (i === 0 || i === 4 ? 1 : value)))
    dataset.validation.push(...brightDataset(10, 4).validation)
    const { notices } = await run(oneWeightEngine({ script }), {}, dataset)
    expect(notices).toEqual([
      expect.stringMatching(
        /^Cross entropy ignored .* of the 8 smaller ones \(up to 1 pixels.* 0 were found, of the 8 larger ones 8/
      )
    ])
  })

  it('is not asked for when the run was cancelled', async () => {
    const signal = { aborted: false }
    const engine = oneWeightEngine({ script, onStep: (step) => (signal.aborted = step === 7) })
    const dataset = turned((label) => label.map((value, i) => (i < 16 ? 1 : value)))
    expect((await run(engine, {}, dataset, { signal })).notices).toEqual([])
  })
})

describe('a run on crops', () => {
  /** Frames larger than the input in one direction or both, and one that is smaller. */
  const sizes = [
    [70, 40],
    [40, 20],
    [16, 33],
    [12, 10]
  ] as const

  /** One bright disc that is foreground. */
  function frame(imageId: number, [width, height]: readonly [number, number]): Sample {
    const label = Uint8Array.from({ length: width * height }, (_, i) =>
      Math.hypot((i % width) - width / 3, Math.floor(i / width) - height / 3) < 5 ? 1 : 0
    )
    const image = Uint8Array.from({ length: 3 * label.length }, (_, i) =>
      label[Math.floor(i / 3)] ? 178 : 76
    )
    return { imageId, width, height, image, label }
  }
  const dataset: Dataset = {
    train: sizes.map((size, i) => frame(i + 1, size)),
    validation: [frame(100, [50, 41]), frame(101, [10, 10])]
  }
  const config = { crop: 16, learningRate: 0.5, dropout: 0, steps: 30, rotation: 20, zoom: 1.2 }

  it('learns from all of their tiles, and is judged by whole images', async () => {
    const counts: number[] = []
    const engine = oneWeightEngine({ onBatch: ({ count }) => counts.push(count) })
    const { all, finished, error } = await run(engine, config, dataset)
    expect(error).toBeNull()
    const tiles = countTiles(dataset.train, 16)
    const perEpoch = Math.ceil(tiles / oneWeightConfig.batch)
    expect(counts.slice(0, perEpoch).reduce((sum, count) => sum + count, 0)).toBe(tiles)
    expect(finished).toMatchObject({ outcome: 'done', best: { mIoU: 1 } })
    const predictions = all('prediction')
    expect(predictions.map(({ width, height }) => [width, height])).toEqual([
      [50, 41],
      [10, 10]
    ])
    predictions.forEach(({ probabilities }, i) => {
      const { label } = dataset.validation[i]!
      expect(probabilities.map((q) => (q >= 128 ? 1 : 0))).toEqual(label)
    })
  })

  it('that is interrupted and resumed ends with the same weights as without the break', async () => {
    const whole = await run(oneWeightEngine(), config, dataset)
    const signal = { aborted: false }
    const engine = oneWeightEngine({ onStep: (step) => (signal.aborted = step === 11) })
    const first = await run(engine, config, dataset, { signal })
    const resume = { last: first.last!, best: first.best!, validations: first.all('validation'), seconds: 1 }
    expect(resume.last.step).toBe(11)
    const second = await run(oneWeightEngine(), config, dataset, { resume })
    expect(second.last).toEqual(whole.last)
    expect([...resume.validations, ...second.all('validation')]).toEqual(whole.all('validation'))
    expect(second.all('prediction')).toEqual(whole.all('prediction'))
  })

  it('tells how many crops have no foreground', async () => {
    const { notices } = await run(oneWeightEngine(), { ...config, loss: 'iou', batch: 1 }, dataset)
    expect(notices[0]).toMatch(/^The batch of step \d+ has no foreground.* of the \d+ crops have none/)
  })

  it('that is cancelled while it validates ends before the next batch', async () => {
    const signal = { aborted: false }
    let predicted = 0
    const engine = oneWeightEngine({ onPredict: () => (signal.aborted = ++predicted === 3) })
    const long = { ...dataset, validation: [frame(100, [400, 300])] }
    const { finished, error } = await run(engine, config, long, { signal })
    expect(finished).toBeUndefined()
    expect(error).toMatchObject({ code: 'cancelled' })
    expect(predicted).toBe(3)
  })
})
