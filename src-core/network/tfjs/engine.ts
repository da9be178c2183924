import type { Rank, Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { JaccardError } from '#core/errors'
import type { Batch, CompiledNetwork, Engine, EngineName, Objective } from '#core/network/engine'
import { parameterCount, parameters, shapesOf, sizeOf } from '#core/network/shapes'
import type { NetworkSpec, Weights } from '#core/network/spec'
import { adam } from '#core/network/tfjs/adam'
import { forward, marginOf, type Tensors } from '#core/network/tfjs/forward'
import { lossTensor } from '#core/network/tfjs/losses'
import type { Tf } from '#core/network/tfjs/tf'
import { flattenWeights, splitWeights } from '#core/network/weights'

/**
 * The engine on TensorFlow.js. Weights and moments stay on the device as one array each, so that Adam is a
 * handful of operators however many layers there are.
 *
 * @param tf TensorFlow.js with its backend set and ready; in a page, a worker or Node.
 * @param device The device in words, for the screen.
 * @param lossInterval As in `Engine`.
 * @param failure What went wrong on the device since it was opened, if anything: GPUs report it beside the
 * results, which are then worthless. Asked after every reading of results.
 */
export function tfjsEngine(
  tf: Tf,
  name: EngineName,
  device: string,
  lossInterval: number,
  failure: () => string | null = () => null
): Engine {
  const networks = new Set<CompiledNetwork>()
  return {
    name,
    device,
    lossInterval,
    compile: async (spec, objective) => {
      const network = compile(tf, spec, objective, failure)
      networks.add(network)
      return network
    },
    dispose: () => {
      for (const network of networks) network.dispose()
      networks.clear()
    }
  }
}

/** A byte as the network sees it. Divided here and not on the device, so that every device gets the same bits. */
const SCALED = Float32Array.from({ length: 256 }, (_, byte) => byte / 255)

/** Weights and moments start at zero: write them first. */
function compile(
  tf: Tf,
  spec: NetworkSpec,
  objective: Objective,
  failure: () => string | null
): CompiledNetwork {
  const shapes = shapesOf(spec)
  const trainable = parameters(spec)
  const lengths = trainable.map(({ shape }) => sizeOf(shape))
  const state = {
    step: 0,
    weights: zeros(tf, parameterCount(spec)),
    first: zeros(tf, parameterCount(spec)),
    second: zeros(tf, parameterCount(spec))
  }
  let unread: Scalar[] = []

  const shaped = (weights: Tensor): Tensor[] =>
    tf.split(weights, lengths).map((values, i) => tf.reshape(values, trainable[i]!.shape))
  const named = (tensors: Tensor[]): Tensors => new Map(trainable.map(({ name }, i) => [name, tensors[i]!]))
  const imagesOf = (bytes: Uint8Array, count: number): Tensor4D =>
    tf.tensor4d(
      Float32Array.from(bytes, (byte) => SCALED[byte]!),
      [count, spec.size, spec.size, 3]
    )
  const floats = async (tensor: Tensor): Promise<Float32Array> => {
    const values = await tensor.data<'float32'>()
    const reason = failure()
    if (reason) {
      throw new JaccardError(
        'training-failed',
        `The GPU failed (${reason}): try a smaller batch or size, or another engine.`
      )
    }
    return values
  }
  const read = async (flat: Tensor): Promise<Weights> => splitWeights(spec, await floats(flat))
  const write = (variable: Variable<Rank.R1>, values: Weights): void => {
    const flat = tf.tensor1d(flattenWeights(spec, values))
    variable.assign(flat)
    flat.dispose()
  }

  function differentiate(batch: Batch): { loss: Scalar; gradient: Tensor1D } {
    const images = imagesOf(batch.images, batch.count)
    const labels = tf.tensor(Float32Array.from(batch.labels), [batch.count, spec.size, spec.size])
    const dropout: Tensors = new Map()
    for (const [name, factors] of batch.dropout) {
      dropout.set(name, tf.tensor(factors, [batch.count, ...shapes.get(name)!]))
    }
    const { value, grads } = tf.valueAndGrads((...weights: Tensor[]) =>
      lossTensor(tf, objective, forward(tf, spec, named(weights), images, dropout), labels)
    )(shaped(state.weights))
    return {
      loss: value as Scalar,
      gradient: tf.concat1d(grads.map((gradient) => tf.reshape(gradient, [-1])))
    }
  }

  return {
    async step(batch, learningRate) {
      const loss = tf.tidy(() => {
        const { loss, gradient } = differentiate(batch)
        const next = adam(tf, state, gradient, state.step + 1, learningRate)
        state.weights.assign(next.weights)
        state.first.assign(next.first)
        state.second.assign(next.second)
        return loss
      })
      state.step++
      unread.push(loss)
    },
    async losses() {
      if (unread.length === 0) return []
      const losses = tf.stack(unread)
      tf.dispose(unread)
      unread = []
      const values = await floats(losses)
      losses.dispose()
      return [...values]
    },
    async gradients(batch) {
      const { loss, gradient } = tf.tidy(() => differentiate(batch))
      const result = { loss: (await floats(loss))[0]!, gradients: await read(gradient) }
      tf.dispose([loss, gradient])
      return result
    },
    async predict(images, count) {
      const p = tf.tidy(() => {
        const logits = forward(tf, spec, named(shaped(state.weights)), imagesOf(images, count), new Map())
        return tf.sigmoid(marginOf(tf, logits, objective.reluLogits))
      })
      const values = await floats(p)
      p.dispose()
      return values
    },
    readWeights: () => read(state.weights),
    writeWeights: async (weights) => write(state.weights, weights),
    readOptimiser: async () => ({
      step: state.step,
      first: await read(state.first),
      second: await read(state.second)
    }),
    async writeOptimiser({ step, first, second }) {
      write(state.first, first)
      write(state.second, second)
      state.step = step
    },
    dispose() {
      tf.dispose([state.weights, state.first, state.second, ...unread])
    }
  }
}

function zeros(tf: Tf, length: number): Variable<Rank.R1> {
  return tf.tidy(() => tf.variable(tf.zeros<Rank.R1>([length])))
}
