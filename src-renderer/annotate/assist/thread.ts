import type { StartAssistThread } from './client'
import type { FromWorker } from './protocol'

/** Starts a worker of this page that computes for the tools. */
export const startAssistThread: StartAssistThread = ({ answered, ended }) => {
  const worker = new Worker(new URL('./assist.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => answered(data))
  worker.addEventListener('messageerror', () => ended('an answer could not be read'))
  worker.addEventListener('error', ({ message }) => ended(message || 'it could not be loaded'))
  return {
    post: (message) => worker.postMessage(message),
    end: () => worker.terminate()
  }
}
