import { JaccardError } from '#core/errors'
import { baselinesOf } from '#core/learning/baselines'
import { batchesOnDemand, type OpenBatches } from '#core/learning/batchSource'
import { planCrops, stepsPerEpoch, type Crop } from '#core/learning/batches'
import { isOverlap, outputsOf, type TrainConfig } from '#core/learning/config'
import type { Checkpoint, Metrics, TrainingEvent } from '#core/learning/events'
import { flatAdvice, hasForeground, isFlat } from '#core/learning/health'
import { healthNotices, seenMIoU, type Findings } from '#core/learning/healthCheck'
import { isKeptStep } from '#core/learning/keeping'
import {
  countPixels,
  histogramOf,
  metricsOf,
  sumCounts,
  type Histogram,
  type PixelCounts
} from '#core/learning/metrics'
import { predictAll } from '#core/learning/predictAll'
import { quantise } from '#core/learning/quantise'
import type { Dataset, Sample } from '#core/learning/sample'
import {
  isOutOfPatience,
  isValidationStep,
  learningRateAt,
  validationInterval
} from '#core/learning/schedule'
import { createSplitLoss } from '#core/learning/splitLoss'
import { medianOf } from '#core/learning/statistics'
import { poolHistograms, THRESHOLD, tuneThreshold } from '#core/learning/threshold'
import { countTiles } from '#core/learning/tiles'
import { parseArchitecture } from '#core/network/architecture'
import type { CompiledNetwork, Engine } from '#core/network/engine'
import { parameterCount } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'
import {
  initialWeights,
  packOptimiser,
  packWeights,
  unpackOptimiser,
  unpackWeights
} from '#core/network/weights'

/** Time between two `last` checkpoints, which are large: about what a crash may cost. */
const CHECKPOINT_MILLISECONDS = 20_000

/** Where an earlier part of the same run stopped. */
export interface Resume {
  last: Checkpoint
  best: Checkpoint
  /** Every validation up to the step of `last`, in order; the one at the step of `best` is among them. */
  validations: { step: number; metrics: Metrics }[]
  /** Time already spent. */
  seconds: number
}

export interface TrainOptions {
  /** Ends the run after the current batch. */
  signal: Pick<AbortSignal, 'aborted'>
  resume?: Resume
  /** Where the batches come from; made on demand if not given. The run disposes of it. */
  openBatches?: OpenBatches
  /** A clock in milliseconds. */
  now?: () => number
  /** Awaited after every batch, so that the process can hear messages: an engine may never wait by itself. */
  breathe?: () => Promise<void>
}

/** The best model so far. */
interface Best {
  step: number
  metrics: Metrics
  weights: Uint8Array
}

/**
 * Trains a network and tells what happens. The weights follow from configuration, dataset and engine alone,
 * whether or not the run was interrupted and resumed in between.
 *
 * Ends after `config.steps`, after `config.minutes`, or once `config.patience` validations were no better than the
 * best one, whichever comes first; or when the signal is aborted. In the end the best checkpoint predicts the
 * validation images, and its threshold is tuned on them; which checkpoint is the best does not depend on that.
 *
 * Tells of steps when their losses are read: as often as the engine likes, and before each validation.
 *
 * @param dataset At least one training and one validation sample, all framed as `config` says.
 * @throws JaccardError `training-failed` when loss or prediction is no longer a finite number, `cancelled` when
 * the signal came before the first validation, `usage` for an architecture or size that does not exist.
 */
