import type { RunSummary } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import type { Training } from '#main/training/service'
import { crossValidate } from './folds'
import { trainConfigOf, type TrainOptions } from './options'
import { withProject } from './project'
import { fixed, type Terminal } from './terminal'

/**
 * `jaccard train`: one run to its end, or one for each fold; Ctrl-C ends a run early and keeps its best checkpoint.
 */
export async function train(file: string, options: TrainOptions, terminal: Terminal): Promise<void> {
  await withProject(file, terminal, async ({ training, fingerprints }) => {
    await fingerprints()
    const everyFold = options.folds !== undefined && options.fold === undefined
    const { config, archBecause } = await trainConfigOf(
      everyFold ? { ...options, fold: 1 } : options,
      training.choose
    )
    if (archBecause !== null) terminal.say(archBecause)
    const { warnings } = await training.overview(config)
    for (const warning of warnings) terminal.say(`Note: ${warning}`)
    const run = async (config: TrainConfig) => withModel(await runToEnd(training, config, terminal))
    if (everyFold) return crossValidate(config, run, terminal)
    conclude(await run(config), archBecause, terminal)
  })
}

/** Starts a run and tells of it until it has ended. */
async function runToEnd(training: Training, config: TrainConfig, terminal: Terminal): Promise<RunSummary> {
  const runId = training.start(config)
  const cancel = () => training.cancel(runId)
  terminal.signal.addEventListener('abort', cancel)
  if (terminal.signal.aborted) cancel()
  let ended: RunSummary | null = null
  for await (const event of training.subscribe(runId, new AbortController().signal)) {
    if (event.type === 'preparing') terminal.progress(event.done, event.total, 'images prepared')
    else if (event.type === 'started') {
      const { engine, device, parameters, chosenBecause } = event
      terminal.say(`Run ${runId}: ${config.architecture}, ${parameters} parameters, ${engine} · ${device}`)
      if (chosenBecause !== null) terminal.say(chosenBecause)
    } else if (event.type === 'step') {
      const total = config.steps ?? event.step
      terminal.progress(event.step, total, `steps, loss ${fixed(event.loss)}`)
    } else if (event.type === 'validation') {
      const { mIoU, iou1 } = event.metrics
      terminal.say(`step ${event.step}: validation mIoU ${fixed(mIoU)}, foreground IoU ${fixed(iou1)}`)
    } else if (event.type === 'notice') terminal.say(event.message)
    else if (event.type === 'ended') ended = event.run
  }
  terminal.signal.removeEventListener('abort', cancel)
  return ended!
}

/** A run that has ended with a model. */
export type RunWithModel = RunSummary & { best: NonNullable<RunSummary['best']> }

/** @throws JaccardError `training-failed`, or `cancelled` where there is no model yet. */
function withModel(run: RunSummary): RunWithModel {
  if (run.status !== 'done' && run.status !== 'cancelled') {
    throw new JaccardError(
      'training-failed',
      run.message ?? `Run ${run.id} ended with the status ${run.status}.`
    )
  }
  const { best } = run
  if (best === null) {
    throw new JaccardError('cancelled', `Run ${run.id} was cancelled before its first validation.`)
  }
  return { ...run, best }
}

function conclude(run: RunWithModel, archBecause: string | null, terminal: Terminal): void {
  const { best, baselines } = run
  const { threshold, mIoU, iou1, iou0, precision, recall } = best
  terminal.result(
    {
      run: run.id,
      engine: run.engine,
      device: run.device,
      arch: run.config.architecture,
      size: run.config.size,
      crop: run.config.crop,
      autoContrast: run.config.autoContrast,
      archBecause,
      loss: run.config.loss,
      steps: run.steps,
      seconds: run.seconds,
      medianStepMs: run.medianStepMilliseconds,
      best: { step: run.bestStep, threshold, mIoU, iou1, iou0, precision, recall },
      baselines,
      flat: run.flat
    },
    `Run ${run.id}: best mIoU ${fixed(mIoU)} (foreground IoU ${fixed(iou1)}) at step ${run.bestStep} of ${run.steps}, ` +
      `threshold ${fixed(threshold)}, ` +
      `${run.seconds.toFixed(1)} s; always background ${fixed(baselines?.background)}, ` +
      `always foreground ${fixed(baselines?.foreground)}, mean mask ${fixed(baselines?.meanMask)}` +
      (run.flat ? '\nThis model knows nothing yet.' : '')
  )
  if (run.status === 'cancelled') {
    throw new JaccardError('cancelled', `Run ${run.id} was cancelled; its best checkpoint is kept.`)
  }
}
