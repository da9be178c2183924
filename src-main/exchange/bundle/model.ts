import type * as tensorflow from '@tensorflow/tfjs'
import { layersModel } from '#core/network/tfjs/model'
import type { NetworkSpec, Weights } from '#core/network/spec'

/** A layers model in TensorFlow.js's own terms, before its weights are packed. */
export interface WebModel {
  topology: object
  /** All `float32`, in the order of `bytes`. */
  entries: tensorflow.io.WeightsManifestEntry[]
  /** Little-endian 32-bit floats. */
  bytes: Uint8Array
  /** `format`, `generatedBy` and the like, as TensorFlow.js writes them. */
  description: Record<string, unknown>
}

type Tensorflow = typeof tensorflow

/**
 * The network with its head: `[N, size, size, 3]`, 0 to 1, to foreground probabilities `[N, size, size, 1]`. The
 * weights are the checkpoint's own. Of two logits the softmax's second value is sigmoid(z₁ − z₀), which stock
 * layers express as a 1×1 convolution by (−1, 1).
 *
 * @param reluLogits The run clipped its two logits by a ReLU.
 */
export async function webModel(spec: NetworkSpec, weights: Weights, reluLogits: boolean): Promise<WebModel> {
  // Loaded when needed: it takes a second, and most sessions export nothing.
  const tf = await import('@tensorflow/tfjs')
  // Nothing is computed here, so its advice to install a faster backend would mislead.
  tf.enableProdMode()
  await tf.ready()
  tf.engine().startScope()
  const network = layersModel(tf, spec, weights)
  const output = withHead(tf, network, spec.outputs, reluLogits)
  const model = tf.model({ inputs: network.inputs, outputs: output, name: 'jaccard' })
  tf.engine().endScope()
  try {
    return await artifactsOf(tf, model)
  } finally {
    model.dispose()
  }
}

function withHead(
  tf: Tensorflow,
  network: tensorflow.LayersModel,
  outputs: 1 | 2,
  reluLogits: boolean
): tensorflow.SymbolicTensor {
  const logits = network.outputs[0]!
  if (outputs === 1) {
    return tf.layers
      .activation({ name: 'foreground', activation: 'sigmoid' })
      .apply(logits) as tensorflow.SymbolicTensor
  }
  const clipped = reluLogits ? tf.layers.reLU({ name: 'clipped' }).apply(logits) : logits
  return tf.layers
    .conv2d({
      name: 'foreground',
      filters: 1,
      kernelSize: 1,
      useBias: false,
      activation: 'sigmoid',
      weights: [tf.tensor4d([-1, 1], [1, 1, 2, 1])]
    })
    .apply(clipped) as tensorflow.SymbolicTensor
}

async function artifactsOf(tf: Tensorflow, model: tensorflow.LayersModel): Promise<WebModel> {
  let saved: tensorflow.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    })
  )
  const { modelTopology, weightSpecs, weightData, ...description } = saved!
  return {
    topology: modelTopology as object,
    entries: weightSpecs!,
    bytes: new Uint8Array(weightData as ArrayBuffer),
    description: description as Record<string, unknown>
  }
}
