import { isOverlap, type TrainConfig } from '#core/learning/config'
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
const LARGE_BATCH = 64
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

  const lower = Number((learningRate / 10).toPrecision(3))
  const higher = Number((learningRate * 10).toPrecision(3))
  if (learningRate > high) {
    advice.push({
      reason:
        `The learning rate ${learningRate} is high for ${config.architecture}: training jumps to “always the same answer” ` +
        `and stays there${isOverlap(loss) ? `; ${lossName(loss)} alone is among the losses most sensitive to this` : ''}.`,
      tryLabel: `Learning rate ${lower}`,
      settings: { learningRate: lower }
    })
  }
  if (learningRate < low) {
    advice.push({
      reason: `The learning rate ${learningRate} is low: every step changes very little.`,
      tryLabel: `Learning rate ${higher}`,
      settings: { learningRate: higher }
    })
  }
  if (isOverlap(loss)) {
    advice.push({
      reason: `${lossName(loss)} alone gives no direction on a batch without foreground, and little at the start.`,
      tryLabel: lossName('iou+xent'),
      settings: { loss: 'iou+xent' }
    })
  }
  if (foregroundShare !== null && foregroundShare < RARE_FOREGROUND) {
    const rare = `Only ${percent(foregroundShare)} of the training pixels are foreground, so “always background” is nearly right.`
    if (loss === 'xent' || loss === 'bce' || loss === 'focal') {
      advice.push({
        reason: `${rare} ${lossName(loss)} is content with that.`,
        tryLabel: lossName('iou+xent'),
        settings: { loss: 'iou+xent' }
      })
    } else if (batch < LARGE_BATCH) {
      advice.push({
        reason: `${rare} A larger batch has more of it; more labelled objects help most.`,
        tryLabel: `${batch * 2} images a batch`,
        settings: { batch: batch * 2 }
      })
    }
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
