import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
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
  { loss, reluLogits }: Pick<Objective, 'loss' | 'reluLogits'>,
  logits: Tensor4D,
  labels: Tensor
): Scalar {
  const margin = marginOf(tf, logits, reluLogits)
  const foreground = tf.cast(tf.equal(labels, FOREGROUND), 'float32')
  const known = tf.cast(tf.notEqual(labels, UNKNOWN), 'float32')
  if (loss === 'iou') return iou(tf, margin, foreground, known)
  if (loss === 'xent') return crossEntropy(tf, margin, foreground, known)
  return tf.add(iou(tf, margin, foreground, known), crossEntropy(tf, margin, foreground, known))
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

/** −log softmax of the right class is softplus of minus the margin towards it. */
function crossEntropy(tf: Tf, margin: Tensor, foreground: Tensor, known: Tensor): Scalar {
  const towards = tf.sub(1, tf.mul(2, foreground))
  const losses = tf.mul(tf.softplus(tf.mul(margin, towards)), known)
  return tf.div<Scalar>(tf.sum(losses), tf.maximum(tf.sum(known), 1))
}
