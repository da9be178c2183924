import { createBatchMaker } from '#core/learning/batchMaker'

/** The program of the thread that makes the batches of the trainer in a page. */
const receive = createBatchMaker((answer, transfer) => self.postMessage(answer, { transfer }))
self.addEventListener('message', ({ data }) => receive(data))
