import type { LossName } from '#core/learning/config'

/** The losses as they are called in the middle of a sentence. */
export const LOSS_NAMES: Record<LossName, string> = {
  iou: 'IoU',
  xent: 'cross entropy',
  'iou+xent': 'IoU + cross entropy',
  dice: 'Dice',
  bce: 'binary cross entropy',
  lovasz: 'Lovász',
  focal: 'focal loss'
}
