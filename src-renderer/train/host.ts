import type { EngineReport } from '#core/api/values'
import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { TrainingHost } from './training.svelte'

let engines: Promise<EngineReport[]> | null = null

/** The speed test takes seconds and its outcome holds for the machine: one answer serves the whole session. */
function findEngines(): Promise<EngineReport[]> {
  engines ??= api.training.engines.query().catch((error: unknown) => {
    engines = null
    throw error
  })
  return engines
}

/** The host's training procedures as the train screen uses them. */
export const trainingHost: TrainingHost = {
  get runs() {
    return session.runs
  },
  overview: (config) => api.training.overview.query(config),
  engines: findEngines,
  start: (config) => api.training.start.mutate(config),
  cancel: (runId) => api.training.cancel.mutate({ runId }),
  resume: (runId) => api.training.resume.mutate({ runId }),
  remove: (runId) => api.runs.remove.mutate({ runId }),
  follow(runId, onProgress, onError) {
    const subscription = api.training.progress.subscribe({ runId }, { onData: onProgress, onError })
    return () => subscription.unsubscribe()
  }
}
