import type { RunHistory } from '#core/api/values'
import type { TrainingEvent } from '#core/learning/events'
import { THRESHOLD } from '#core/learning/threshold'
import { saveCheckpoint } from '#main/store/checkpoints'
import { keepWeights } from '#main/store/keptWeights'
import { savePrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { appendMetrics, getRun, updateRun } from '#main/store/runs'

/** How long steps are collected before they are written in one transaction. */
const COLLECT_MILLISECONDS = 1_000

/** Keeps what a run reports in the project. */
export interface Recorder {
  take(event: TrainingEvent): Promise<void>
  /** Writes what was collected. */
  flush(): void
}

/** @param now A clock in milliseconds. */
export function createRecorder(project: Project, runId: number, now = () => performance.now()): Recorder {
  const { seconds: before } = getRun(project, runId)
  let collected: RunHistory = { loss: [], validation: [] }
  let started = now()
  let flushed = now()

  function flush(): void {
    flushed = now()
    if (collected.loss.length + collected.validation.length === 0) return
    const reported = collected
    collected = { loss: [], validation: [] }
    project.transaction(() => {
      appendMetrics(project, runId, reported)
      updateRun(project, runId, { seconds: before + (now() - started) / 1000 })
    })
  }

  return {
    flush,
    async take(event) {
      switch (event.type) {
        case 'started': {
          started = now()
          const { engine, device, parameters, baselines } = event
          updateRun(project, runId, { engine, device, parameters, baselines })
          return
        }
        case 'step':
          collected.loss.push({ step: event.step, loss: event.loss })
          if (now() - flushed >= COLLECT_MILLISECONDS) flush()
          return
        case 'validation': {
          const { step, loss, metrics } = event
          collected.validation.push({ step, loss, metrics })
          return flush()
        }
        case 'checkpoint':
          flush()
          return saveCheckpoint(project, runId, event.kind, event.checkpoint)
        case 'kept':
          return keepWeights(project, runId, event.step, event.weights)
        case 'notice': {
          const { message } = getRun(project, runId)
          updateRun(project, runId, { message: message ? `${message} ${event.message}` : event.message })
          return
        }
        case 'prediction': {
          const { imageId, ...prediction } = event
          return savePrediction(project, runId, imageId, prediction)
        }
        case 'finished': {
          flush()
          const { outcome, steps, seconds, medianStepMilliseconds, bestStep, best, flat } = event
          const { threshold } = getRun(project, runId)
          updateRun(project, runId, {
            status: outcome,
            ...{ steps, seconds, medianStepMilliseconds, bestStep, best, flat },
            // Another one than that of the training is the choice of a person who has reviewed the run meanwhile.
            threshold: threshold === THRESHOLD ? best.threshold : threshold
          })
          return
        }
      }
    }
  }
}
