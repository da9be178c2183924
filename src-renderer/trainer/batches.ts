import type { BatchAnswer } from '#core/learning/batchMaker'
import type { StartBatchThread } from '#core/learning/batchesAhead'

/** Starts a worker of this page that makes batches. */
export const startBatchThread: StartBatchThread = ({ answered, ended }) => {
  const worker = new Worker(new URL('./batches.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<BatchAnswer>) => answered(data))
  worker.addEventListener('messageerror', () => ended('an answer could not be read'))
  worker.addEventListener('error', ({ message }) => ended(message || 'it could not be loaded'))
  return {
    post: (request) => worker.postMessage(request),
    end: () => worker.terminate()
  }
}
