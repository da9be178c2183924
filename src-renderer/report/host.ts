import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { ReportHost } from './report.svelte'

/** The host's procedures for reports as the report's view uses them. */
export const reportHost: ReportHost = {
  get runs() {
    return session.runs
  },
  images: (runIds) => api.report.images.query({ runIds }),
  course: (runId, imageId) => api.report.course.query({ runId, imageId }),
  write: (choice, folder) => api.exchange.report.mutate({ choice, folder })
}
