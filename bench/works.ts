import { z } from 'zod'
import { LOSSES } from '#core/learning/config'

/** A training step that is timed: the network, the batch, and what is learned. */
export const work = z.object({
  architecture: z.string(),
  size: z.int(),
  batch: z.int(),
  loss: z.enum(LOSSES),
  dropout: z.number(),
  learningRate: z.number(),
  reluLogits: z.boolean()
})
export type Work = z.infer<typeof work>

/** By the name on the command line: the source's network, and the one that is Jaccard's default. */
export const WORKS = {
  vgg: {
    architecture: 'VGG6xs-Fc6-k1-512-Deconv-k64s32',
    size: 224,
    batch: 10,
    loss: 'iou',
    dropout: 0.5,
    learningRate: 1e-4,
    reluLogits: false
  },
  unet: {
    architecture: 'UNet-xs',
    size: 128,
    batch: 10,
    loss: 'iou+xent',
    dropout: 0,
    learningRate: 1e-3,
    reluLogits: false
  }
} as const satisfies Record<string, Work>
export type WorkName = keyof typeof WORKS

/** A work as the heading of its table. */
export function titleOf({ architecture, size, batch, loss, dropout }: Work): string {
  return `${architecture}, ${size}², batch ${batch}, ${loss}${dropout > 0 ? `, dropout ${dropout}` : ''}`
}
