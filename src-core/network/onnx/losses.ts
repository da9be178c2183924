import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { Objective } from '#core/network/engine'
import { marginOf } from '#core/network/onnx/forward'
import { binary, compare, largerOf, sumInStages } from '#core/network/onnx/operators'
import {
  add,
  atLeast,
  divide,
  exponential,
  multiply,
  sigmoid,
  softplus,
  subtract,
  sum
} from '#core/network/onnx/rules/elementwise'
import { descendingOrder, flatten, inOrder, outOfOrder, runningSum } from '#core/network/onnx/ranking'
import type { Graph, Tensor } from '#core/network/onnx/graph'
import type { Tape } from '#core/network/onnx/tape'

/**
 * The losses of `learning/losses.ts`, where they are defined, as differentiable nodes.
 *
 * @param logits `[N, outputs, H, W]`.
 * @param labels Three-valued masks `[N, 1, H, W]`, as floats.
 */
export function lossNode(
  tape: Tape,
  { loss, reluLogits, positiveWeight, focusing }: Objective,
  logits: Tensor,
  labels: Tensor
): Tensor {
  const { graph } = tape
  const margin = marginOf(tape, logits, reluLogits)
  const foreground = compare(graph, 'Equal', labels, graph.constant(FOREGROUND))
  const unknown = compare(graph, 'Equal', labels, graph.constant(UNKNOWN))
  const known = subtract(tape, graph.constant(1), unknown)
  switch (loss) {
    case 'iou':
      return iou(tape, margin, foreground, known)
    case 'dice':
      return dice(tape, margin, foreground, known)
    case 'lovasz':
      return lovasz(tape, margin, foreground, known)
    case 'xent':
      return crossEntropy(tape, margin, foreground, known)
    case 'iou+xent':
      return add(tape, iou(tape, margin, foreground, known), crossEntropy(tape, margin, foreground, known))
    case 'bce':
      return crossEntropy(tape, margin, foreground, known, { positiveWeight })
    case 'focal':
      return crossEntropy(tape, margin, foreground, known, { positiveWeight, focusing })
  }
}

/** Below it lie only unions without foreground, of which the intersection is 0; its square is still a float. */
const SMALLEST_UNION = 1e-12

/** `foreground` and `known` hold 1 where the pixel is so, else 0; no pixel is foreground and unknown. */
function iou(tape: Tape, margin: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const { graph } = tape
  const p = sigmoid(tape, margin)
  const intersection = sum(tape, multiply(tape, p, foreground))
  const background = subtract(tape, known, foreground)
  // p + y − p·y is 1 on foreground and p on background.
  const union = add(tape, sum(tape, foreground), sum(tape, multiply(tape, p, background)))
  const ratio = divide(tape, intersection, atLeast(tape, union, graph.constant(SMALLEST_UNION)))
  const anyKnown = binary(graph, 'Min', sum(tape, known), graph.constant(1))
  return subtract(tape, anyKnown, ratio)
}

function dice(tape: Tape, margin: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const { graph } = tape
  const p = multiply(tape, sigmoid(tape, margin), known)
  const overlap = multiply(tape, sum(tape, multiply(tape, p, foreground)), graph.constant(2))
  const squares = add(tape, sum(tape, foreground), sum(tape, multiply(tape, p, p)))
  const ratio = divide(tape, overlap, atLeast(tape, squares, graph.constant(SMALLEST_UNION)))
  const anyKnown = binary(graph, 'Min', sum(tape, known), graph.constant(1))
  return subtract(tape, anyKnown, ratio)
}

/**
 * −log softmax of the right class is softplus of minus the margin towards it. A `focusing` above 0 makes it the focal
 * loss: (1 − pₜ)^γ is e to the −γ · softplus of the margin towards the right class.
 */
function crossEntropy(
  tape: Tape,
  margin: Tensor,
  foreground: Tensor,
  known: Tensor,
  { positiveWeight = 1, focusing = 0 } = {}
): Tensor {
  const { graph } = tape
  const wrongness = wrongnessOf(tape, margin, foreground)
  const entropy = softplus(tape, wrongness)
  const focused = focusing === 0 ? entropy : multiply(tape, focus(tape, wrongness, focusing), entropy)
  const weights =
    positiveWeight === 1
      ? known
      : add(tape, known, multiply(tape, foreground, graph.constant(positiveWeight - 1)))
  const count = atLeast(tape, sum(tape, known), graph.constant(1))
  return divide(tape, sum(tape, multiply(tape, focused, weights)), count)
}

function focus(tape: Tape, wrongness: Tensor, focusing: number): Tensor {
  const rightness = multiply(tape, wrongness, tape.graph.constant(-1))
  return exponential(tape, multiply(tape, softplus(tape, rightness), tape.graph.constant(-focusing)))
}

/** The margin towards the wrong class. */
function wrongnessOf(tape: Tape, margin: Tensor, foreground: Tensor): Tensor {
  const { graph } = tape
  const twice = multiply(tape, graph.constant(2), foreground)
  return multiply(tape, margin, subtract(tape, graph.constant(1), twice))
}

/** The order of the errors is a step function of the margin: its slope is 0 wherever there is one. */
function lovasz(tape: Tape, margin: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const wrongness = wrongnessOf(tape, margin, foreground)
  const weights = lovaszWeights(tape.graph, wrongness, foreground, known)
  return sum(tape, multiply(tape, sigmoid(tape, wrongness), weights))
}

/** Below every margin; also the place of unknown pixels and of values that are no numbers, which have no order. */
const LOWEST = -1e30

/** What each pixel adds to the Jaccard loss when it joins those that are more wrong; 0 where unknown. */
function lovaszWeights(graph: Graph, wrongness: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const op = (name: Parameters<typeof binary>[1], a: Tensor, b: Tensor | number) =>
    binary(graph, name, a, typeof b === 'number' ? graph.constant(b) : b)
  const width = wrongness.shape[3]!
  const candidates = op('Add', wrongness, op('Mul', op('Sub', known, 1), -2 * LOWEST))
  const keys = largerOf(graph, candidates, graph.constant(LOWEST))
  const order = descendingOrder(graph, flatten(graph, keys))
  const ordered = (x: Tensor) => inOrder(graph, flatten(graph, x), order)
  const wrongForeground = ordered(foreground)
  const wrongBackground = op('Sub', ordered(known), wrongForeground)
  const total = sumInStages(graph, foreground, [0, 1, 2, 3])
  const intersection = op('Sub', total, runningSum(graph, wrongForeground, width))
  const union = op('Max', op('Add', total, runningSum(graph, wrongBackground, width)), 1)
  // A missed pixel takes 1 / U. A false one takes I / (U · (U − 1)), all if it is the first and there is no label.
  const first = compare(graph, 'Equal', union, graph.constant(1))
  const share = op('Div', op('Max', intersection, first), op('Max', op('Sub', union, 1), 1))
  const weights = op('Div', op('Add', wrongForeground, op('Mul', wrongBackground, share)), union)
  return outOfOrder(graph, weights, order, wrongness.shape)
}
