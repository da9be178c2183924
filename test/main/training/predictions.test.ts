import { describe, expect, it, onTestFinished } from 'vitest'
import type { TrainConfig } from '#core/learning/config'
import { quantise } from '#core/learning/quantise'
import { wordsOnLooks } from '#core/learning/testSet'
import { parseArchitecture } from '#core/network/architecture'
import type { EngineName } from '#core/network/engine'
import { initialWeights, packWeights } from '#core/network/weights'
import { readCheckpoint, saveCheckpoint } from '#main/store/checkpoints'
import { readImageBytes, setSplit, setState } from '#main/store/images'
import { replaceMask } from '#main/store/masks'
import { listPredictions, readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { deleteRun, movedImages, updateRun } from '#main/store/runs'
import { listTestLooks } from '#main/store/testLooks'
import { maskOf } from '#core/mask/tiles'
import { createPredictions, type FilePrediction } from '#main/training/predictions'
import { createTraining } from '#main/training/service'
import { createTrainers } from '#main/training/trainers'
import { addDisc, addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'

const config: TrainConfig = { ...oneWeightConfig, batch: 4, steps: 12 }

/** A project with a run that is done. */
async function setUp() {
  const project = await temporaryProject()
  const ids = await addDiscs(project, 6, 2)
  const trainers = localTrainers(oneWeightEngine())
  const started: EngineName[] = []
  const meanwhile = { work: () => undefined as void }
  const startTrainer = (engine: EngineName) => {
    started.push(engine)
    meanwhile.work()
    return trainers.start(engine)
  }
  const training = createTraining(project, { trainers: createTrainers(startTrainer) })
  onTestFinished(() => training.close())
  const runId = training.start(config)
  for await (const event of training.subscribe(runId, new AbortController().signal)) void event
  started.length = 0
  return {
    project,
    ids,
    runId,
    training,
    started,
    meanwhile,
    predictions: createPredictions(project, startTrainer)
  }
}

/** Puts a model that says background everywhere in the place of the run's best one. */
function spoil(project: Project, runId: number): void {
  const spec = parseArchitecture(config.architecture, config.size, 2)
  const weights = initialWeights(spec, 0)
  weights.get('score/bias')!.fill(0)
  saveCheckpoint(project, runId, 'best', {
    ...readCheckpoint(project, runId, 'best'),
    step: 99,
    weights: packWeights(spec, weights)
  })
}

async function fileOf(project: Project, id: number) {
  return { name: `${id}.png`, bytes: await readImageBytes(project, id) }
}

describe('evaluating', () => {
  it('repeats what the run measured, and judges every image', async () => {
    const { training, predictions, runId, ids } = await setUp()
    const { best, bestStep, baselines } = training.run(runId)
    const evaluation = await predictions.evaluate(runId, 'validation', 0.5)
    expect(best).toMatchObject(evaluation.pooled)
    expect(evaluation).toMatchObject({ baselines, step: bestStep, engine: 'tfjs-wasm', device: 'one weight' })
    expect(evaluation.images.map(({ imageId }) => imageId)).toEqual(ids.slice(6))
    expect((await predictions.evaluate(runId, 'all', 0.5)).images.map(({ imageId }) => imageId)).toEqual(ids)
  })

  it('uses the threshold and the labels as they are now', async () => {
    const { predictions, runId, project, ids } = await setUp()
    const strict = await predictions.evaluate(runId, 'train', 0.999)
    expect(strict.pooled).toMatchObject({ threshold: 0.999, recall: 0 })
    for (const id of ids.slice(0, 6)) {
      replaceMask(project, id, maskOf(new Uint8Array(32 * 32).fill(1), 32, 32), { tool: 'fill' })
    }
    expect((await predictions.evaluate(runId, 'train', 0.5)).pooled.precision).toBe(1)
  })

  it('needs labelled images', async () => {
    const { predictions, runId, project, ids } = await setUp()
    await expect(predictions.evaluate(runId, 'test', 0.5)).rejects.toThrow(/test split is labelled/)
    setState(project, ids, 'in-progress')
    await expect(predictions.evaluate(runId, 'all', 0.5)).rejects.toThrow(/the project is labelled/)
  })

  it('takes the engine that every machine has where the run’s is missing, and says so', async () => {
    const { predictions, runId, project, started } = await setUp()
    updateRun(project, runId, { engine: 'tensorflow' })
    expect((await predictions.evaluate(runId, 'validation', 0.5)).engine).toBe('tfjs-wasm')
    expect(started).toEqual(['tensorflow', 'tfjs-wasm'])
  })
})

describe('stored predictions', () => {
  it('are made for the images that lack them, labelled or not', async () => {
    const { predictions, runId, project, ids, started } = await setUp()
    const fresh = await addDisc(project, 77)
    setState(project, [fresh], 'in-progress')
    await predictions.ensure(runId, [ids[0]!, ids[7]!, fresh])
    expect(listPredictions(project, runId)).toEqual([ids[0], ids[6], ids[7], fresh])
    expect(started).toEqual(['tfjs-wasm'])
    await predictions.ensure(runId, [ids[0]!, fresh])
    expect(started).toHaveLength(1)
  })

  it('are made once, however many ask', async () => {
    const { predictions, runId, ids, started } = await setUp()
    await Promise.all([1, 2, 3].map(() => predictions.ensure(runId, ids)))
    expect(started).toHaveLength(1)
  })

  it('are those of the best model, also after it has changed', async () => {
    const { predictions, runId, project, ids } = await setUp()
    spoil(project, runId)
    expect(listPredictions(project, runId)).toEqual([])
    await predictions.ensure(runId, ids)
    for (const id of ids) {
      const { probabilities } = (await readPrediction(project, runId, id))!
      expect(new Set(probabilities)).toEqual(new Set(quantise(Float32Array.of(0.5))))
    }
  })

  it('are made anew when a better model is found in between', async () => {
    const { predictions, runId, project, ids, started, meanwhile } = await setUp()
    meanwhile.work = () => {
      if (started.length === 1) spoil(project, runId)
    }
    await predictions.ensure(runId, ids)
    const { probabilities } = (await readPrediction(project, runId, ids[0]!))!
    expect(new Set(probabilities)).toEqual(new Set(quantise(Float32Array.of(0.5))))
    expect(started).toHaveLength(2)
  })

  it('that will be wanted are made beside the caller: those of the test set, gone or failing ones are left out', async () => {
    const { predictions, runId, project, ids } = await setUp()
    setSplit(project, [ids[1]!], 'test')
    predictions.ensureAhead(runId, [ids[0]!, ids[1]!, 4711, ids[2]!])
    predictions.ensureAhead(999, [ids[3]!])
    // What is asked for comes after what was asked for before.
    await predictions.ensure(runId, [ids[7]!])
    expect(listPredictions(project, runId)).toEqual([ids[0], ids[2], ids[6], ids[7]])
    await expect(predictions.ensure(runId, [ids[1]!])).rejects.toThrow(/test set/)
  })

  it('need a model', async () => {
    const { training, predictions, ids } = await setUp()
    const runId = training.start(config)
    training.cancel(runId)
    for await (const event of training.subscribe(runId, new AbortController().signal)) void event
    await expect(predictions.ensure(runId, ids)).rejects.toThrow(/before its first checkpoint/)
  })
})

describe('the course of a run', () => {
  const course = async (set: Awaited<ReturnType<typeof setUp>>, steps: number[]) => {
    const image = { width: 16, height: 16, image: new Uint8Array(3 * 16 * 16).fill(200) }
    const predicted: { step: number; p: number }[] = []
    for await (const { step, probabilities } of set.predictions.course(set.runId, steps, image)) {
      expect(probabilities).toHaveLength(16 * 16)
      predicted.push({ step, p: probabilities[0]! })
    }
    return predicted
  }

  it('is what the weights of each step say, by one trainer, in the order asked for', async () => {
    const set = await setUp()
    const predicted = await course(set, [10, 1, 5])
    expect(predicted.map(({ step }) => step)).toEqual([10, 1, 5])
    const [late, first, early] = predicted.map(({ p }) => p)
    // A bright pixel is foreground, and the run learns it.
    expect(first).toBeLessThan(early!)
    expect(early).toBeLessThan(late!)
    expect(set.started).toEqual(['tfjs-wasm'])
  })

  it('fails for a step of which there are no weights', async () => {
    const set = await setUp()
    await expect(course(set, [1, 3])).rejects.toThrow(/no weights of step 3; it has those of 1, 2, 5, 10/)
  })
})

describe('files from anywhere', () => {
  it('are predicted in order with full precision, at the network’s size', async () => {
    const { predictions, runId, project, ids } = await setUp()
    const files = [ids[7]!, ids[0]!].map((id) => () => fileOf(project, id))
    const results: FilePrediction[] = []
    for await (const result of predictions.files(runId, files)) results.push(result)
    expect(results.map(({ name }) => name)).toEqual([`${ids[7]}.png`, `${ids[0]}.png`])
    expect(results[0]).toMatchObject({ width: 32, height: 32, frame: { width: 16, height: 16 } })
    await predictions.ensure(runId, [ids[0]!])
    const stored = (await readPrediction(project, runId, ids[0]!))!
    expect(quantise(results[1]!.probabilities)).toEqual(new Uint8Array(stored.probabilities))
  })

  it('fail with the sentence of a file that is no image', async () => {
    const { predictions, runId } = await setUp()
    const files = [() => Promise.resolve({ name: 'note.jpg', bytes: Buffer.from('a note') })]
    await expect(predictions.files(runId, files).next()).rejects.toThrow(/note\.jpg/)
  })
})

describe('the test set', () => {
  /** A run that is done, and two labelled images that came to the test set after it. */
  async function withTestSet() {
    const set = await setUp()
    const test = [
      await addDisc(set.project, 21, { split: 'test' }),
      await addDisc(set.project, 22, { split: 'test' })
    ]
    return { ...set, test }
  }

  it('is locked, and says how to unlock it', async () => {
    const { project, predictions, runId, test, started } = await withTestSet()
    await expect(predictions.evaluate(runId, 'test', 0.5)).rejects.toThrow('--unlock-test')
    await expect(predictions.ensure(runId, test)).rejects.toThrow('The test set is locked')
    expect(listPredictions(project, runId).some((id) => test.includes(id))).toBe(false)
    expect(started).toEqual([])
    const { images } = await predictions.evaluate(runId, 'all', 0.5)
    expect(images.some(({ imageId }) => test.includes(imageId))).toBe(false)
    expect(listTestLooks(project)).toEqual([])
  })

  it('opens to a run that asks, and each session of that is counted', async () => {
    const { project, predictions, runId, test } = await withTestSet()
    expect(predictions.unlockTest(runId)).toMatchObject([{ runId, images: 2 }])
    const { images } = await predictions.evaluate(runId, 'test', 0.5)
    expect(images.map(({ imageId }) => imageId)).toEqual(test)
    await predictions.ensure(runId, test)
    expect(predictions.unlockTest(runId)).toHaveLength(1)
    const later = createPredictions(project, () => {
      throw new Error('No trainer is needed to be refused.')
    })
    await expect(later.evaluate(runId, 'test', 0.5)).rejects.toThrow('The test set is locked')
    expect(later.unlockTest(runId)).toHaveLength(2)
    expect(wordsOnLooks(2)).toContain('looked at 2 times')
  })

  it('refuses a run that has seen some of it, and is not counted then', async () => {
    const { project, predictions, runId, ids } = await withTestSet()
    project.run(`UPDATE image SET split = 'test' WHERE id IN (?, ?)`, ids[0]!, ids[7]!)
    expect(() => predictions.unlockTest(runId)).toThrow('2 of the 4 images')
    expect(listTestLooks(project)).toEqual([])
    // Not even as what they were to the run.
    const { images } = await predictions.evaluate(runId, 'all', 0.5)
    expect(images.map(({ imageId }) => imageId)).toEqual(ids.slice(1, 7))
  })

  it('has to have images', async () => {
    const { predictions, runId } = await setUp()
    expect(() => predictions.unlockTest(runId)).toThrow('No labelled image is in the test split')
  })

  it('keeps its looks when their run is removed', async () => {
    const { project, predictions, runId } = await withTestSet()
    predictions.unlockTest(runId)
    deleteRun(project, runId)
    expect(listTestLooks(project)).toMatchObject([{ runId: null, images: 2 }])
  })
})

describe('splits that were drawn again', () => {
  it('do not change what a run is judged by', async () => {
    const { project, predictions, runId, ids } = await setUp()
    project.run(`UPDATE image SET split = 'validation' WHERE id = ?`, ids[0]!)
    project.run(`UPDATE image SET split = 'train' WHERE id = ?`, ids[6]!)
    const late = await addDisc(project, 30, { split: 'validation' })
    const { images } = await predictions.evaluate(runId, 'validation', 0.5)
    expect(images.map(({ imageId }) => imageId)).toEqual([ids[6], ids[7], late])
    expect(movedImages(project)).toEqual([{ runId, images: 2 }])
  })
})
