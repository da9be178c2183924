import { concat, slice, transpose, unary, binary } from '#core/network/onnx/operators'
import { convolve, convolveTransposed } from '#core/network/onnx/rules/convolution'
import { multiply, relu } from '#core/network/onnx/rules/elementwise'
import { maxPool } from '#core/network/onnx/rules/pooling'
import type { Graph, Tensor } from '#core/network/onnx/graph'
import type { Tape } from '#core/network/onnx/tape'
import type { Layer, NetworkSpec } from '#core/network/spec'

/**
 * The network as a graph.
 *
 * @param weights One tensor per parameter, by name; kernels `[F, C, k, k]`, of transposed convolutions `[C, F, k, k]`.
 * @param images `[N, 3, size, size]`, 0 to 1.
 * @param dropout Factors `[N, C, H, W]` of each dropout layer's input, by layer; a layer without an entry passes its
 * input on.
 * @returns Logits `[N, outputs, size, size]`.
 */
export function forward(
  tape: Tape,
  spec: NetworkSpec,
  weights: ReadonlyMap<string, Tensor>,
  images: Tensor,
  dropout: ReadonlyMap<string, Tensor>
): Tensor {
  const outputs = new Map<string, Tensor>()
  const postponed = reluAfterPooling(spec)
  const activated = (layer: Extract<Layer, { op: 'conv' | 'convTranspose' }>, sums: Tensor) =>
    layer.activation === 'relu' && !postponed.has(layer.name) ? relu(tape, sums) : sums
  const run = (layer: Layer): Tensor => {
    switch (layer.op) {
      case 'input':
        return images
      case 'conv':
      case 'convTranspose': {
        const input = outputs.get(layer.input)!
        const kernel = weights.get(`${layer.name}/kernel`)!
        const bias = weights.get(`${layer.name}/bias`)!
        const sums =
          layer.op === 'conv'
            ? convolve(tape, input, kernel, bias)
            : convolveTransposed(tape, input, kernel, bias, layer.stride)
        return activated(layer, sums)
      }
      case 'maxPool': {
        const pooled = maxPool(tape, outputs.get(layer.input)!)
        return postponed.has(layer.input) ? relu(tape, pooled) : pooled
      }
      case 'dropout': {
        const input = outputs.get(layer.input)!
        const factors = dropout.get(layer.name)
        return factors ? multiply(tape, input, factors) : input
      }
      case 'concat':
        return joinChannels(
          tape,
          layer.inputs.map((name) => outputs.get(name)!)
        )
    }
  }
  for (const layer of spec.layers) outputs.set(layer.name, run(layer))
  return outputs.get(spec.layers[spec.layers.length - 1]!.name)!
}

/**
 * Layers of which only a pooling reads the output. The larger of two values is the same before and after a ReLU, so
 * the ReLU and its slope can wait for the pooling, which leaves a quarter of the work.
 */
function reluAfterPooling({ layers }: NetworkSpec): Set<string> {
  const readers = (name: string) =>
    layers.filter((layer) => {
      if (layer.op === 'input') return false
      return layer.op === 'concat' ? layer.inputs.includes(name) : layer.input === name
    })
  return new Set(
    layers
      .filter(({ name }) => readers(name).length > 0 && readers(name).every(({ op }) => op === 'maxPool'))
      .map(({ name }) => name)
  )
}

function joinChannels(tape: Tape, parts: readonly Tensor[]): Tensor {
  const { graph } = tape
  let start = 0
  return tape.record(
    concat(graph, parts, 1),
    parts.map((part) => {
      const share = { axis: 1, start, length: part.shape[1]! }
      start += share.length
      return [part, (slope) => slice(graph, slope, [share])]
    })
  )
}

/**
 * How much more the logits speak for foreground than for background, so that p = sigmoid(margin): the one logit,
 * or of two their difference, since softmax(z)₁ = sigmoid(z₁ − z₀).
 *
 * @param logits `[N, outputs, H, W]`.
 * @param reluLogits Clip two logits by a ReLU first.
 * @returns `[N, 1, H, W]`.
 */
export function marginOf(tape: Tape, logits: Tensor, reluLogits: boolean): Tensor {
  if (logits.shape[1] === 1) return logits
  const { graph } = tape
  const clipped = reluLogits ? relu(tape, logits) : logits
  const channel = (start: number) => slice(graph, clipped, [{ axis: 1, start, length: 1 }])
  return tape.record(binary(graph, 'Sub', channel(1), channel(0)), [
    [clipped, (slope) => concat(graph, [unary(graph, 'Neg', slope), slope], 1)]
  ])
}

/** `[N, H, W, C]` → `[N, C, H, W]`. */
export function channelsFirst(graph: Graph, x: Tensor): Tensor {
  return transpose(graph, x, [0, 3, 1, 2])
}
