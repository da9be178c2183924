import { JaccardError } from '#core/errors'
import type { BatchAnswer, BatchRequest } from '#core/learning/batchMaker'
import type { BatchPlan, BatchSource } from '#core/learning/batchSource'
import type { Batch } from '#core/network/engine'

/** Batches that are made while the network computes on an earlier one. */
const AHEAD = 2

/** A thread that runs the program of `batchMaker.ts`. */
export interface BatchThread {
  post(request: BatchRequest): void
  /** Ends the thread at once. */
  end(): void
}

/**
 * Starts such a thread.
 *
 * @param listener.answered Called with every answer.
 * @param listener.ended Called when the thread ends or cannot go on, with why in words.
 */
export type StartBatchThread = (listener: {
  answered(answer: BatchAnswer): void
  ended(how: string): void
}) => BatchThread

/**
 * Has a thread of its own make the batches, a few steps ahead of the network, so that it need not wait for them.
 */
export function batchesAhead(start: StartBatchThread, { first, ...plan }: BatchPlan): BatchSource {
  /** Asked for and not handed out yet, in the order of their steps. */
  const wanted: Promise<Batch>[] = []
  /** Those of them that the thread has not answered yet. */
  const unanswered: { resolve(batch: Batch): void; reject(error: JaccardError): void }[] = []
  let failure: JaccardError | null = null

  function fail(reason: string): void {
    failure ??= new JaccardError(
      'training-failed',
      `The thread that prepares the training images failed (${reason}); the labels are safe, and the run goes on ` +
        `from its last checkpoint when you resume it.`
    )
    for (const { reject } of unanswered.splice(0)) reject(failure)
  }

  const thread = start({
    answered: (answer) => {
      if ('batch' in answer) unanswered.shift()?.resolve(answer.batch)
      else fail(answer.failed)
    },
    ended: fail
  })

  function want(step: number): void {
    const batch = new Promise<Batch>((resolve, reject) => {
      if (failure) return reject(failure)
      unanswered.push({ resolve, reject })
      thread.post({ step })
    })
    // Whoever takes the batch hears of it, which may be later.
    batch.catch(() => undefined)
    wanted.push(batch)
  }

  thread.post({ plan })
  for (let step = first; step < first + AHEAD; step++) want(step)
  return {
    next(step) {
      want(step + AHEAD)
      return wanted.shift()!
    },
    dispose: () => thread.end()
  }
}
