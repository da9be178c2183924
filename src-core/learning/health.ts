import { isOverlap, type TrainConfig } from '#core/learning/config'
import type { Baselines } from '#core/learning/events'
import { BACKGROUND, FOREGROUND } from '#core/mask/values'
import type { Sample } from '#core/learning/sample'

/** A class with less than this share of the pixels is rare. */
export const RARE = 0.02
/** How close to the best baseline counts as having learned nothing. */
const FLAT_MARGIN = 0.01
/** With fewer validations than this there is no trend to speak of. */
const FEWEST_VALIDATIONS = 3

/**
 * Whether a run has learned nothing: the last third of its validations is no more than 0.01 mIoU better than the
 * best of the models that never look at the image. A run below them is as flat as one on their line.
 *
 * @param validations mIoU of every validation, in order.
 */
export function isFlat(validations: number[], baselines: Baselines): boolean {
  if (validations.length < FEWEST_VALIDATIONS) return false
  const best = Math.max(baselines.background, baselines.foreground, baselines.meanMask)
  return validations.slice(-Math.ceil(validations.length / 3)).every((mIoU) => mIoU <= best + FLAT_MARGIN)
}

/** Before so many steps a run may just not have got anywhere yet. */
const FEW_STEPS = 100

/** What to say of a run that was flat for all of its `steps`: that it was, and what usually helps. */
export function flatAdvice(config: TrainConfig, train: Sample[], steps: number): string {
  const share = foregroundShare(train)
  const advice = [
    ...(steps < FEW_STEPS ? [`train for more steps than ${steps}`] : []),
    `try another learning rate (now ${config.learningRate})`,
    `a larger batch (now ${config.batch})`,
    ...(isOverlap(config.loss) ? ['the loss iou+xent'] : []),
    ...(share < RARE || share > 1 - RARE
      ? [`images in which foreground and background are less lopsided (foreground is ${percent(share)})`]
      : [])
  ]
  return `This model knows nothing yet: it does no better than one that never looks at the image; ${advice.join(', or ')}.`
}

/** Whether a label has any foreground pixel. */
export function hasForeground(label: Uint8Array): boolean {
  return label.includes(FOREGROUND)
}

function foregroundShare(samples: Sample[]): number {
  let foreground = 0
  let background = 0
  for (const { label } of samples) {
    for (const value of label) {
      if (value === FOREGROUND) foreground++
      else if (value === BACKGROUND) background++
    }
  }
  return foreground / Math.max(1, foreground + background)
}

/** A share in words, with two digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
