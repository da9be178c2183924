import type { TrainConfig } from '#core/learning/config'

/** Greatest share of the training time that validation may take. */
const VALIDATION_SHARE = 0.1
/** A step's forward and backward pass costs about this many forward passes. */
const PASSES_PER_STEP = 3
/** … except that a run on crops, whose images are many inputs each, is validated so often, to see where it is best. */
const FEWEST_VALIDATIONS = 5
/** Points that a curve needs at most, where its length is known … */
const MOST_VALIDATIONS = 50
/** … and steps between them where it is not. */
const OPEN_ENDED_INTERVAL = 10

/**
 * The learning rate of a step, 1, 2, …: it rises evenly over the first `warmup` steps, of which the last has the
 * configuration's own, since Adam's first steps go by the sign of single gradients.
 */
export function learningRateAt(step: number, { learningRate, warmup }: TrainConfig): number {
  return step < warmup ? (learningRate * step) / warmup : learningRate
}

/**
 * Steps between two validations. It follows from the images and the configuration, never from the clock: the best
 * checkpoint is one of the validated steps, and the same run has to find the same one again.
 *
 * @param train Network inputs of an epoch. @param validation Network inputs that all validation images take.
 */
export function validationInterval(train: number, validation: number, config: TrainConfig): number {
  const cost = validation / (PASSES_PER_STEP * Math.min(train, config.batch))
  const wanted = config.steps === null ? OPEN_ENDED_INTERVAL : Math.ceil(config.steps / MOST_VALIDATIONS)
  const interval = Math.max(wanted, Math.ceil(cost / VALIDATION_SHARE))
  if (config.crop === null || config.steps === null) return interval
  return Math.min(interval, Math.ceil(config.steps / FEWEST_VALIDATIONS))
}

/**
 * Whether the last `patience` validations were no better than the best one before. It follows from the validations
 * alone, so that a resumed run waits no longer than one that was never interrupted.
 *
 * @param validations mIoU of every validation, in order.
 */
export function isOutOfPatience(validations: number[], patience: number | null): boolean {
  if (patience === null) return false
  const best = validations.reduce((best, mIoU, i) => (mIoU > validations[best]! ? i : best), 0)
  return validations.length - 1 - best >= patience
}

/** Whether a step is followed by a validation: the first, so that the curve starts at once, then regularly. */
export function isValidationStep(step: number, interval: number): boolean {
  return step === 1 || step % interval === 0
}
