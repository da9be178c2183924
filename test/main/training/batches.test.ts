import { describe, expect, it, onTestFinished } from 'vitest'
import { batchesAhead } from '#core/learning/batchesAhead'
import { batchesOnDemand, type BatchPlan } from '#core/learning/batchSource'
import { sharedSample } from '#core/learning/sample'
import { parseArchitecture } from '#core/network/architecture'
import { startBatchThread } from '#main/training/batches.node'
import { brightDataset, oneWeightConfig } from '../../fixtures/oneWeightEngine'

const spec = parseArchitecture(oneWeightConfig.architecture, oneWeightConfig.size, 2)

/** Ten images in batches of three: the fourth batch of every epoch has one image. */
function planFrom(first: number): BatchPlan {
  const samples = brightDataset(10, 1).train.map(sharedSample)
  return { spec, config: oneWeightConfig, samples, first }
}

function open(plan: BatchPlan) {
  const batches = batchesAhead(startBatchThread, plan)
  onTestFinished(() => batches.dispose())
  return batches
}

describe('a thread of its own that makes batches', () => {
  it.each([1, 6])('makes from step %i on those that are made on demand', async (first) => {
    const batches = open(planFrom(first))
    const onDemand = batchesOnDemand(planFrom(first))
    for (let step = first; step < first + 9; step++) {
      expect(await batches.next(step)).toEqual(await onDemand.next(step))
    }
  })

  it('reads the images where they are instead of from a copy', async () => {
    const plan = planFrom(1)
    const batches = open(plan)
    for (let step = 1; step <= 4; step++) await batches.next(step)
    // The batches up to the sixth may be made already.
    for (const { image } of plan.samples) image.fill(77)
    for (let step = 5; step <= 6; step++) await batches.next(step)
    expect(new Set((await batches.next(7)).images)).toEqual(new Set([77]))
  })

  it('that fails says why in one sentence, and so does one that has ended', async () => {
    const broken = open({ ...planFrom(1), spec: { ...spec, layers: null as never } })
    await expect(broken.next(1)).rejects.toThrow(/^The thread that prepares .* \(.+\); .* resume it\.$/)

    const ended = open(planFrom(1))
    ended.dispose()
    const batches = Array.from({ length: 5 }, (_, i) => ended.next(i + 1))
    expect(await Promise.allSettled(batches)).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'training-failed' }) as Error
    })
  })
})
