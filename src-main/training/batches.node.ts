import { Worker } from 'node:worker_threads'
import type { BatchAnswer } from '#core/learning/batchMaker'
import type { StartBatchThread } from '#core/learning/batchesAhead'
import { messageOf } from '#core/errors'
import { programOf } from '#main/programs.node'

/** Starts a thread of this process that makes batches. */
export const startBatchThread: StartBatchThread = ({ answered, ended }) => {
  const { file, execArgv } = programOf('batches')
  const worker = new Worker(file, { execArgv })
  worker.on('message', (answer: BatchAnswer) => answered(answer))
  worker.on('error', (error) => ended(messageOf(error)))
  worker.on('exit', (code) => ended(`exit code ${code}`))
  return {
    post: (request) => worker.postMessage(request),
    end: () => void worker.terminate()
  }
}
