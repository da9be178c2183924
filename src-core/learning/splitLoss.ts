import type { LossSettings } from '#core/learning/config'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** A loss over a whole split, fed image by image. */
export interface SplitLoss {
  /** Adds an image's foreground probabilities and its three-valued mask. */
  add(p: Float32Array, label: Uint8Array): void
  /** The loss of all images together; 0 without a known pixel, no number if a probability was none. */
  value(): number
}

/**
 * A loss from probabilities instead of logits: what a network that only predicts can tell. Definitions as in
 * `learning/losses.ts`, with the whole split as one batch.
 *
 * Logarithms of 32-bit probabilities are cut off at that of 1e-7. For the order of errors that `lovasz` needs they
 * are rounded to a multiple of 1 / 65,536, so that a split of any size takes one megabyte; the loss is off by no
 * more than an error is, half of that.
 */
export function createSplitLoss(settings: LossSettings): SplitLoss {
  switch (settings.loss) {
    case 'iou':
      return iou()
    case 'dice':
      return dice()
    case 'lovasz':
      return lovasz()
    case 'xent':
      return entropy(1, 0)
    case 'iou+xent':
      return sumOf(iou(), entropy(1, 0))
    case 'bce':
      return entropy(settings.positiveWeight, 0)
    case 'focal':
      return entropy(settings.positiveWeight, settings.focusing)
  }
}

function sumOf(one: SplitLoss, other: SplitLoss): SplitLoss {
  return {
    add(p, label) {
      one.add(p, label)
      other.add(p, label)
    },
    value: () => one.value() + other.value()
  }
}

/** Visits every known pixel. */
function eachKnown(
  p: Float32Array,
  label: Uint8Array,
  visit: (probability: number, foreground: boolean) => void
): void {
  for (let i = 0; i < label.length; i++) {
    if (label[i] !== UNKNOWN) visit(p[i]!, label[i] === FOREGROUND)
  }
}

function iou(): SplitLoss {
  let [known, intersection, union] = [0, 0, 0]
  return {
    add: (p, label) =>
      eachKnown(p, label, (probability, foreground) => {
        known++
        if (foreground) intersection += probability
        union += foreground ? 1 : probability
      }),
    value: () => overlapLoss(known, intersection, union)
  }
}

function dice(): SplitLoss {
  let [known, overlap, squares] = [0, 0, 0]
  return {
    add: (p, label) =>
      eachKnown(p, label, (probability, foreground) => {
        known++
        if (foreground) overlap += probability
        squares += probability ** 2 + (foreground ? 1 : 0)
      }),
    value: () => overlapLoss(known, 2 * overlap, squares)
  }
}

function overlapLoss(known: number, part: number, whole: number): number {
  if (known === 0) return 0
  return whole === 0 ? 1 : 1 - part / whole
}

/** Where a 32-bit probability is cut off before its logarithm. */
const SMALLEST = 1e-7

function entropy(positiveWeight: number, focusing: number): SplitLoss {
  let [known, sum] = [0, 0]
  return {
    add: (p, label) =>
      eachKnown(p, label, (probability, foreground) => {
        known++
        const right = foreground ? probability : 1 - probability
        // Math.max passes NaN on, so that a network that has broken down shows.
        const surprise = -Math.log(Math.max(SMALLEST, right))
        sum += (foreground ? positiveWeight : 1) * (1 - right) ** focusing * surprise
      }),
    value: () => sum / Math.max(1, known)
  }
}

/** Steps to which an error from 0 to 1 is rounded. */
const LEVELS = 65_536

function lovasz(): SplitLoss {
  const missed = new Uint32Array(LEVELS + 1)
  const painted = new Uint32Array(LEVELS + 1)
  let total = 0
  let broken = false
  return {
    add: (p, label) =>
      eachKnown(p, label, (probability, foreground) => {
        if (Number.isNaN(probability)) broken = true
        else if (foreground) missed[Math.round(LEVELS * (1 - probability))]!++
        else painted[Math.round(LEVELS * probability)]!++
        if (foreground) total++
      }),
    value() {
      if (broken) return NaN
      let intersection = total
      let union = total
      let jaccard = 0
      let loss = 0
      for (let level = LEVELS; level > 0; level--) {
        intersection -= missed[level]!
        union += painted[level]!
        const next = union === 0 ? 0 : 1 - intersection / union
        loss += (level / LEVELS) * (next - jaccard)
        jaccard = next
      }
      return loss
    }
  }
}
