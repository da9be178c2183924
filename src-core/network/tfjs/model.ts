import type * as tfjs from '@tensorflow/tfjs'
import { parameters } from '#core/network/shapes'
import type { Layer, NetworkSpec, Weights } from '#core/network/spec'

/**
 * The network as a layers model, for export: from `[N, size, size, 3]`, 0 to 1, to logits
 * `[N, size, size, outputs]`. Its layers have the spec's names; dropout, which does nothing when predicting, is
 * left out.
 */
export function layersModel(tf: typeof tfjs, spec: NetworkSpec, weights: Weights): tfjs.LayersModel {
  const shapes = new Map(parameters(spec).map(({ name, shape }) => [name, shape]))
  const outputs = new Map<string, tfjs.SymbolicTensor>()
  const convolution = (layer: Extract<Layer, { op: 'conv' | 'convTranspose' }>) => ({
    name: layer.name,
    filters: layer.filters,
    kernelSize: layer.kernel,
    padding: 'same' as const,
    activation: layer.activation,
    weights: ['kernel', 'bias'].map((part) => {
      const name = `${layer.name}/${part}`
      return tf.tensor(weights.get(name)!, shapes.get(name)!)
    })
  })
  const applied = (layer: Layer) => {
    switch (layer.op) {
      case 'input':
        return tf.input({ name: layer.name, shape: [spec.size, spec.size, layer.channels] })
      case 'conv':
        return tf.layers.conv2d(convolution(layer)).apply(outputs.get(layer.input)!)
      case 'maxPool':
        return tf.layers
          .maxPooling2d({ name: layer.name, poolSize: 2, padding: 'same' })
          .apply(outputs.get(layer.input)!)
      case 'dropout':
        return outputs.get(layer.input)!
      case 'convTranspose':
        return tf.layers
          .conv2dTranspose({ ...convolution(layer), strides: layer.stride })
          .apply(outputs.get(layer.input)!)
      case 'concat':
        return tf.layers
          .concatenate({ name: layer.name })
          .apply(layer.inputs.map((input) => outputs.get(input)!))
    }
  }
  for (const layer of spec.layers) outputs.set(layer.name, applied(layer) as tfjs.SymbolicTensor)
  return tf.model({
    inputs: outputs.get(spec.layers[0]!.name)!,
    outputs: outputs.get(spec.layers[spec.layers.length - 1]!.name)!
  })
}
