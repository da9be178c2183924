import { z } from 'zod'
import { quantization } from '#core/api/values'
import { baselines, metrics } from '#core/learning/events'

/** The names of an exported model's files; weight shards are named by `bundle/weights.ts`. */
export const FILES = {
  model: 'model.json',
  preprocess: 'preprocess.json',
  embedded: 'model-embedded.js',
  readme: 'README.md'
} as const

/** Everything outside of the network that a prediction depends on, and where the model comes from. */
export const preprocess = z.object({
  format: z.literal('jaccard-model'),
  version: z.literal(1),
  /** The project that the model was trained in. */
  name: z.string(),
  /** What the mask marks. */
  className: z.string(),
  input: z.object({
    /** Height and width in pixels; the input is `[1, size, size, 3]`. */
    size: z.int().positive(),
    /**
     * Edge of the picture's square that one input covers: pictures are scaled by size / crop and predicted by
     * overlapping tiles. Null where the whole picture is stretched to the input.
     */
    crop: z.int().positive().nullable(),
    /** Pixels of the input that neighbouring tiles share at least; null for whole pictures. */
    overlap: z.int().min(0).nullable(),
    channels: z.literal('RGB'),
    /** Whether each picture gets its full contrast after it was scaled. Missing where the model is older than that. */
    autoContrast: z.boolean().default(false),
    resize: z.object({ rule: z.enum(['stretch-triangle', 'scale-triangle']), description: z.string() }),
    /** Bytes 0 to 255 are divided by this. */
    divideBy: z.literal(255)
  }),
  output: z.object({
    /** The model's output `[1, size, size, 1]`, 0 to 1: the head is part of the model. */
    kind: z.literal('probability'),
    /** How the network's linear outputs become that probability. */
    head: z.enum(['sigmoid', 'softmax']),
    description: z.string()
  }),
  /** Foreground where the probability is greater. */
  threshold: z.number().min(0).max(1),
  quantization,
  training: z.object({
    run: z.int().positive(),
    architecture: z.string(),
    loss: z.string(),
    seed: z.int(),
    /** The step of the checkpoint that was exported. */
    step: z.int(),
    engine: z.string(),
    /** Of the validation images, at `metrics.threshold`. */
    metrics: metrics.nullable(),
    /** Validation mIoU of three models that learned nothing. */
    baselines: baselines.nullable()
  }),
  versions: z.object({ jaccard: z.string(), tfjs: z.string() }),
  /** SHA-256 in hexadecimal of the model's topology and weight files, by name. */
  files: z.record(z.string(), z.string())
})
export type Preprocess = z.infer<typeof preprocess>

/** What `verify` relies on in a stock TensorFlow.js layers model; the rest is TensorFlow.js's to read. */
export const modelJson = z.looseObject({
  format: z.literal('layers-model'),
  modelTopology: z.looseObject({}),
  weightsManifest: z
    .array(
      z.object({
        // Plain names only: they are joined to the folder.
        paths: z.array(z.string().regex(/^weights-\d+of\d+\.bin$/)).min(1),
        weights: z.array(z.looseObject({ name: z.string(), shape: z.array(z.int()) }))
      })
    )
    .length(1)
})
export type ModelJson = z.infer<typeof modelJson>
