import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { ExportHost } from './model-export.svelte'

/** The host's export procedures as the export screen uses them. */
export const exportHost: ExportHost = {
  get runs() {
    return session.runs
  },
  model: (runId, folder, quantize) => api.exchange.model.mutate({ runId, folder, quantize }),
  masks: (folder, format) => api.exchange.masks.mutate({ folder, format }),
  startVerification: (folder, runId) => api.exchange.startVerification.mutate({ folder, runId }),
  verification: (id, signal) => api.exchange.verification.query({ id }, { signal })
}
