import { describe, expect, it, onTestFinished } from 'vitest'
import type { RunProgress } from '#core/api/values'
import type { TrainConfig } from '#core/learning/config'
import { readCheckpoint } from '#main/store/checkpoints'
import { listImages, setState } from '#main/store/images'
import { commitStroke, readMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { listPredictions, readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { createRun, getRun, listRunImages, readHistory, setThreshold } from '#main/store/runs'
import { createTraining, type Training } from '#main/training/service'
import { createTrainers } from '#main/training/trainers'
import { addDisc, addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { addLabelled, temporaryProject } from '../../fixtures/project'

const config: TrainConfig = { ...oneWeightConfig, batch: 4, steps: 12 }

type Hooks = Parameters<typeof oneWeightEngine>[0]

/** A project with eight pictures and its training. */
async function setUp(hooks: Hooks = {}, images: [train: number, validation: number] = [6, 2]) {
  const project = await temporaryProject()
  const ids = await addDiscs(project, ...images)
  return { project, ids, ...open(project, hooks) }
}

/** The training of a project, whose trainers run here. */
function open(project: Project, hooks: Hooks = {}) {
  const trainers = localTrainers(oneWeightEngine(hooks))
  const changes: { kind: string; ids: number[] }[] = []
  const training = createTraining(project, {
    trainers,
    changed: (change) => changes.push(change)
  })
  onTestFinished(() => training.close())
  return { trainers, training, changes }
}

/** Everything that a subscriber hears up to the end, doing something at each step if asked to. */
async function follow(training: Training, id: number, at: (event: RunProgress) => void = () => undefined) {
  const heard: RunProgress[] = []
  for await (const event of training.subscribe(id, new AbortController().signal)) {
    heard.push(event)
    at(event)
  }
  return heard
}

const atStep = (step: number, work: () => void) => (event: RunProgress) => {
  if (event.type === 'step' && event.step === step) work()
}

function weightsAtEnd(project: Project, id: number) {
  const { step, weights } = readCheckpoint(project, id, 'last')
  return { step, weights: Buffer.from(weights).toString('base64') }
}

describe('a run', () => {
  it('is told from its preparation to its end', async () => {
    const { training } = await setUp()
    const heard = await follow(training, training.start(config))
    const types = heard.map(({ type }) => type)
    expect(types[0]).toBe('snapshot')
    expect(heard[0]).toMatchObject({
      run: { status: 'running', live: true },
      history: { loss: [], validation: [] }
    })
    expect(heard.filter(({ type }) => type === 'preparing').at(-1)).toEqual({
      type: 'preparing',
      done: 8,
      total: 8
    })
    expect(types.filter((type) => type === 'step')).toHaveLength(12)
    expect(types.indexOf('started')).toBeLessThan(types.indexOf('step'))
    expect(heard.at(-1)).toMatchObject({ type: 'ended', run: { status: 'done', live: false, steps: 12 } })
  })

  it('leaves everything in the project: row, images, curves, checkpoints, predictions', async () => {
    const { training, project, ids } = await setUp()
    const id = training.start(config)
    await follow(training, id)
    const run = getRun(project, id)
    expect(run).toMatchObject({
      status: 'done',
      config,
      engine: 'tfjs-wasm',
      device: 'one weight',
      steps: 12,
      flat: false,
      message: null
    })
    expect(run.versions).toMatchObject({ node: process.versions.node, jaccard: expect.stringMatching(/^\d/) })
    expect(run.versions['@tensorflow/tfjs']).toMatch(/^4\./)
    expect(run.baselines!.background).toBeGreaterThan(0.3)
    expect(run.best!.mIoU).toBeGreaterThan(0.85)
    expect(listRunImages(project, id).map(({ split }) => split)).toEqual([
      ...Array<string>(6).fill('train'),
      ...Array<string>(2).fill('validation')
    ])
    const history = readHistory(project, id)
    expect(history.loss.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(history.validation.at(-1)!.step).toBe(12)
    expect(readCheckpoint(project, id, 'best').step).toBe(run.bestStep)
    expect(readCheckpoint(project, id, 'last').step).toBe(12)
    expect(listPredictions(project, id)).toEqual(ids.slice(6))
    expect((await readPrediction(project, id, ids[7]!))!.probabilities).toHaveLength(16 * 16)
  })

  it('gives a subscriber who comes late the same curve as one who was there', async () => {
    const { training } = await setUp()
    const id = training.start({ ...config, steps: 30 })
    let late: Promise<RunProgress[]> | undefined
    const early = await follow(
      training,
      id,
      atStep(9, () => (late = follow(training, id)))
    )
    const curve = (heard: RunProgress[]) =>
      heard.flatMap((event) => {
        if (event.type === 'snapshot') return event.history.loss
        return event.type === 'step' ? [{ step: event.step, loss: event.loss }] : []
      })
    expect(curve((await late)!)).toEqual(curve(early))
    const after = await follow(training, id)
    expect(after.map(({ type }) => type)).toEqual(['snapshot', 'ended'])
    expect(curve(after)).toEqual(curve(early))
  })

  it('tells the windows that runs changed', async () => {
    const { training, changes } = await setUp()
    const id = training.start(config)
    await follow(training, id)
    expect(changes).toEqual([
      { kind: 'runs', ids: [id] },
      { kind: 'runs', ids: [id] }
    ])
  })

  it('draws the splits that are still missing', async () => {
    const { training, project, changes } = await setUp({}, [0, 0])
    for (let seed = 1; seed <= 5; seed++) await addDisc(project, seed)
    await follow(training, training.start(config))
    expect(listImages(project).map(({ split }) => split)).not.toContain(null)
    expect(changes[0]).toMatchObject({ kind: 'images' })
  })

  it('keeps a notice with the run', async () => {
    const { training, project } = await setUp({}, [2, 2])
    await addDisc(project, 50, { split: 'train', radius: 0 })
    const id = training.start({ ...config, loss: 'iou', batch: 1 })
    await follow(training, id)
    expect(getRun(project, id).message).toMatch(/1 of the 3 training images have none/)
  })
})

describe('starting is refused', () => {
  const starting =
    (training: Training, change: Partial<TrainConfig> = {}) =>
    () =>
      training.start({ ...config, ...change })

  it('without labelled images', async () => {
    const { training, project } = await setUp({}, [0, 0])
    await addLabelled(project, { state: 'in-progress' })
    expect(starting(training)).toThrow(/No image is labelled yet/)
  })

  it('without validation images', async () => {
    const { training } = await setUp({}, [3, 0])
    expect(starting(training)).toThrow(/validation split/)
  })

  it('without training images', async () => {
    const { training } = await setUp({}, [0, 2])
    expect(starting(training)).toThrow(/training split/)
  })

  it('while another run goes on', async () => {
    const { training } = await setUp()
    const id = training.start(config)
    expect(starting(training)).toThrow(new RegExp(`Run ${id} is still training`))
    await follow(training, id)
    expect(starting(training)).not.toThrow()
  })

  it('without an end, and for an architecture that does not exist', async () => {
    const { training } = await setUp()
    expect(starting(training, { steps: null })).toThrow(/steps or minutes/)
    expect(starting(training, { architecture: 'AlexNet' })).toThrow(/AlexNet/)
    expect(starting(training, { size: 17 })).toThrow(/17/)
  })

  it('in a project that is open for reading only', async () => {
    const { project } = await setUp()
    const reading = await openProject(project.path, { readOnly: true })
    onTestFinished(() => reading.close())
    expect(() => open(reading).training.start(config)).toThrow(/reading only/)
  })

  it('and leaves no run behind', async () => {
    const { training } = await setUp({}, [3, 0])
    expect(starting(training)).toThrow()
    expect(training.runs()).toEqual([])
  })
})

describe('a fault', () => {
  it('of the trainer’s process leaves run, labels and checkpoint as they were', async () => {
    const { training, trainers, project, ids } = await setUp()
    const before = ids.map((id) => readMask(project, id))
    const id = training.start({ ...config, steps: 10_000 })
    const heard = await follow(
      training,
      id,
      atStep(8, () => trainers.latest().kill())
    )
    expect(heard.at(-1)).toMatchObject({ type: 'ended', run: { status: 'failed', live: false } })
    expect(training.run(id).message).toMatch(/ended unexpectedly \(signal SIGKILL\)/)
    expect(training.run(id).steps).toBeGreaterThanOrEqual(8)
    expect(readCheckpoint(project, id, 'best').step).toBe(training.run(id).bestStep)
    expect(ids.map((image) => readMask(project, image))).toEqual(before)
    expect(() => training.start(config)).not.toThrow()
  })

  it('of the numbers fails the run with the sentence of the loop', async () => {
    const { training } = await setUp({ loss: (step, loss) => (step === 5 ? Infinity : loss) })
    const id = training.start(config)
    await follow(training, id)
    expect(training.run(id)).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/step 5.*learning rate/)
    })
  })

  it('of an image fails the run and names the image', async () => {
    const { training, project } = await setUp()
    await addLabelled(project, { name: 'torn.png', split: 'train' })
    const id = training.start(config)
    await follow(training, id)
    expect(training.run(id)).toMatchObject({ status: 'failed', message: expect.stringMatching(/torn\.png/) })
  })

  it('of an engine that this machine does not have is told at once', async () => {
    const { training } = await setUp()
    const id = training.start({ ...config, engine: 'tensorflow' })
    await follow(training, id)
    expect(training.run(id)).toMatchObject({ status: 'failed', message: 'This machine has no tensorflow.' })
  })
})

describe('cancelling', () => {
  it('keeps the best model', async () => {
    const { training, project } = await setUp()
    const id = training.start({ ...config, steps: 10_000 })
    const heard = await follow(
      training,
      id,
      atStep(20, () => training.cancel(id))
    )
    expect(heard.at(-1)).toMatchObject({ type: 'ended', run: { status: 'cancelled' } })
    expect(training.run(id).best!.mIoU).toBeGreaterThan(0)
    expect(readCheckpoint(project, id, 'best').step).toBe(training.run(id).bestStep)
    expect(readCheckpoint(project, id, 'last').step).toBe(training.run(id).steps)
  })

  it('works while the images are prepared', async () => {
    const { training } = await setUp()
    const id = training.start(config)
    training.cancel(id)
    await follow(training, id)
    expect(training.run(id)).toMatchObject({ status: 'cancelled', best: null, steps: 0 })
  })

  it('twice ends a trainer that does not answer', async () => {
    const { project } = await setUp()
    const deaf = localTrainers(oneWeightEngine())
    const training = createTraining(project, {
      trainers: createTrainers((engine) => {
        const port = deaf.start(engine)
        return {
          ...port,
          send: async (message) => (message.type === 'cancel' ? undefined : port.send(message))
        }
      })
    })
    onTestFinished(() => training.close())
    const id = training.start({ ...config, steps: 10_000 })
    const cancel = () => training.cancel(id)
    const heard = await follow(training, id, (event) =>
      [5, 15].forEach((step) => atStep(step, cancel)(event))
    )
    expect(training.run(id).status).toBe('cancelled')
    expect(heard.filter(({ type }) => type === 'step').length).toBeGreaterThanOrEqual(15)
  })

  it('does nothing to a run that has ended', async () => {
    const { training } = await setUp()
    const id = training.start(config)
    await follow(training, id)
    training.cancel(id)
    expect(training.run(id).status).toBe('done')
  })
})

describe('the threshold', () => {
  it('is the one that suits the best model on the validation images', async () => {
    const { training, project } = await setUp()
    const id = training.start(config)
    await follow(training, id)
    const { best, threshold } = training.run(id)
    expect(best!.tunedOn).toBe(2)
    expect(threshold).toBe(best!.threshold)
    const images = await Promise.all(
      listPredictions(project, id).map((image) => readPrediction(project, id, image))
    )
    expect(images).toHaveLength(2)
    const atHalf = readHistory(project, id).validation.map(({ metrics }) => metrics.mIoU)
    expect(best!.mIoU).toBeGreaterThanOrEqual(Math.max(...atHalf))
  })

  it('is tuned for a cancelled run as well, and again when that has gone on to its end', async () => {
    const { training, project } = await setUp()
    const id = training.start({ ...config, steps: 40 })
    await follow(
      training,
      id,
      atStep(17, () => training.cancel(id))
    )
    expect(training.run(id)).toMatchObject({ status: 'cancelled', best: { tunedOn: 2 } })
    expect(training.run(id).threshold).toBe(training.run(id).best!.threshold)
    training.resume(id)
    expect(getRun(project, id)).toMatchObject({ threshold: 0.5, best: { threshold: 0.5 } })
    expect(getRun(project, id).best!.tunedOn).toBeUndefined()
    await follow(training, id)
    expect(training.run(id).threshold).toBe(training.run(id).best!.threshold)
    expect(training.run(id).best!.tunedOn).toBe(2)
  })

  it('that a person chose meanwhile stays, also over a break', async () => {
    const { training, project } = await setUp()
    const id = training.start({ ...config, steps: 40 })
    await follow(training, id, (event) => {
      atStep(10, () => setThreshold(project, id, 0.75))(event)
      atStep(17, () => training.cancel(id))(event)
    })
    expect(training.run(id)).toMatchObject({ status: 'cancelled', threshold: 0.75, best: { tunedOn: 2 } })
    training.resume(id)
    await follow(training, id)
    expect(training.run(id)).toMatchObject({ status: 'done', threshold: 0.75, best: { tunedOn: 2 } })
  })
})

describe('resuming', () => {
  const long = { ...config, steps: 40 }

  /** The end of an undisturbed run, to compare with. */
  async function undisturbed() {
    const { training, project } = await setUp()
    const id = training.start(long)
    await follow(training, id)
    const { best, bestStep, threshold } = training.run(id)
    return { best, bestStep, threshold, end: weightsAtEnd(project, id), history: readHistory(project, id) }
  }

  function expectSame(
    project: Project,
    training: Training,
    id: number,
    whole: Awaited<ReturnType<typeof undisturbed>>
  ) {
    expect(training.run(id)).toMatchObject({
      status: 'done',
      steps: 40,
      bestStep: whole.bestStep,
      best: whole.best,
      threshold: whole.threshold
    })
    expect(weightsAtEnd(project, id)).toEqual(whole.end)
    expect(readHistory(project, id)).toEqual(whole.history)
  }

  it('a cancelled run ends as if it had never stopped', async () => {
    const whole = await undisturbed()
    const { training, project } = await setUp()
    const id = training.start(long)
    await follow(
      training,
      id,
      atStep(17, () => training.cancel(id))
    )
    expect(training.run(id).status).toBe('cancelled')
    training.resume(id)
    await follow(training, id)
    expectSame(project, training, id, whole)
  })

  it('a crashed run goes on from its last checkpoint and ends as if it had never stopped', async () => {
    const whole = await undisturbed()
    const { training, trainers, project } = await setUp()
    const id = training.start(long)
    await follow(
      training,
      id,
      atStep(23, () => trainers.latest().kill())
    )
    training.resume(id)
    const heard = await follow(training, id)
    expect(heard[0]).toMatchObject({ type: 'snapshot', run: { status: 'running', message: null } })
    expectSame(project, training, id, whole)
  })

  it('goes on after the project was closed in the middle', async () => {
    const whole = await undisturbed()
    const { training, project } = await setUp()
    const id = training.start(long)
    let closed: Promise<void> | undefined
    await follow(
      training,
      id,
      atStep(11, () => (closed = training.close()))
    )
    await closed
    expect(training.run(id).status).toBe('interrupted')
    const later = open(project).training
    later.resume(id)
    await follow(later, id)
    expectSame(project, later, id, whole)
  })

  it('is refused for a run that is done, that has no checkpoint, or whose labels changed', async () => {
    const { training, project, ids } = await setUp()
    const done = training.start(config)
    await follow(training, done)
    expect(() => training.resume(done)).toThrow(/nothing left to resume/)

    const early = training.start(config)
    training.cancel(early)
    await follow(training, early)
    expect(() => training.resume(early)).toThrow(/before its first checkpoint/)

    const stopped = training.start({ ...config, steps: 10_000 })
    await follow(
      training,
      stopped,
      atStep(5, () => training.cancel(stopped))
    )
    const { revision } = readMask(project, ids[0]!)
    commitStroke(project, { imageId: ids[0]!, revision, tool: 'eraser', tiles: [{ index: 0, data: null }] })
    expect(() => training.resume(stopped)).toThrow(/disc-1\.png.*start a new one/)
  })
})

describe('opening a project', () => {
  it('marks runs as interrupted whose host has died', async () => {
    const { project, ids } = await setUp()
    const id = createRun(project, {
      config,
      versions: {},
      images: [{ imageId: ids[0]!, split: 'train', sha: '0'.repeat(64), revision: 1 }]
    })
    expect(open(project).training.run(id)).toMatchObject({ status: 'interrupted', live: false })
  })
})

describe('removing', () => {
  it('waits for the end of the run', async () => {
    const { training } = await setUp()
    const id = training.start(config)
    expect(() => training.remove(id)).toThrow(/cancel it/)
    await follow(training, id)
    training.remove(id)
    expect(training.runs()).toEqual([])
  })
})

describe('the overview', () => {
  it('shows balance, baselines and what may go wrong', async () => {
    const { training, project } = await setUp()
    await addLabelled(project, { state: 'in-progress', foreground: 50 })
    const overview = await training.overview(config)
    expect(overview.balance.train.images).toBe(6)
    expect(overview.balance.validation.foregroundShare).toBeGreaterThan(0.05)
    expect(overview.unlabelled).toBe(1)
    expect(overview.warnings).toEqual([expect.stringMatching(/Only 8 images are labelled/)])
    expect(overview.obstacle).toBeNull()
    // What the run itself will say.
    const id = training.start(config)
    await follow(training, id)
    expect(overview.baselines).toEqual(training.run(id).baselines)
  })

  it('speaks of masks that may have been forgotten, and of images that are too small', async () => {
    const { training, project, ids } = await setUp({}, [9, 3])
    await addDisc(project, 50, { split: 'train', radius: 0 })
    expect((await training.overview(config)).warnings).not.toContainEqual(expect.stringMatching(/disc-/))
    const { revision } = readMask(project, ids[0]!)
    commitStroke(project, { imageId: ids[0]!, revision, tool: 'eraser', tiles: [{ index: 0, data: null }] })
    setState(project, [ids[0]!], 'complete')
    const { warnings } = await training.overview({ ...config, size: 64 })
    expect(warnings).toContainEqual(
      expect.stringMatching(/^"disc-1\.png" is complete without any foreground/)
    )
    expect(warnings).toContainEqual(expect.stringMatching(/and 12 more images have fewer pixels .* 64 × 64 /))
  })

  it('follows the labels', async () => {
    const { training, project, ids } = await setUp()
    const before = await training.overview(config)
    const { revision } = readMask(project, ids[6]!)
    commitStroke(project, { imageId: ids[6]!, revision, tool: 'eraser', tiles: [{ index: 0, data: null }] })
    const after = await training.overview(config)
    expect(after.baselines!.background).toBeGreaterThan(before.baselines!.background)
  })

  it('says why training cannot start', async () => {
    const { training, project, ids } = await setUp()
    setState(project, ids.slice(6), 'in-progress')
    const { obstacle, baselines } = await training.overview(config)
    expect(obstacle).toMatch(/validation split/)
    expect(baselines).toBeNull()
    expect((await training.overview({ ...config, size: 20 })).obstacle).toMatch(/20/)
  })
})

describe('a run of a cross-validation', () => {
  it('validates with its fold, trains with the others, and leaves the project’s splits and its test set alone', async () => {
    const { project, ids, training } = await setUp()
    const test = [
      await addDisc(project, 40, { split: 'test' }),
      await addDisc(project, 41, { split: 'test' })
    ]
    const before = listImages(project).map(({ split }) => split)
    const validated: number[] = []
    for (const fold of [1, 2, 3]) {
      const folded = { ...config, steps: 2, folds: 3, fold }
      const overview = await training.overview(folded)
      expect(overview).toMatchObject({ obstacle: null, balance: { test: { images: 2 } } })
      const id = training.start(folded)
      await follow(training, id)
      expect(getRun(project, id).config).toMatchObject({ folds: 3, fold })
      const images = listRunImages(project, id)
      expect(images.map(({ imageId }) => imageId)).toEqual(ids)
      expect(images.some(({ imageId }) => test.includes(imageId))).toBe(false)
      const validation = images.flatMap(({ imageId, split }) => (split === 'validation' ? [imageId] : []))
      expect(validation).toHaveLength(overview.balance.validation.images)
      expect(listPredictions(project, id)).toEqual(validation)
      validated.push(...validation)
    }
    expect(validated.sort((a, b) => a - b)).toEqual(ids)
    expect(listImages(project).map(({ split }) => split)).toEqual(before)
  })

  it('cannot start with a fold that there is not', async () => {
    const { training } = await setUp()
    const refused = async (change: Partial<TrainConfig>, reason: string) => {
      expect((await training.overview({ ...config, ...change })).obstacle).toContain(reason)
      expect(() => training.start({ ...config, ...change })).toThrow(reason)
    }
    await refused({ folds: 3, fold: 4 }, 'Fold 4 does not exist')
    await refused({ folds: 3, fold: null }, 'needs both')
    await refused({ folds: 60, fold: 1 }, 'too few for 60 folds')
  })
})
