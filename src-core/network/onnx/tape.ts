import { binary } from '#core/network/onnx/operators'
import type { Graph, Tensor } from '#core/network/onnx/graph'
import type { Provider } from '#core/network/onnx/provider'

/**
 * From the slope of an output, how the loss changes with it, to the slope of one input. Slopes have the shape of
 * their tensor, or are a scalar that stands for all its elements.
 */
export type Rule = (slope: Tensor) => Tensor

/** What was computed from what, so that the way back can be derived (reverse-mode differentiation). */
export interface Tape {
  graph: Graph
  provider: Provider
  /** Notes a tensor with the inputs through which the loss can change, and each input's rule. */
  record(output: Tensor, rules: readonly [input: Tensor, rule: Rule][]): Tensor
  /** How `loss` changes with each of `tensors`, as nodes of the graph. */
  gradients(loss: Tensor, tensors: readonly Tensor[]): Tensor[]
}

export function createTape(graph: Graph, provider: Provider): Tape {
  const entries: { output: Tensor; rules: readonly [Tensor, Rule][] }[] = []
  return {
    graph,
    provider,
    record(output, rules) {
      entries.push({ output, rules })
      return output
    },
    gradients(loss, tensors) {
      const wanted = new Set(tensors.map(({ name }) => name))
      // Nothing is computed for inputs on which no wanted tensor has an effect, such as the images.
      for (const { output, rules } of entries) {
        if (rules.some(([input]) => wanted.has(input.name))) wanted.add(output.name)
      }
      const slopes = new Map<string, Tensor>([[loss.name, graph.constant(1)]])
      for (const { output, rules } of [...entries].reverse()) {
        const slope = slopes.get(output.name)
        if (!slope) continue
        for (const [input, rule] of rules) {
          if (!wanted.has(input.name)) continue
          const other = slopes.get(input.name)
          slopes.set(input.name, other ? binary(graph, 'Add', other, rule(slope)) : rule(slope))
        }
      }
      return tensors.map((tensor) => slopes.get(tensor.name)!)
    }
  }
}
