import { parentPort } from 'node:worker_threads'
import { createBatchMaker } from '#core/learning/batchMaker'

/** The program of the thread that makes a trainer's batches. */
parentPort!.on(
  'message',
  createBatchMaker((answer, transfer) => parentPort!.postMessage(answer, transfer))
)
