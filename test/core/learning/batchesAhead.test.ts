import { describe, expect, it } from 'vitest'
import { batchesAhead } from '#core/learning/batchesAhead'
import { batchesOnDemand, type BatchPlan } from '#core/learning/batchSource'
import { parseArchitecture } from '#core/network/architecture'
import { localBatchThread } from '../../fixtures/localBatches'
import { brightDataset, oneWeightConfig } from '../../fixtures/oneWeightEngine'

const spec = parseArchitecture(oneWeightConfig.architecture, oneWeightConfig.size, 2)

/** Ten images in batches of three: the fourth batch of every epoch has one image. */
function planFrom(first: number): BatchPlan {
  return { spec, config: oneWeightConfig, samples: brightDataset(10, 1).train, first }
}

describe('batches that are made ahead', () => {
  it.each([1, 6])('are from step %i on those that are made on demand', async (first) => {
    const ahead = batchesAhead(localBatchThread().start, planFrom(first))
    const onDemand = batchesOnDemand(planFrom(first))
    const counts: number[] = []
    for (let step = first; step < first + 9; step++) {
      const batch = await ahead.next(step)
      expect(batch).toEqual(await onDemand.next(step))
      counts.push(batch.count)
    }
    expect(new Set(counts)).toEqual(new Set([3, 1]))
    ahead.dispose()
  })

  it('are always two steps ahead of the run, and no further', async () => {
    const thread = localBatchThread()
    const batches = batchesAhead(thread.start, planFrom(5))
    expect(thread.asked).toEqual([5, 6])
    await batches.next(5)
    expect(thread.asked).toEqual([5, 6, 7])
    await batches.next(6)
    expect(thread.asked).toEqual([5, 6, 7, 8])
    batches.dispose()
    expect(thread.over()).toBe(true)
  })
})

describe('a thread that makes batches', () => {
  it('that crashes leaves nobody waiting and says so in one sentence', async () => {
    const thread = localBatchThread()
    const batches = batchesAhead(thread.start, planFrom(1))
    await batches.next(1)
    await batches.next(2)
    const waiting = batches.next(3)
    thread.crash('out of memory')
    for (const batch of [waiting, batches.next(4), batches.next(5)]) {
      await expect(batch).rejects.toMatchObject({
        code: 'training-failed',
        message:
          'The thread that prepares the training images failed (out of memory); the labels are safe, and the run ' +
          'goes on from its last checkpoint when you resume it.'
      })
    }
  })

  it('that cannot make a batch says why', async () => {
    const plan = { ...planFrom(1), spec: { ...spec, layers: null as never } }
    const batches = batchesAhead(localBatchThread().start, plan)
    await expect(batches.next(1)).rejects.toThrow(
      /training images failed \(.*layers.*\); the labels are safe/
    )
  })
})
