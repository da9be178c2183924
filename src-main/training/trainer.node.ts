import { setImmediate } from 'node:timers/promises'
import type { FromTrainer } from '#core/api/trainer'
import { createTrainer } from '#core/learning/trainer'
import { openEngine } from '#main/engines/engines'
import { startBatchThread } from './batches.node'

/**
 * The trainer's program, the same in a forked Node process and in Electron's utility process; they differ in how
 * messages come and go.
 */

/** Electron's utility process talks through this; the types of Electron stay out of a file that Node loads. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** One turn of the event loop: what has arrived is heard. An engine may compute without ever waiting. */
const breathe = async () => void (await setImmediate())

const { parentPort } = process as unknown as { parentPort?: ParentPort }
const receive = createTrainer({
  openEngine,
  startBatchThread,
  breathe,
  post: parentPort
    ? (message) => {
        parentPort.postMessage(message)
        return breathe()
      }
    : postToParent
})

if (parentPort) {
  parentPort.on('message', ({ data }) => receive(data))
} else {
  process.on('message', receive)
  // Whoever started this process is gone: nobody waits for the result any more.
  process.on('disconnect', () => process.exit())
}

function postToParent(message: FromTrainer): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send) throw new Error('The trainer is started by Jaccard, not by hand.')
    process.send(message, undefined, undefined, () => resolve(breathe()))
  })
}
