import type { Tensor1D } from '@tensorflow/tfjs-core'
import type { Tf } from '#core/network/tfjs/tf'

const BETA_1 = 0.9
const BETA_2 = 0.999
const EPSILON = 1e-8

/** All weights of a network laid end to end, with Adam's moments of each. */
export interface AdamState {
  weights: Tensor1D
  first: Tensor1D
  second: Tensor1D
}

/**
 * One step of Adam (Kingma and Ba 2015) in the form of its algorithm 1, as PyTorch has it: ε is added to the
 * root of the corrected second moment.
 *
 * @param gradient As long as the weights.
 * @param step The number of this step, from 1.
 * @returns New tensors; the old ones are left to the caller.
 */
export function adam(
  tf: Tf,
  state: AdamState,
  gradient: Tensor1D,
  step: number,
  learningRate: number
): AdamState {
  const first = tf.add<Tensor1D>(tf.mul(state.first, BETA_1), tf.mul(gradient, 1 - BETA_1))
  const second = tf.add<Tensor1D>(tf.mul(state.second, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2))
  const rate = learningRate / (1 - BETA_1 ** step)
  const root = tf.mul(tf.sqrt(second), 1 / Math.sqrt(1 - BETA_2 ** step))
  const change = tf.div(tf.mul(first, rate), tf.add(root, EPSILON))
  return { weights: tf.sub<Tensor1D>(state.weights, change), first, second }
}
