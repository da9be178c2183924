import type { InferenceSession, Tensor } from 'onnxruntime-common'
import { JaccardError, messageOf } from '#core/errors'
import {
  LOSS_INTERVAL,
  type Batch,
  type CompiledNetwork,
  type Engine,
  type EngineName,
  type Objective
} from '#core/network/engine'
import { adamRates } from '#core/network/onnx/adam'
import { fromOnnxLayout, toOnnxLayout } from '#core/network/onnx/layout'
import { copyModel, gradientModel, HISTORY, predictionModel, stepModel } from '#core/network/onnx/models'
import type { Provider } from '#core/network/onnx/provider'
import type { OnnxRuntime } from '#core/network/onnx/runtime'
import { parameterCount, shapesOf } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'

export interface OnnxDevice {
  name: EngineName
  /** The device in words, for the screen. */
  device: string
  provider: Provider
  /** Weights and moments stay in the device's own memory between steps. */
  ownMemory: boolean
  /** For every session: the execution provider, threads. */
  options: InferenceSession.SessionOptions
}

/**
 * The engine on ONNX Runtime: a network is lowered to one model that holds forward, loss, backward and Adam, so that
 * a step is one call.
 */
export function onnxEngine(runtime: OnnxRuntime, device: OnnxDevice): Engine {
  const networks = new Set<CompiledNetwork>()
  return {
    name: device.name,
    device: device.device,
    lossInterval: device.ownMemory ? LOSS_INTERVAL.gpu : LOSS_INTERVAL.cpu,
    compile: async (spec, objective) => {
      const network = compile(runtime, device, spec, objective)
      networks.add(network)
      return network
    },
    dispose: () => {
      for (const network of networks) network.dispose()
      networks.clear()
    }
  }
}

/** What one step hands to the next. */
interface State {
  weights: Tensor
  first: Tensor
  second: Tensor
  history: Tensor
}
const STATE = ['weights', 'first', 'second', 'history'] as const

/** Weights and moments start at zero: write them first. */
function compile(
  { InferenceSession, Tensor }: OnnxRuntime,
  { name, provider, ownMemory, options }: OnnxDevice,
  spec: NetworkSpec,
  objective: Objective
): CompiledNetwork {
  const shapes = shapesOf(spec)
  const count = parameterCount(spec)
  const sessions = new Map<string, Promise<InferenceSession>>()
  const zeros = (length: number) => new Tensor('float32', new Float32Array(length), [length])
  const freshState = (): State => ({
    weights: zeros(count),
    first: zeros(count),
    second: zeros(count),
    history: zeros(HISTORY)
  })
  const scalar = (value: number) => new Tensor('float32', Float32Array.of(value), [])

  let state = freshState()
  /** Where the next step writes, so that no step allocates; the device's own memory manages itself. */
  let spare = ownMemory ? null : freshState()
  let step = 0
  const collected: number[] = []
  /** Losses at the end of the history that were not collected yet. */
  let pending = 0

  const sessionOf = (key: string, model: () => Uint8Array, location: 'cpu' | 'gpu-buffer' = 'cpu') => {
    let session = sessions.get(key)
    if (!session) {
      session = InferenceSession.create(model(), { ...options, preferredOutputLocation: location })
      sessions.set(key, session)
    }
    return session
  }

  /** @throws JaccardError `training-failed` where the device fails, most often for want of memory. */
  async function run(
    session: Promise<InferenceSession>,
    feeds: InferenceSession.FeedsType,
    into?: InferenceSession.FetchesType
  ): Promise<InferenceSession.ReturnType> {
    try {
      return await (into ? (await session).run(feeds, into) : (await session).run(feeds))
    } catch (cause) {
      const reason = messageOf(cause).split('\n')[0]
      throw new JaccardError(
        'training-failed',
        `The engine ${name} failed (${reason}): try a smaller batch or size, or another engine.`,
        { cause }
      )
    }
  }

  async function read(tensor: Tensor): Promise<Float32Array> {
    if (tensor.location === 'cpu') return tensor.data as Float32Array
    const { copy } = await run(sessionOf('copy', copyModel), { values: tensor })
    return copy!.data as Float32Array
  }

  function feedsOf(batch: Batch): { feeds: Record<string, Tensor>; dropout: string[] } {
    const { size } = spec
    const feeds: Record<string, Tensor> = {
      weights: state.weights,
      images: new Tensor('uint8', batch.images, [batch.count, size, size, 3]),
      labels: new Tensor('uint8', batch.labels, [batch.count, size, size])
    }
    for (const [layer, factors] of batch.dropout) {
      feeds[layer] = new Tensor('float32', factors, [batch.count, ...shapes.get(layer)!])
    }
    return { feeds, dropout: [...batch.dropout.keys()] }
  }

  async function collect(): Promise<void> {
    if (pending > 0) collected.push(...(await read(state.history)).slice(-pending))
    pending = 0
  }

  function replace(next: State): void {
    const previous = state
    state = next
    if (ownMemory) for (const part of STATE) previous[part].dispose()
    else spare = previous
  }

  return {
    async step(batch, learningRate) {
      if (pending === HISTORY) await collect()
      const { feeds, dropout } = feedsOf(batch)
      const model = () => stepModel(spec, objective, provider, dropout)
      const session = sessionOf(`step ${dropout}`, model, ownMemory ? 'gpu-buffer' : 'cpu')
      const { rate, correction } = adamRates(step + 1, learningRate)
      const results = await run(
        session,
        { ...feeds, ...state, rate: scalar(rate), correction: scalar(correction) },
        spare ? Object.fromEntries(STATE.map((part) => [`next_${part}`, spare![part]])) : undefined
      )
      replace(Object.fromEntries(STATE.map((part) => [part, results[`next_${part}`]!])) as unknown as State)
      step++
      pending++
    },
    async losses() {
      await collect()
      return collected.splice(0)
    },
    async gradients(batch) {
      const { feeds, dropout } = feedsOf(batch)
      const model = () => gradientModel(spec, objective, provider, dropout)
      const { loss, gradient } = await run(sessionOf(`gradients ${dropout}`, model), feeds)
      return {
        loss: (loss!.data as Float32Array)[0]!,
        gradients: fromOnnxLayout(spec, gradient!.data as Float32Array)
      }
    },
    async predict(images, count) {
      const { p } = await run(
        sessionOf('predict', () => predictionModel(spec, objective, provider)),
        { weights: state.weights, images: new Tensor('uint8', images, [count, spec.size, spec.size, 3]) }
      )
      return p!.data as Float32Array
    },
    readWeights: async () => fromOnnxLayout(spec, await read(state.weights)),
    async writeWeights(weights) {
      state.weights.dispose()
      state.weights = new Tensor('float32', toOnnxLayout(spec, weights), [count])
    },
    readOptimiser: async () => ({
      step,
      first: fromOnnxLayout(spec, await read(state.first)),
      second: fromOnnxLayout(spec, await read(state.second))
    }),
    async writeOptimiser(optimiser) {
      state.first.dispose()
      state.second.dispose()
      state.first = new Tensor('float32', toOnnxLayout(spec, optimiser.first), [count])
      state.second = new Tensor('float32', toOnnxLayout(spec, optimiser.second), [count])
      step = optimiser.step
    },
    dispose() {
      // One that could not be created was told of when it was wanted.
      const release = (session: InferenceSession) => session.release()
      for (const session of sessions.values()) session.then(release).catch(() => undefined)
      sessions.clear()
      for (const part of STATE) state[part].dispose()
    }
  }
}
