import type { LossName } from '#core/learning/config'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** A loss and how it changes with each logit. */
export interface LossAndGradient {
  loss: number
  /** dLoss / dlogit, as long as the logits. */
  gradient: Float64Array
}

type Floats = Float32Array | Float64Array

/**
 * A loss over all pixels of a batch, in 64-bit arithmetic: what every engine's own version is compared with.
 * Unknown pixels are left out; without any known pixel loss and gradient are 0.
 *
 * @param loss Which loss; `iou` reads one logit per pixel, `xent` and `iou+xent` two.
 * @param logits `[pixels, outputs]`.
 * @param label Three-valued mask, `[pixels]`.
 * @param reluLogits Clip two logits by a ReLU first.
 */
export function lossOf(
  loss: LossName,
  logits: Floats,
  label: Uint8Array,
  reluLogits = false
): LossAndGradient {
  if (loss === 'iou') return iouLoss(logits, label)
  const clipped = reluLogits ? logits.map((z) => Math.max(0, z)) : logits
  const result = loss === 'xent' ? crossEntropy(clipped, label) : iouPlusCrossEntropy(clipped, label)
  return reluLogits
    ? { ...result, gradient: result.gradient.map((slope, i) => (logits[i]! > 0 ? slope : 0)) }
    : result
}

/**
 * Soft IoU (Rahman and Wang 2016): with p = sigmoid(z), y the label and sums over the known pixels of the batch,
 * I = Σ p·y, U = Σ (p + y − p·y), loss = 1 − I / U.
 *
 * @param logits One per pixel.
 */
export function iouLoss(logits: Floats, label: Uint8Array): LossAndGradient {
  const p = Float64Array.from(logits, sigmoid)
  let known = 0
  let intersection = 0
  let union = 0
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    known++
    const foreground = label[i] === FOREGROUND
    if (foreground) intersection += p[i]!
    union += foreground ? 1 : p[i]!
  }
  const gradient = new Float64Array(logits.length)
  if (union === 0) return { loss: known === 0 ? 0 : 1, gradient }
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const slope = label[i] === FOREGROUND ? -1 / union : intersection / union ** 2
    gradient[i] = slope * p[i]! * (1 - p[i]!)
  }
  return { loss: 1 - intersection / union, gradient }
}

/**
 * Softmax cross entropy, mean over the known pixels.
 *
 * @param logits Background and foreground per pixel.
 */
export function crossEntropy(logits: Floats, label: Uint8Array): LossAndGradient {
  const gradient = new Float64Array(logits.length)
  const known = label.reduce((count, value) => (value === UNKNOWN ? count : count + 1), 0)
  let sum = 0
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const sign = label[i] === FOREGROUND ? 1 : -1
    const margin = sign * (logits[2 * i + 1]! - logits[2 * i]!)
    sum += softplus(-margin)
    const slope = (-sign * sigmoid(-margin)) / known
    gradient[2 * i] = -slope
    gradient[2 * i + 1] = slope
  }
  return { loss: sum / Math.max(1, known), gradient }
}

/** The sum of both, with p = softmax(z)₁ in the IoU, which is the sigmoid of the logits' difference. */
function iouPlusCrossEntropy(logits: Floats, label: Uint8Array): LossAndGradient {
  const entropy = crossEntropy(logits, label)
  const iou = iouLoss(
    Float64Array.from(label, (_, i) => logits[2 * i + 1]! - logits[2 * i]!),
    label
  )
  iou.gradient.forEach((slope, i) => {
    entropy.gradient[2 * i]! -= slope
    entropy.gradient[2 * i + 1]! += slope
  })
  return { loss: entropy.loss + iou.loss, gradient: entropy.gradient }
}

/** 1 / (1 + e⁻ᶻ) without overflow. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z))
  return z >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/** log(1 + eᶻ) without overflow. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
}
