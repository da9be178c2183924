import { messageOf } from '#core/errors'
import { batchOf } from '#core/learning/batches'
import type { BatchPlan } from '#core/learning/batchSource'
import type { Batch } from '#core/network/engine'

/** What a thread that makes batches is told: first the plan, then each step whose batch is wanted. */
export type BatchRequest = { plan: Pick<BatchPlan, 'spec' | 'config' | 'samples'> } | { step: number }

/** Its answers to the steps, in their order. */
export type BatchAnswer = { batch: Batch } | { failed: string }

/**
 * The program of a thread that makes batches.
 *
 * @param answer Sends an answer; the buffers are handed over instead of copied.
 * @returns What to call with every request.
 */
export function createBatchMaker(
  answer: (answer: BatchAnswer, transfer: ArrayBuffer[]) => void
): (request: BatchRequest) => void {
  let plan: Pick<BatchPlan, 'spec' | 'config' | 'samples'>
  return (request) => {
    if ('plan' in request) {
      plan = request.plan
      return
    }
    try {
      const batch = batchOf(plan.samples, plan.spec, plan.config, request.step)
      const arrays = [batch.images, batch.labels, ...batch.dropout.values()]
      answer(
        { batch },
        arrays.map(({ buffer }) => buffer as ArrayBuffer)
      )
    } catch (error) {
      answer({ failed: messageOf(error) }, [])
    }
  }
}
