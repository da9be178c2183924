import { z } from 'zod'
import { ENGINES } from '#core/network/engine'

export const LOSSES = ['iou', 'xent', 'iou+xent', 'dice', 'bce', 'lovasz', 'focal'] as const
export type LossName = (typeof LOSSES)[number]

/** Linear outputs per pixel that a loss needs: cross entropy is a softmax over two, the others a sigmoid of one. */
export function outputsOf(loss: LossName): 1 | 2 {
  return loss === 'xent' || loss === 'iou+xent' ? 2 : 1
}

/** Whether a loss is an overlap and nothing else: it needs foreground in every batch and a fitting learning rate. */
export function isOverlap(loss: LossName): boolean {
  return loss === 'iou' || loss === 'dice' || loss === 'lovasz'
}

/** Everything that, with the images and the versions, determines a run. */
export const trainConfig = z.object({
  loss: z.enum(LOSSES),
  architecture: z.string().min(1),
  /** Network input, height and width in pixels. */
  size: z.int().min(16).max(2048),
  /**
   * Edge, in pixels of the image, of the square that the input covers: the network learns from crops and predicts
   * whole images by overlapping tiles. Null stretches the whole image to the input, as every run did before.
   */
  crop: z.int().min(16).max(16384).nullable().default(null),
  /** Each image gets its full contrast before the network sees it: `learning/contrast.ts`. */
  autoContrast: z.boolean().default(false),
  batch: z.int().min(1).max(256),
  learningRate: z.number().positive().max(1),
  /** Over so many first steps the learning rate rises from almost nothing to its full height. */
  warmup: z.int().min(0).max(1_000_000).default(0),
  /** Share of units dropped in the architecture's dropout layers. */
  dropout: z.number().min(0).max(0.95),
  /** The run ends after this many steps … */
  steps: z.int().min(1).max(1_000_000).nullable(),
  /** … or after this time, whichever is given; with both, whichever comes first. */
  minutes: z.number().positive().max(10_000).nullable(),
  /** The run ends after so many validations without a better one; null waits for steps or minutes. */
  patience: z.int().min(1).max(1_000_000).nullable().default(null),
  seed: z.int().min(0).max(0xffffffff),
  engine: z.enum([...ENGINES, 'auto']),
  /** Threads for engines on the CPU; null leaves the choice to the engine. */
  threads: z.int().min(1).max(256).nullable(),
  /** Mirror training images at random, horizontally and vertically. */
  flips: z.boolean(),
  /** Turn training images at random, by at most so many degrees to either side. */
  rotation: z.number().min(0).max(180).default(0),
  /** Enlarge or shrink them at random, at most by this factor. */
  zoom: z.number().min(1).max(4).default(1),
  /** Brighten or darken them at random, at most by this share. */
  brightness: z.number().min(0).max(1).default(0),
  /** Clip the logits of a loss with two by a ReLU before the softmax, as the source did. */
  reluLogits: z.boolean(),
  /** How many times a foreground pixel counts in the losses `bce` and `focal`. Runs before it existed had 1. */
  positiveWeight: z.number().positive().max(10_000).default(1),
  /** γ of the loss `focal`: how much less a pixel counts that is right already. No run before it existed used it. */
  focusing: z.number().min(0).max(10).default(2),
  /** Parts of a cross-validation; null validates on the project's validation split. */
  folds: z.int().min(2).max(100).nullable().default(null),
  /** The part that validates, from 1. */
  fold: z.int().min(1).max(100).nullable().default(null)
})
export type TrainConfig = z.infer<typeof trainConfig>

/** A loss and what some of them can be told beside. */
export type LossSettings = Pick<TrainConfig, 'loss' | 'reluLogits' | 'positiveWeight' | 'focusing'>
