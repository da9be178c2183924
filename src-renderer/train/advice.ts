import type { TrainConfig } from '#core/learning/config'
import { percent } from '../shared/numbers'
import { lossName } from './settings'

/** One likely reason why a run learned nothing, and the settings to try instead. */
export interface Advice {
  reason: string
  tryLabel: string
  settings: Partial<TrainConfig>
}

const FEW_STEPS = 200
const SMALL_BATCH = 5
const RARE_FOREGROUND = 0.05

/**
 * Why a flat run may have learned nothing, most likely first; never empty.
 *
 * @param config The run's settings.
 * @param foregroundShare Foreground pixels over known pixels in training, 0 to 1; null where unknown.
 */
export function adviceFor(config: TrainConfig, foregroundShare: number | null): Advice[] {
  const advice: Advice[] = []
  const { learningRate, batch, loss, steps } = config
  const high = config.architecture.startsWith('VGG') ? 3e-4 : 3e-3
  const low = config.architecture.startsWith('VGG') ? 1e-5 : 1e-4

  if (learningRate > high) {
    advice.push({
      reason:
        `The learning rate ${learningRate} is high for ${config.architecture}: training jumps to “always the same answer” ` +
        `and stays there${loss === 'iou' ? '; the IoU loss is the most sensitive to this' : ''}.`,
      tryLabel: `Learning rate ${learningRate / 10}`,
      settings: { learningRate: learningRate / 10 }
    })
  }
  if (learningRate < low) {
    advice.push({
      reason: `The learning rate ${learningRate} is low: every step changes very little.`,
      tryLabel: `Learning rate ${learningRate * 10}`,
      settings: { learningRate: learningRate * 10 }
    })
  }
  if (loss === 'iou') {
    advice.push({
      reason: 'The IoU loss alone gives no direction on a batch without foreground, and little at the start.',
      tryLabel: lossName('iou+xent'),
      settings: { loss: 'iou+xent' }
    })
  }
  if (foregroundShare !== null && foregroundShare < RARE_FOREGROUND) {
    advice.push({
      reason:
        `Only ${percent(foregroundShare)} of the training pixels are foreground, so “always background” is nearly right. ` +
        (loss === 'xent' ? 'Cross entropy is content with that.' : 'More labelled objects help most.'),
      ...(loss === 'xent'
        ? { tryLabel: lossName('iou+xent'), settings: { loss: 'iou+xent' } }
        : {
            tryLabel: `${Math.min(256, batch * 2)} images a batch`,
            settings: { batch: Math.min(256, batch * 2) }
          })
    })
  }
  if (batch < SMALL_BATCH) {
    advice.push({
      reason: `A batch of ${batch} gives every step a noisy direction.`,
      tryLabel: '10 images a batch',
      settings: { batch: 10 }
    })
  }
  if (advice.length === 0 || (steps !== null && steps < FEW_STEPS)) {
    const more = Math.max(400, (steps ?? 0) * 2)
    advice.push({
      reason: 'It may simply need more steps to get going.',
      tryLabel: `${more} steps`,
      settings: { steps: more, minutes: null }
    })
  }
  return advice
}
