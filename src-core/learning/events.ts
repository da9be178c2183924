import { z } from 'zod'

/** Pixel metrics of a split at one threshold; every value in 0 to 1. Definitions: `learning/metrics.ts`. */
export const metrics = z.object({
  threshold: z.number(),
  mIoU: z.number(),
  iou1: z.number(),
  iou0: z.number(),
  precision: z.number(),
  recall: z.number()
})
export type Metrics = z.infer<typeof metrics>

/** Metrics of a run's best checkpoint: at 0.5 while the run goes on, at the tuned threshold once it has ended. */
export const bestMetrics = metrics.extend({
  /** On how many validation images the threshold was tuned; missing where it was not. */
  tunedOn: z.int().optional()
})
export type BestMetrics = z.infer<typeof bestMetrics>

/** Validation mIoU of three models that learned nothing. */
export const baselines = z.object({
  background: z.number(),
  foreground: z.number(),
  meanMask: z.number()
})
export type Baselines = z.infer<typeof baselines>

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

/** Weights, optimiser and step of a run at one moment, packed by `network/weights.ts`. */
export const checkpoint = z.object({
  step: z.int(),
  weights: bytes,
  optimiser: bytes
})
export type Checkpoint = z.infer<typeof checkpoint>

/** What the training loop reports, in the order in which it happens. */
export const trainingEvent = z.discriminatedUnion('type', [
  /** Once, before the first step. */
  z.object({
    type: z.literal('started'),
    engine: z.string(),
    device: z.string(),
    parameters: z.int(),
    baselines
  }),
  /**
   * On some engines the losses of several steps are read at once; then the times are the means of those steps.
   * `waitedMilliseconds` is the part of `milliseconds` in which the batch was not ready yet.
   */
  z.object({
    type: z.literal('step'),
    step: z.int(),
    loss: z.number(),
    milliseconds: z.number(),
    waitedMilliseconds: z.number()
  }),
  z.object({ type: z.literal('validation'), step: z.int(), loss: z.number(), metrics }),
  /** `best` has the best validation mIoU so far; `last` is what a resumed run goes on from. */
  z.object({ type: z.literal('checkpoint'), kind: z.enum(['best', 'last']), checkpoint }),
  /** Packed weights at a step that shows the course of the run: `learning/keeping.ts`. */
  z.object({ type: z.literal('kept'), step: z.int(), weights: bytes }),
  /** Something the person should know while the run goes on, as one sentence. */
  z.object({ type: z.literal('notice'), message: z.string() }),
  /** A prediction of the best checkpoint, quantised by `learning/quantise.ts`, `[height, width]`. */
  z.object({
    type: z.literal('prediction'),
    imageId: z.int(),
    width: z.int().min(1),
    height: z.int().min(1),
    probabilities: bytes
  }),
  z.object({
    type: z.literal('finished'),
    outcome: z.enum(['done', 'cancelled']),
    steps: z.int(),
    seconds: z.number(),
    medianStepMilliseconds: z.number(),
    bestStep: z.int(),
    /** Of the best checkpoint, which is the best at 0.5, at the threshold that suits it best. */
    best: bestMetrics,
    flat: z.boolean()
  })
])
export type TrainingEvent = z.infer<typeof trainingEvent>
