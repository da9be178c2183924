import { z } from 'zod'
import { ENGINES } from '#core/network/engine'

export const LOSSES = ['iou', 'xent', 'iou+xent'] as const
export type LossName = (typeof LOSSES)[number]

/** Linear outputs per pixel that a loss needs: cross entropy is a softmax over two, IoU a sigmoid of one. */
export function outputsOf(loss: LossName): 1 | 2 {
  return loss === 'iou' ? 1 : 2
}

/** Everything that, with the images and the versions, determines a run. */
export const trainConfig = z.object({
  loss: z.enum(LOSSES),
  architecture: z.string().min(1),
  /** Network input, height and width in pixels. */
  size: z.int().min(16).max(2048),
  batch: z.int().min(1).max(256),
  learningRate: z.number().positive().max(1),
  /** Share of units dropped in the architecture's dropout layers. */
  dropout: z.number().min(0).max(0.95),
  /** The run ends after this many steps … */
  steps: z.int().min(1).max(1_000_000).nullable(),
  /** … or after this time, whichever is given; with both, whichever comes first. */
  minutes: z.number().positive().max(10_000).nullable(),
  seed: z.int().min(0).max(0xffffffff),
  engine: z.enum([...ENGINES, 'auto']),
  /** Threads for engines on the CPU; null leaves the choice to the engine. */
  threads: z.int().min(1).max(256).nullable(),
  /** Mirror training images at random, horizontally and vertically. */
  flips: z.boolean(),
  reluLogits: z.boolean()
})
export type TrainConfig = z.infer<typeof trainConfig>