export async function* train(
  engine: Engine,
  config: TrainConfig,
  dataset: Dataset,
  options: TrainOptions
): AsyncGenerator<TrainingEvent> {
  const { signal, resume, openBatches = batchesOnDemand } = options
  const { now = () => performance.now(), breathe = () => Promise.resolve() } = options
  const begin = now() - 1000 * (resume?.seconds ?? 0)
  const spec = parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
  const first = (resume?.last.step ?? 0) + 1
  // Opened before the engine compiles, so that the first batch is made meanwhile.
  const batches = openBatches({ spec, config, samples: dataset.train, first })
  let compiled: CompiledNetwork | null = null
  try {
    const network = (compiled = await engine.compile(spec, config))
    await restore(network, spec, config, resume)
    const baselines = baselinesOf(dataset.train, dataset.validation, config.size)
    yield {
      type: 'started',
      engine: engine.name,
      device: engine.device,
      parameters: parameterCount(spec),
      baselines
    }

    const interval = validationInterval(
      countTiles(dataset.train, config.size),
      countTiles(dataset.validation, config.size),
      config
    )
    const validations = [...(resume?.validations ?? [])]
    const durations: number[] = []
    const watchForeground = foregroundWatch(dataset.train, config)
    let best = resume ? bestOf(resume) : null
    let step = first - 1
    let reported = step
    /** Weights that are told of together with their step. */
    const kept = new Map<number, Uint8Array>()
    /** When the first of the steps that were not reported yet began, and how long they waited for their batches. */
    let since = now()
    let waited = 0
    let stored = now()
    const over = () => step === config.steps || now() - begin >= 60_000 * (config.minutes ?? Infinity)
    const mIoUs = () => validations.map(({ metrics }) => metrics.mIoU)

    let exhausted = isOutOfPatience(mIoUs(), config.patience)
    let done = false

    /** Reads the losses of the steps that were not reported yet and tells of those steps. */
    async function* report(): AsyncGenerator<TrainingEvent> {
      if (reported === step) return
      const losses = await network.losses()
      const milliseconds = (now() - since) / losses.length
      const waitedMilliseconds = waited / losses.length
      for (const loss of losses) {
        reported++
        if (!Number.isFinite(loss)) throw brokenDown('loss', reported, config)
        durations.push(milliseconds)
        yield { type: 'step', step: reported, loss, milliseconds, waitedMilliseconds }
        const weights = kept.get(reported)
        kept.delete(reported)
        if (weights) yield { type: 'kept', step: reported, weights }
        const notice = watchForeground(reported)
        if (notice) yield { type: 'notice', message: notice }
      }
    }

    while (!signal.aborted) {
      const ending = over()
      const validated = step === 0 || validations.at(-1)?.step === step
      if (!validated && (ending || isValidationStep(step, interval))) {
        yield* report()
        const validation = await validate(network, dataset.validation, config, signal, breathe)
        if (!validation) break
        if (!Number.isFinite(validation.loss)) throw brokenDown('validation loss', step, config)
        validations.push({ step, metrics: validation.metrics })
        exhausted = isOutOfPatience(mIoUs(), config.patience)
        yield { type: 'validation', step, ...validation }

        const better = !best || validation.metrics.mIoU > best.metrics.mIoU
        const due = ending || exhausted || now() - stored >= CHECKPOINT_MILLISECONDS
        if (better || due) {
          const checkpoint = await read(network, spec, step)
          if (better) {
            best = { step, metrics: validation.metrics, weights: checkpoint.weights }
            yield { type: 'checkpoint', kind: 'best', checkpoint }
          }
          if (due) {
            stored = now()
            yield { type: 'checkpoint', kind: 'last', checkpoint }
          }
        }
      }
      if (ending || exhausted) {
        if (!ending) yield { type: 'notice', message: earlyEnd(validations, config.patience!) }
        done = true
        break
      }

      const asked = now()
      const batch = await batches.next(step + 1)
      if (reported === step) {
        since = asked
        waited = 0
      }
      waited += now() - asked
      step++
      await network.step(batch, learningRateAt(step, config))
      if (isKeptStep(step)) kept.set(step, packWeights(spec, await network.readWeights()))
      if (step % engine.lossInterval === 0) yield* report()
      await breathe()
    }

    yield* report()
    if (!done && step > 0) {
      yield { type: 'checkpoint', kind: 'last', checkpoint: await read(network, spec, step) }
    }
    if (!best) {
      throw new JaccardError(
        'cancelled',
        'The run was cancelled before its first validation, so there is no model to keep.'
      )
    }
    const flat = isFlat(mIoUs(), baselines)
    if (flat) yield { type: 'notice', message: flatAdvice(config, dataset.train, step) }
    // A model that knows nothing has no other illness, and a run that is cancelled is to end.
    const examined = done && !flat
    const last = examined ? await seenMIoU(network, dataset.train, config) : 0
    await network.writeWeights(unpackWeights(spec, best.weights))
    const histograms: Histogram[] = []
    const predictions: Findings['predictions'] = []
    for await (const { item, probabilities } of predictAll(network, dataset.validation, config)) {
      const { imageId, label, width, height } = item
      const quantised = quantise(probabilities)
      histograms.push(histogramOf(quantised, label))
      predictions.push({ label, width, height, probabilities: quantised })
      yield { type: 'prediction', imageId, width, height, probabilities: quantised }
    }
    const { foreground, background } = poolHistograms(histograms)
    const tuned = tuneThreshold(foreground, background)
    if (examined) {
      const findings: Findings = {
        validations: validations.map(({ step, metrics }) => ({ step, mIoU: metrics.mIoU })),
        bestStep: best.step,
        seen: { best: await seenMIoU(network, dataset.train, config), last },
        predictions,
        threshold: tuned.threshold
      }
      for (const message of healthNotices(config, findings)) yield { type: 'notice', message }
    }
    yield {
      type: 'finished',
      outcome: done ? 'done' : 'cancelled',
      steps: step,
      seconds: (now() - begin) / 1000,
      medianStepMilliseconds: medianOf(durations),
      bestStep: best.step,
      best: { ...tuned.metrics, tunedOn: histograms.length },
      flat
    }
  } finally {
    batches.dispose()
    compiled?.dispose()
  }
}

