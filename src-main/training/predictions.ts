import type { ImageSummary, Split, TestLook } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { evaluationOf, type Evaluation } from '#core/learning/evaluate'
import type { Baselines } from '#core/learning/events'
import type { Extent, Preparation } from '#core/learning/frame'
import { countPixels, type PixelCounts } from '#core/learning/metrics'
import type { Framed } from '#core/learning/predictAll'
import { quantise } from '#core/learning/quantise'
import type { Interval } from '#core/learning/statistics'
import { mIoUInterval } from '#core/learning/uncertainty'
import { ENGINES, type EngineName } from '#core/network/engine'
import { POOL_SIZE } from '#main/images/pool.node'
import { prepareSample } from '#main/images/prepare'
import type { ImageFile } from '#main/images/open'
import { readCheckpoint } from '#main/store/checkpoints'
import { readWeights } from '#main/store/keptWeights'
import { getImage, LABELLED, listImages } from '#main/store/images'
import { listPredictions, savePrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { getRun } from '#main/store/runs'
import { listTestLooks, lockedTest, lookAtTest } from '#main/store/testLooks'
import { inOrder } from './inOrder'
import type { StartTrainer } from './port'
import { startPredictor, type Predictor } from './predictor'
import { imagesOfRun, prepareImages, prepareLabelled, withMasks } from './samples'

/** An evaluation with what it has to be compared with and how it was made. */
export interface RunEvaluation extends Evaluation {
  /** How far the pooled mIoU might be another one with other images of the kind; null for a single image. */
  interval: Interval | null
  /** Of the run's own validation images, as the run began. */
  baselines: Baselines | null
  /** Step of the checkpoint. */
  step: number
  /** What predicted now. */
  engine: EngineName
  device: string
}

/** What a file's image looks like to a run's model. */
export interface FilePrediction {
  name: string
  /** Pixels of the image itself, after EXIF orientation. */
  width: number
  height: number
  /** The image as the model sees it. */
  frame: Extent
  /** `[height, width]` of the frame, 0 to 1. */
  probabilities: Float32Array
}

/**
 * The predictions of runs in one project. Each call starts a trainer process of its own and ends it. All throw
 * JaccardError `not-found` for a run without a best checkpoint.
 */
export interface Predictions {
  /**
   * Metrics of a run's best checkpoint from fresh predictions, against the labels as they are now. What the run
   * learned from or validated with stays that, wherever it was drawn since; `all` are these two.
   *
   * @throws JaccardError `bad-input` if no labelled image is in the split, `conflict` for a test set that is locked.
   */
  evaluate(runId: number, split: Split | 'all', threshold: number): Promise<RunEvaluation>
  /**
   * Opens the test set to a run for as long as the project is open, and counts that as a look.
   *
   * @returns All looks so far.
   * @throws JaccardError as `lookAtTest`.
   */
  unlockTest(runId: number): TestLook[]
  /**
   * Predicts and stores what the run's best checkpoint has not predicted yet of these images.
   *
   * @throws JaccardError `conflict` if one of them is in the test set and that is locked.
   */
  ensure(runId: number, imageIds: number[]): Promise<void>
  /**
   * The same beside the caller, for images that will probably be wanted; what is locked, gone, or fails is left out,
   * and told when it is wanted.
   */
  ensureAhead(runId: number, imageIds: number[]): void
  /**
   * Predicts one image by the weights that the run had after each of these steps, in the order given.
   *
   * @param image Framed as the run's configuration says.
   * @throws JaccardError `not-found` for a step of which the run has no weights.
   */
  course(
    runId: number,
    steps: number[],
    image: Framed
  ): AsyncGenerator<{ step: number; probabilities: Float32Array }>
  /** Predicts images that need not belong to the project, in order. @param files Read as they are needed. */
  files(runId: number, files: Iterable<() => Promise<ImageFile>>): AsyncGenerator<FilePrediction>
}

/** How many predictions are stored between two looks whether the run has found a better model. */
const CHUNK = 16

export function createPredictions(project: Project, startTrainer: StartTrainer): Predictions {
  /** One after the other, so that what one call stores the next one finds. */
  let last: Promise<unknown> = Promise.resolve()
  /** Runs that may see the test set. */
  const unlocked = new Set<number>()

  function isLocked(runId: number, { split, state }: Pick<ImageSummary, 'split' | 'state'>): boolean {
    // One in the bin may be back in the test set tomorrow.
    return split === 'test' && LABELLED.includes(state) && !unlocked.has(runId)
  }

  function refuseLocked(runId: number, imageIds: number[]): void {
    if (imageIds.some((id) => isLocked(runId, getImage(project, id)))) throw lockedTest()
  }

  function start(runId: number, weights: Uint8Array): Promise<Predictor> {
    const { config, engine } = getRun(project, runId)
    const trainedOn = ENGINES.find((name) => name === engine) ?? 'tfjs-wasm'
    return startPredictor(startTrainer, { config, weights }, trainedOn)
  }

  async function open(
    runId: number
  ): Promise<{ predictor: Predictor; preparation: Preparation; step: number }> {
    const { weights, step } = readCheckpoint(project, runId, 'best')
    const predictor = await start(runId, weights)
    return { predictor, preparation: getRun(project, runId).config, step }
  }

  /** @returns false if the run has found a better model meanwhile, which made these predictions worthless. */
  async function predictAndStore(runId: number, imageIds: number[]): Promise<boolean> {
    const { predictor, preparation, step } = await open(runId)
    try {
      for (let start = 0; start < imageIds.length; start += CHUNK) {
        const predicted: (Extent & { imageId: number; probabilities: Uint8Array })[] = []
        const samples = prepareImages(project, imageIds.slice(start, start + CHUNK), preparation)
        for await (const { item, probabilities } of predictor.predict(samples)) {
          const { imageId, width, height } = item
          predicted.push({ imageId, width, height, probabilities: quantise(probabilities) })
        }
        if (readCheckpoint(project, runId, 'best').step !== step) return false
        for (const { imageId, ...prediction } of predicted) {
          await savePrediction(project, runId, imageId, prediction)
        }
      }
      return true
    } finally {
      predictor.close()
    }
  }

  async function ensure(runId: number, imageIds: number[]): Promise<void> {
    for (;;) {
      const present = new Set(listPredictions(project, runId))
      const missing = imageIds.filter((id) => !present.has(id))
      if (missing.length === 0 || (await predictAndStore(runId, missing))) return
    }
  }

  /** As `ensure`, after what was asked for before. */
  function ensureInTurn(runId: number, imageIds: number[]): Promise<void> {
    const result = last.then(() => ensure(runId, imageIds))
    last = result.catch(() => undefined)
    return result
  }

  return {
    async evaluate(runId, split, threshold) {
      const images = imagesOfRun(project, runId, split === 'all' ? ['train', 'validation'] : [split])
      refuseLocked(
        runId,
        images.map(({ image }) => image.id)
      )
      if (images.length === 0) {
        const where = split === 'all' ? 'the project' : `the ${split} split`
        throw new JaccardError(
          'bad-input',
          `No image in ${where} is labelled, so there is nothing to evaluate.`
        )
      }
      const { predictor, preparation, step } = await open(runId)
      try {
        const judged: { imageId: number; counts: PixelCounts }[] = []
        for await (const { item, probabilities } of predictor.predict(
          prepareLabelled(project, withMasks(project, images), preparation)
        )) {
          const counts = countPixels(probabilities, item.label, threshold)
          judged.push({ imageId: item.imageId, counts })
        }
        const { engine, device } = predictor
        const { baselines } = getRun(project, runId)
        const interval = mIoUInterval(judged.map(({ counts }) => counts))
        return { ...evaluationOf(judged, threshold), interval, baselines, step, engine, device }
      } finally {
        predictor.close()
      }
    },
    unlockTest(runId) {
      if (unlocked.has(runId)) return listTestLooks(project)
      const looks = lookAtTest(project, runId)
      unlocked.add(runId)
      return looks
    },
    ensure: async (runId, imageIds) => {
      refuseLocked(runId, imageIds)
      return ensureInTurn(runId, imageIds)
    },
    ensureAhead(runId, imageIds) {
      const open = listImages(project, imageIds).filter((image) => !isLocked(runId, image))
      const ids = open.map(({ id }) => id)
      ensureInTurn(runId, ids).catch(() => undefined)
    },
    async *course(runId, steps, image) {
      let predictor: Predictor | null = null
      try {
        for (const step of steps) {
          const weights = readWeights(project, runId, step)
          if (predictor) await predictor.load(weights)
          else predictor = await start(runId, weights)
          for await (const { probabilities } of predictor.predict([image])) yield { step, probabilities }
        }
      } finally {
        predictor?.close()
      }
    },
    async *files(runId, files) {
      const { predictor, preparation } = await open(runId)
      try {
        const samples = inOrder(files, POOL_SIZE + 1, async (read) => {
          const file = await read()
          return { name: file.name, ...(await prepareSample({ ...file, preparation })) }
        })
        for await (const { item, probabilities } of predictor.predict(samples)) {
          const { name, original, width, height } = item
          yield { name, ...original, frame: { width, height }, probabilities }
        }
      } finally {
        predictor.close()
      }
    }
  }
}
