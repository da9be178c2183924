import { binary, unary } from '#core/network/onnx/operators'
import type { Graph, Tensor } from '#core/network/onnx/graph'

const BETA_1 = 0.9
const BETA_2 = 0.999
const EPSILON = 1e-8

/** All weights of a network laid end to end, with Adam's moments of each. */
export interface AdamTensors {
  weights: Tensor
  first: Tensor
  second: Tensor
}

/** What changes from step to step, as scalars of the graph. */
export interface AdamRates {
  rate: Tensor
  correction: Tensor
}

/** The values of `AdamRates` in a step, counted from 1. */
export function adamRates(step: number, learningRate: number): { rate: number; correction: number } {
  return { rate: learningRate / (1 - BETA_1 ** step), correction: 1 / Math.sqrt(1 - BETA_2 ** step) }
}

/**
 * One step of Adam (Kingma and Ba 2015) in the form of its algorithm 1, as PyTorch has it: ε is added to the
 * root of the corrected second moment.
 */
export function adam(
  graph: Graph,
  state: AdamTensors,
  gradient: Tensor,
  { rate, correction }: AdamRates
): AdamTensors {
  const scaled = (x: Tensor, factor: number) => binary(graph, 'Mul', x, graph.constant(factor))
  const squared = binary(graph, 'Mul', gradient, gradient)
  const first = binary(graph, 'Add', scaled(state.first, BETA_1), scaled(gradient, 1 - BETA_1))
  const second = binary(graph, 'Add', scaled(state.second, BETA_2), scaled(squared, 1 - BETA_2))
  const root = binary(graph, 'Mul', unary(graph, 'Sqrt', second), correction)
  const change = binary(
    graph,
    'Div',
    binary(graph, 'Mul', first, rate),
    binary(graph, 'Add', root, graph.constant(EPSILON))
  )
  return { weights: binary(graph, 'Sub', state.weights, change), first, second }
}
