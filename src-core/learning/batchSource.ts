import { batchOf } from '#core/learning/batches'
import type { TrainConfig } from '#core/learning/config'
import type { Sample } from '#core/learning/sample'
import type { Batch } from '#core/network/engine'
import type { NetworkSpec } from '#core/network/spec'

/** What the batches of a run follow from. */
export interface BatchPlan {
  spec: NetworkSpec
  config: TrainConfig
  /** The training samples, framed as `config` says. */
  samples: Sample[]
  /** The step that the run begins with: 1, or the one after that of its last checkpoint. */
  first: number
}

/** Where a run gets its batches from. */
export interface BatchSource {
  /**
   * The batch of a step, the same from every source of the same plan.
   *
   * @param step The plan's `first`, then one more each time.
   * @throws JaccardError `training-failed` when there are no more batches to be had.
   */
  next(step: number): Promise<Batch>
  dispose(): void
}

export type OpenBatches = (plan: BatchPlan) => BatchSource

/** Makes each batch when it is asked for, while whoever asks waits. */
export const batchesOnDemand: OpenBatches = ({ spec, config, samples }) => ({
  next: (step) => Promise.resolve(batchOf(samples, spec, config, step)),
  dispose: () => undefined
})
