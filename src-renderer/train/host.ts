import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { TrainingHost } from './training.svelte'

/** The host's training procedures as the train screen uses them. */
export const trainingHost: TrainingHost = {
  get runs() {
    return session.runs
  },
  overview: (config) => api.training.overview.query(config),
  choose: (input) => api.training.choose.query(input),
  example: (preparation) => api.training.example.query(preparation),
  engines: () => api.training.engines.query(),
  start: (config) => api.training.start.mutate(config),
  cancel: (runId) => api.training.cancel.mutate({ runId }),
  resume: (runId) => api.training.resume.mutate({ runId }),
  remove: (runId) => api.runs.remove.mutate({ runId }),
  follow(runId, onProgress, onError) {
    const subscription = api.training.progress.subscribe({ runId }, { onData: onProgress, onError })
    return () => subscription.unsubscribe()
  }
}
