import type { GradSaveFunc, Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { Objective } from '#core/network/engine'
import { marginOf } from '#core/network/tfjs/forward'
import type { Tf } from '#core/network/tfjs/tf'

/**
 * The losses of `learning/losses.ts`, where they are defined, as differentiable operators.
 *
 * @param logits `[N, H, W, outputs]`.
 * @param labels Three-valued masks `[N, H, W]`, as floats.
 */
export function lossTensor(
  tf: Tf,
  { loss, reluLogits, positiveWeight, focusing }: Objective,
  logits: Tensor4D,
  labels: Tensor
): Scalar {
  const margin = marginOf(tf, logits, reluLogits)
  const foreground = tf.cast(tf.equal(labels, FOREGROUND), 'float32')
  const known = tf.cast(tf.notEqual(labels, UNKNOWN), 'float32')
  switch (loss) {
    case 'iou':
      return iou(tf, margin, foreground, known)
    case 'dice':
      return dice(tf, margin, foreground, known)
    case 'lovasz':
      return lovasz(tf, margin, foreground, known)
    case 'xent':
      return crossEntropy(tf, margin, foreground, known)
    case 'iou+xent':
      return tf.add(iou(tf, margin, foreground, known), crossEntropy(tf, margin, foreground, known))
    case 'bce':
      return crossEntropy(tf, margin, foreground, known, { positiveWeight })
    case 'focal':
      return crossEntropy(tf, margin, foreground, known, { positiveWeight, focusing })
  }
}

/** Below it lie only unions without foreground, of which the intersection is 0; its square is still a float. */
const SMALLEST_UNION = 1e-12

/** `foreground` and `known` hold 1 where the pixel is so, else 0; no pixel is foreground and unknown. */
function iou(tf: Tf, margin: Tensor, foreground: Tensor, known: Tensor): Scalar {
  const p = tf.sigmoid(margin)
  const intersection = tf.sum(tf.mul(p, foreground))
  const background = tf.sub(known, foreground)
  // p + y − p·y is 1 on foreground and p on background.
  const union = tf.add(tf.sum(foreground), tf.sum(tf.mul(p, background)))
  const ratio = tf.div(intersection, tf.maximum(union, SMALLEST_UNION))
  return tf.sub<Scalar>(tf.minimum(tf.sum(known), 1), ratio)
}

function dice(tf: Tf, margin: Tensor, foreground: Tensor, known: Tensor): Scalar {
  const p = tf.mul(tf.sigmoid(margin), known)
  const overlap = tf.mul(2, tf.sum(tf.mul(p, foreground)))
  const squares = tf.add(tf.sum(foreground), tf.sum(tf.mul(p, p)))
  const ratio = tf.div(overlap, tf.maximum(squares, SMALLEST_UNION))
  return tf.sub<Scalar>(tf.minimum(tf.sum(known), 1), ratio)
}

/**
 * −log softmax of the right class is softplus of minus the margin towards it. A `focusing` above 0 makes it the focal
 * loss: (1 − pₜ)^γ is e to the −γ · softplus of the margin towards the right class.
 */
function crossEntropy(
  tf: Tf,
  margin: Tensor,
  foreground: Tensor,
  known: Tensor,
  { positiveWeight = 1, focusing = 0 } = {}
): Scalar {
  const wrongness = wrongnessOf(tf, margin, foreground)
  const entropy = tf.softplus(wrongness)
  const focused =
    focusing === 0 ? entropy : tf.mul(tf.exp(tf.mul(-focusing, tf.softplus(tf.neg(wrongness)))), entropy)
  const weights = positiveWeight === 1 ? known : tf.add(known, tf.mul(positiveWeight - 1, foreground))
  return tf.div<Scalar>(tf.sum(tf.mul(focused, weights)), tf.maximum(tf.sum(known), 1))
}

/** The margin towards the wrong class. */
function wrongnessOf(tf: Tf, margin: Tensor, foreground: Tensor): Tensor {
  return tf.mul(margin, tf.sub(1, tf.mul(2, foreground)))
}

function lovasz(tf: Tf, margin: Tensor, foreground: Tensor, known: Tensor): Scalar {
  const wrongness = wrongnessOf(tf, margin, foreground)
  // The order of the errors is a step function of the margin: its slope is 0 wherever there is one.
  const weighted = tf.customGrad((...inputs) => {
    const [x, save] = inputs as [Tensor, GradSaveFunc]
    const weights = lovaszWeights(tf, x, foreground, known)
    const errors = tf.sigmoid(x)
    save([weights, errors])
    return {
      value: tf.sum(tf.mul(errors, weights)),
      gradFunc: (slope, saved) => {
        const [weights, errors] = saved as [Tensor, Tensor]
        return tf.mul(slope, tf.mul(weights, tf.mul(errors, tf.sub(1, errors))))
      }
    }
  })
  return weighted(wrongness) as Scalar
}

/** Below every margin; also the place of unknown pixels and of values that are no numbers, which have no order. */
const LOWEST = -1e30

/** What each pixel adds to the Jaccard loss when it joins those that are more wrong; 0 where unknown. */
function lovaszWeights(tf: Tf, wrongness: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const flat = (x: Tensor): Tensor1D => tf.reshape(x, [-1])
  const candidates = tf.add(flat(wrongness), tf.mul(tf.sub(flat(known), 1), -2 * LOWEST))
  const keys = tf.where(tf.greater(candidates, LOWEST), candidates, LOWEST)
  const order = tf.topk(keys, keys.size, true).indices as Tensor1D
  const wrongForeground = tf.gather(flat(foreground), order)
  const wrongBackground = tf.sub(tf.gather(flat(known), order), wrongForeground)
  const total = tf.sum(foreground)
  const intersection = tf.sub(total, tf.cumsum(wrongForeground))
  const union = tf.maximum(tf.add(total, tf.cumsum(wrongBackground)), 1)
  // A missed pixel takes 1 / U. A false one takes I / (U · (U − 1)), all if it is the first and there is no label.
  const first = tf.cast(tf.equal(union, 1), 'float32')
  const share = tf.div(tf.maximum(intersection, first), tf.maximum(tf.sub(union, 1), 1))
  const weights = tf.div(tf.add(wrongForeground, tf.mul(wrongBackground, share)), union)
  return tf.reshape(tf.scatterND(tf.expandDims(order, 1), weights, [keys.size]), wrongness.shape)
}
