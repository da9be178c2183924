import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { ReviewHost } from './review.svelte'

/** The host's review procedures as the review screen uses them. */
export const reviewHost: ReviewHost = {
  get runs() {
    return session.runs
  },
  images: (runId, split) => api.review.images.query({ runId, split }),
  detail: (runId, imageId) => api.review.detail.query({ runId, imageId }),
  testLooks: async () => (await api.splits.overview.query()).looks,
  unlockTest: (runId) => api.review.unlockTest.mutate({ runId }),
  setThreshold: (runId, threshold) => api.runs.setThreshold.mutate({ runId, threshold })
}
