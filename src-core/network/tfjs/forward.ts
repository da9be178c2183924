import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Layer, NetworkSpec } from '#core/network/spec'
import type { Tf } from '#core/network/tfjs/tf'

export type Tensors = Map<string, Tensor>

/**
 * The network at the level of operators, differentiable.
 *
 * @param weights One tensor per parameter, by name.
 * @param images `[N, size, size, 3]`, 0 to 1.
 * @param dropout Factors of each dropout layer's input, by layer; a layer without an entry passes its input on.
 * @returns Logits `[N, size, size, outputs]`.
 */
export function forward(
  tf: Tf,
  spec: NetworkSpec,
  weights: Tensors,
  images: Tensor4D,
  dropout: Tensors
): Tensor4D {
  const outputs = new Map<string, Tensor4D>()
  const run = (layer: Layer): Tensor4D => {
    switch (layer.op) {
      case 'input':
        return images
      case 'conv': {
        const kernel = weights.get(`${layer.name}/kernel`) as Tensor4D
        return activated(tf, layer, tf.conv2d(outputs.get(layer.input)!, kernel, 1, 'same'), weights)
      }
      case 'maxPool':
        return tf.maxPool(outputs.get(layer.input)!, 2, 2, 'same')
      case 'dropout': {
        const input = outputs.get(layer.input)!
        const factors = dropout.get(layer.name)
        return factors ? tf.mul(input, factors) : input
      }
      case 'convTranspose': {
        const input = outputs.get(layer.input)!
        const [count, height, width] = input.shape
        const shape: Tensor4D['shape'] = [count, height * layer.stride, width * layer.stride, layer.filters]
        const kernel = weights.get(`${layer.name}/kernel`) as Tensor4D
        return activated(tf, layer, tf.conv2dTranspose(input, kernel, shape, layer.stride, 'same'), weights)
      }
      case 'concat':
        return tf.concat([outputs.get(layer.inputs[0])!, outputs.get(layer.inputs[1])!], 3)
    }
  }
  for (const layer of spec.layers) outputs.set(layer.name, run(layer))
  return outputs.get(spec.layers[spec.layers.length - 1]!.name)!
}

function activated(
  tf: Tf,
  layer: Extract<Layer, { op: 'conv' | 'convTranspose' }>,
  sums: Tensor4D,
  weights: Tensors
): Tensor4D {
  const biased = tf.add<Tensor4D>(sums, weights.get(`${layer.name}/bias`)!)
  return layer.activation === 'relu' ? tf.relu(biased) : biased
}

/**
 * How much more the logits speak for foreground than for background, so that p = sigmoid(margin): the one logit,
 * or of two their difference, since softmax(z)₁ = sigmoid(z₁ − z₀).
 *
 * @param logits `[N, H, W, outputs]`.
 * @param reluLogits Clip two logits by a ReLU first.
 * @returns `[N, H, W]`.
 */
export function marginOf(tf: Tf, logits: Tensor4D, reluLogits: boolean): Tensor3D {
  if (logits.shape[3] === 1) return tf.squeeze(logits, [3])
  const [background, foreground] = tf.split(reluLogits ? tf.relu(logits) : logits, 2, 3)
  return tf.squeeze(tf.sub(foreground!, background!), [3])
}
