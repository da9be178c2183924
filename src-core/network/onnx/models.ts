import { adam } from '#core/network/onnx/adam'
import { channelsFirst, forward, marginOf } from '#core/network/onnx/forward'
import { BATCH, createGraph, type Graph, type Tensor } from '#core/network/onnx/graph'
import { lossNode } from '#core/network/onnx/losses'
import { binary, concat, reshape, slice, toFloats, unary } from '#core/network/onnx/operators'
import type { Provider } from '#core/network/onnx/provider'
import { createTape } from '#core/network/onnx/tape'
import { LOSS_INTERVAL, type Objective } from '#core/network/engine'
import { parameterCount, parameters, shapesOf, sizeOf } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'

/** Losses that a training step's model hands from step to step, so that they can be read together. */
export const HISTORY = LOSS_INTERVAL.gpu

/**
 * One training step as a model: forward, loss, backward and Adam.
 *
 * In: `images` `[N, size, size, 3]` and `labels` `[N, size, size]` as bytes, `rate` and `correction` of `adamRates`,
 * `weights`, `first` and `second` flat in ONNX's layout, `history` `[HISTORY]`, and the factors `[N, h, w, c]` of the
 * dropout layers under their names. Out: `next_weights`, `next_first`, `next_second`, and `next_history` with this
 * step's loss as its last value.
 */
export function stepModel(
  spec: NetworkSpec,
  objective: Objective,
  provider: Provider,
  dropout: readonly string[]
): Uint8Array {
  const graph = createGraph()
  const count = parameterCount(spec)
  const state = {
    weights: graph.input('weights', 'float32', [count]),
    first: graph.input('first', 'float32', [count]),
    second: graph.input('second', 'float32', [count])
  }
  const rates = {
    rate: graph.input('rate', 'float32', []),
    correction: graph.input('correction', 'float32', [])
  }
  const history = graph.input('history', 'float32', [HISTORY])
  const { loss, gradient } = lossAndGradient(graph, spec, objective, provider, dropout, state.weights)
  const next = adam(graph, state, gradient, rates)
  graph.output('next_weights', next.weights)
  graph.output('next_first', next.first)
  graph.output('next_second', next.second)
  const recent = slice(graph, history, [{ axis: 0, start: 1, length: HISTORY - 1 }])
  graph.output('next_history', concat(graph, [recent, reshape(graph, loss, [1])], 0))
  return graph.encode()
}

/** Loss and flat gradient as `loss` and `gradient`, from the step's inputs without Adam's. */
export function gradientModel(
  spec: NetworkSpec,
  objective: Objective,
  provider: Provider,
  dropout: readonly string[]
): Uint8Array {
  const graph = createGraph()
  const weights = graph.input('weights', 'float32', [parameterCount(spec)])
  const { loss, gradient } = lossAndGradient(graph, spec, objective, provider, dropout, weights)
  graph.output('loss', loss)
  graph.output('gradient', gradient)
  return graph.encode()
}

/** From `images` and `weights` to foreground probabilities `p` `[N, 1, size, size]`. */
export function predictionModel(spec: NetworkSpec, objective: Objective, provider: Provider): Uint8Array {
  const graph = createGraph()
  const tape = createTape(graph, provider)
  const weights = splitWeights(graph, spec, graph.input('weights', 'float32', [parameterCount(spec)]))
  const logits = forward(tape, spec, weights, imagesOf(graph, spec), new Map())
  graph.output('p', unary(graph, 'Sigmoid', marginOf(tape, logits, objective.reluLogits)))
  return graph.encode()
}

/** Hands floats `values` on as `copy`: the way to the CPU for a tensor that lies elsewhere. */
export function copyModel(): Uint8Array {
  const graph = createGraph()
  graph.output('copy', graph.input('values', 'float32', [BATCH]))
  return graph.encode()
}

function lossAndGradient(
  graph: Graph,
  spec: NetworkSpec,
  objective: Objective,
  provider: Provider,
  dropout: readonly string[],
  flat: Tensor
): { loss: Tensor; gradient: Tensor } {
  const tape = createTape(graph, provider)
  const shapes = shapesOf(spec)
  const weights = splitWeights(graph, spec, flat)
  const factors = new Map(
    dropout.map((name) => [
      name,
      channelsFirst(graph, graph.input(name, 'float32', [BATCH, ...shapes.get(name)!]))
    ])
  )
  const labels = graph.input('labels', 'uint8', [BATCH, spec.size, spec.size])
  const logits = forward(tape, spec, weights, imagesOf(graph, spec), factors)
  const planes = reshape(graph, toFloats(graph, labels), [BATCH, 1, spec.size, spec.size])
  const loss = lossNode(tape, objective, logits, planes)
  const slopes = tape.gradients(loss, [...weights.values()])
  const gradient = concat(
    graph,
    slopes.map((slope) => reshape(graph, slope, [sizeOf(slope.shape)])),
    0
  )
  return { loss, gradient }
}

function imagesOf(graph: Graph, { size }: NetworkSpec): Tensor {
  const bytes = channelsFirst(graph, graph.input('images', 'uint8', [BATCH, size, size, 3]))
  return binary(graph, 'Div', toFloats(graph, bytes), graph.constant(255))
}

function splitWeights(graph: Graph, spec: NetworkSpec, flat: Tensor): Map<string, Tensor> {
  let start = 0
  return new Map(
    parameters(spec).map(({ name, shape }) => {
      const length = sizeOf(shape)
      const values = slice(graph, flat, [{ axis: 0, start, length }])
      start += length
      return [name, reshape(graph, values, onnxShape(shape))]
    })
  )
}

/** Where a parameter's axes `[kh, kw, in, out]` are in ONNX's layout `[out, in, kh, kw]`; a bias stays as it is. */
export function onnxShape(shape: readonly number[]): number[] {
  const [kh, kw, a, b] = shape
  return shape.length === 1 ? [...shape] : [b!, a!, kh!, kw!]
}