/** Puts the network where the run begins or where it stopped. */
async function restore(
  network: CompiledNetwork,
  spec: NetworkSpec,
  config: TrainConfig,
  resume: Resume | undefined
): Promise<void> {
  if (!resume) return network.writeWeights(initialWeights(spec, config.seed))
  await network.writeWeights(unpackWeights(spec, resume.last.weights))
  await network.writeOptimiser(unpackOptimiser(spec, resume.last.optimiser))
}

function bestOf({ best, validations }: Resume): Best | null {
  const validation = validations.find(({ step }) => step === best.step)
  return validation ? { ...validation, weights: best.weights } : null
}

async function read(network: CompiledNetwork, spec: NetworkSpec, step: number): Promise<Checkpoint> {
  return {
    step,
    weights: packWeights(spec, await network.readWeights()),
    optimiser: packOptimiser(spec, await network.readOptimiser())
  }
}

/** Loss and metrics afresh over the whole split; null when the signal came in between. */
async function validate(
  network: CompiledNetwork,
  samples: Sample[],
  config: TrainConfig,
  signal: Pick<AbortSignal, 'aborted'>,
  breathe: () => Promise<void>
): Promise<{ loss: number; metrics: Metrics } | null> {
  const loss = createSplitLoss(config)
  const counts: PixelCounts[] = []
  const proceed = async () => {
    await breathe()
    return !signal.aborted
  }
  for await (const { item, probabilities } of predictAll(network, samples, { ...config, proceed })) {
    loss.add(probabilities, item.label)
    counts.push(countPixels(probabilities, item.label, THRESHOLD))
    if (signal.aborted) return null
  }
  if (signal.aborted) return null
  return { loss: loss.value(), metrics: metricsOf(sumCounts(counts), THRESHOLD) }
}

/**
 * Watches for batches without foreground where the loss is an overlap alone, which then learns nothing (or from one
 * pixel: see `learning/losses.ts`), and speaks of it once.
 */
function foregroundWatch(samples: Sample[], config: TrainConfig): (step: number) => string | null {
  const { loss } = config
  if (!isOverlap(loss)) return () => null
  const plan = planCrops(samples, config)
  const perEpoch = stepsPerEpoch(plan.count, config.batch)
  const isEmpty = (crops: Crop[]) => !crops.some((crop) => showsForeground(crop, config.size))
  let told = false
  return (step) => {
    if (told || !isEmpty(plan.batch(step))) return null
    told = true
    const first = step - ((step - 1) % perEpoch)
    const epoch = Array.from({ length: perEpoch }, (_, i) => plan.batch(first + i))
    const without = epoch.flat().filter((crop) => isEmpty([crop])).length
    const learns = loss === 'lovasz' ? 'from a single pixel of' : 'nothing from'
    return (
      `The batch of step ${step} has no foreground, and the loss ${loss} learns ${learns} such a batch; it is ` +
      `so with ${epoch.filter(isEmpty).length} of the ${perEpoch} batches of this epoch, since ${without} of the ` +
      `${plan.count} ${config.crop === null ? 'training images' : 'crops'} have none: use a larger batch or the loss ` +
      `iou+xent.`
    )
  }
}

/** Whether a crop's label, as it is before augmentation, has any foreground pixel. */
function showsForeground({ sample, left, top }: Crop, size: number): boolean {
  const { label, width, height } = sample
  const right = Math.min(width, left + size)
  for (let y = top; y < Math.min(height, top + size); y++) {
    if (hasForeground(label.subarray(y * width + left, y * width + right))) return true
  }
  return false
}

/** Says so the first time that patience is out, which is so many validations after the best one. */
function earlyEnd(validations: { step: number }[], patience: number): string {
  const [best, last] = [validations.at(-1 - patience)!, validations.at(-1)!]
  const count = patience === 1 ? 'the next validation was' : `the next ${patience} validations were`
  return `Stopped at step ${last.step}: ${count} no better than the one of step ${best.step}, whose model is kept.`
}

function brokenDown(what: string, step: number, config: TrainConfig): JaccardError {
  return new JaccardError(
    'training-failed',
    `The ${what} was no longer a finite number at step ${step}: lower the learning rate ` +
      `(it was ${config.learningRate}) and train again.`
  )
}
