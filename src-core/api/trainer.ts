import { z } from 'zod'
import { engineReport } from '#core/api/values'
import { ERROR_CODES } from '#core/errors'
import { trainConfig } from '#core/learning/config'
import { checkpoint, metrics, trainingEvent } from '#core/learning/events'
import { ENGINES } from '#core/network/engine'

/**
 * What the main side and a trainer process say to each other. The trainer takes its messages one after the other,
 * `cancel` at once. Arrays travel as they are: every carrier is a structured clone.
 */

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)
const floats: z.ZodType<Float32Array> = z.instanceof(Float32Array)

const sample = z.object({
  imageId: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  image: bytes,
  label: bytes
})

const resume = z.object({
  last: checkpoint,
  best: checkpoint,
  validations: z.array(z.object({ step: z.int(), metrics })),
  seconds: z.number()
})

export const toTrainer = z.discriminatedUnion('type', [
  /** First: which engine computes; answered by `opened`. */
  z.object({
    type: z.literal('open'),
    engine: z.enum(ENGINES),
    threads: z.int().min(1).nullable()
  }),
  /** One image of the run that `train` will start, framed as its configuration says. */
  z.object({ type: z.literal('sample'), split: z.enum(['train', 'validation']), sample }),
  /** Train on the samples sent so far; answered by `event` up to `finished`. */
  z.object({ type: z.literal('train'), config: trainConfig, resume: resume.nullable() }),
  /** The model that `predict` will use: a run's configuration and its packed weights. */
  z.object({ type: z.literal('load'), config: trainConfig, weights: bytes }),
  /** Network inputs `[count, size, size, 3]`; answered by `predictions` with the same `request`. */
  z.object({ type: z.literal('predict'), request: z.int(), images: bytes, count: z.int().min(1) }),
  /** End the training after its current batch. */
  z.object({ type: z.literal('cancel') }),
  /** Look whether an engine works and how fast; answered by `inspected`. */
  z.object({ type: z.literal('inspect'), engine: z.enum(ENGINES) })
])
export type ToTrainer = z.infer<typeof toTrainer>

export const fromTrainer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), engine: z.enum(ENGINES), device: z.string() }),
  z.object({ type: z.literal('event'), event: trainingEvent }),
  /** `[count, size, size]`, 0 to 1. */
  z.object({ type: z.literal('predictions'), request: z.int(), probabilities: floats }),
  z.object({ type: z.literal('inspected'), report: engineReport }),
  /** The last message could not be carried out; `code` is a JaccardError's, null for anything unforeseen. */
  z.object({
    type: z.literal('failed'),
    code: z.enum(ERROR_CODES).nullable(),
    message: z.string()
  })
])
export type FromTrainer = z.infer<typeof fromTrainer>
