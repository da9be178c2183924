import type { LossSettings } from '#core/learning/config'
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
 * Unknown pixels are left out; without any known pixel loss and gradient are 0. With p = sigmoid(z), or softmax(z)₁
 * of two logits, nothing that is computed leaves the range of numbers for any z.
 *
 * @param settings Which loss, and its settings; `reluLogits` clips the logits of a loss with two.
 * @param logits `[pixels, outputsOf(loss)]`.
 * @param label Three-valued mask, `[pixels]`.
 */
export function lossOf(settings: LossSettings, logits: Floats, label: Uint8Array): LossAndGradient {
  switch (settings.loss) {
    case 'iou':
      return iouLoss(logits, label)
    case 'dice':
      return diceLoss(logits, label)
    case 'bce':
      return focalLoss(logits, label, settings.positiveWeight, 0)
    case 'focal':
      return focalLoss(logits, label, settings.positiveWeight, settings.focusing)
    case 'lovasz':
      return lovaszLoss(logits, label)
    case 'xent':
      return clipping(settings, logits, (clipped) => crossEntropy(clipped, label))
    case 'iou+xent':
      return clipping(settings, logits, (clipped) => iouPlusCrossEntropy(clipped, label))
  }
}

/** A loss of logits that went through a ReLU where the settings say so. */
function clipping(
  { reluLogits }: LossSettings,
  logits: Floats,
  loss: (clipped: Floats) => LossAndGradient
): LossAndGradient {
  if (!reluLogits) return loss(logits)
  const result = loss(logits.map((z) => Math.max(0, z)))
  return { ...result, gradient: result.gradient.map((slope, i) => (logits[i]! > 0 ? slope : 0)) }
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
 * Dice with squares in the denominator (Milletari, Navab and Ahmadi 2016, V-Net, section 3): with sums over the known
 * pixels of the batch, loss = 1 − 2 Σ p·y / (Σ p² + Σ y²). A batch without foreground has the loss 1 and no gradient,
 * as with the IoU.
 *
 * @param logits One per pixel.
 */
export function diceLoss(logits: Floats, label: Uint8Array): LossAndGradient {
  const p = Float64Array.from(logits, sigmoid)
  let known = 0
  let overlap = 0
  let squares = 0
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    known++
    squares += p[i]! ** 2
    if (label[i] !== FOREGROUND) continue
    overlap += p[i]!
    squares++
  }
  const gradient = new Float64Array(logits.length)
  if (squares === 0) return { loss: known === 0 ? 0 : 1, gradient }
  const dice = (2 * overlap) / squares
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const slope = (2 * (dice * p[i]! - (label[i] === FOREGROUND ? 1 : 0))) / squares
    gradient[i] = slope * p[i]! * (1 - p[i]!)
  }
  return { loss: 1 - dice, gradient }
}

/**
 * The Lovász extension of the Jaccard loss (Berman, Triki and Blaschko 2018, equations 8 and 9) in the errors |y − p|
 * of the known pixels of the batch, for the foreground alone: the errors in descending order times what each adds to
 * 1 − IoU when its pixel joins those before it in being wrong. Of the paper's two forms it is the one for
 * probabilities: a hinge on the logits would stop once |z| is 1, and what is exported as a probability would be none.
 *
 * Without foreground the first wrong pixel costs all, so the loss is the largest p, and only that pixel learns.
 * Pixels that are equally wrong are taken in the order of the array; the loss is the same in any order, and the
 * gradient one of its subgradients.
 *
 * @param logits One per pixel.
 */
export function lovaszLoss(logits: Floats, label: Uint8Array): LossAndGradient {
  /** The margin towards the wrong class: its sigmoid is the error, and never rounds two errors to one. */
  const wrongness = Float64Array.from(logits, (z, i) => (label[i] === FOREGROUND ? -z : z))
  const order = Array.from(label.keys())
    .filter((i) => label[i] !== UNKNOWN)
    .sort((a, b) => wrongness[b]! - wrongness[a]! || a - b)
  const gradient = new Float64Array(logits.length)
  let loss = 0
  let intersection = order.reduce((count, i) => (label[i] === FOREGROUND ? count + 1 : count), 0)
  let union = intersection
  let jaccard = 0
  for (const i of order) {
    const foreground = label[i] === FOREGROUND
    if (foreground) intersection--
    else union++
    const next = 1 - intersection / union
    const error = sigmoid(wrongness[i]!)
    loss += error * (next - jaccard)
    gradient[i] = (foreground ? -1 : 1) * (next - jaccard) * error * (1 - error)
    jaccard = next
  }
  return { loss, gradient }
}

/**
 * Focal loss (Lin, Goyal, Girshick, He and Dollár 2017, equation 4): with pₜ the probability of the right class, the
 * mean over the known pixels of −(1 − pₜ)^γ · log pₜ, times a weight on foreground pixels. γ = 0 leaves the binary
 * cross entropy, and with it `bce`.
 *
 * @param logits One per pixel.
 */
export function focalLoss(
  logits: Floats,
  label: Uint8Array,
  positiveWeight: number,
  focusing: number
): LossAndGradient {
  const gradient = new Float64Array(logits.length)
  const known = label.reduce((count, value) => (value === UNKNOWN ? count : count + 1), 0)
  let sum = 0
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const foreground = label[i] === FOREGROUND
    const wrongness = foreground ? -logits[i]! : logits[i]!
    const weight = foreground ? positiveWeight : 1
    // The error 1 − pₜ is sigmoid(wrongness), and −log pₜ is softplus(wrongness).
    const factor = weight * Math.exp(-focusing * softplus(-wrongness))
    const entropy = softplus(wrongness)
    sum += factor * entropy
    const slope = factor * (sigmoid(wrongness) + focusing * sigmoid(-wrongness) * entropy)
    gradient[i] = ((foreground ? -1 : 1) * slope) / known
  }
  return { loss: sum / Math.max(1, known), gradient }
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
