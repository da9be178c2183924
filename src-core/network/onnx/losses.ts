import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { Objective } from '#core/network/engine'
import { marginOf } from '#core/network/onnx/forward'
import { binary, compare } from '#core/network/onnx/operators'
import {
  add,
  atLeast,
  divide,
  multiply,
  sigmoid,
  softplus,
  subtract,
  sum
} from '#core/network/onnx/rules/elementwise'
import type { Tensor } from '#core/network/onnx/graph'
import type { Tape } from '#core/network/onnx/tape'

/**
 * The losses of `learning/losses.ts`, where they are defined, as differentiable nodes.
 *
 * @param logits `[N, outputs, H, W]`.
 * @param labels Three-valued masks `[N, 1, H, W]`, as floats.
 */
export function lossNode(
  tape: Tape,
  { loss, reluLogits }: Pick<Objective, 'loss' | 'reluLogits'>,
  logits: Tensor,
  labels: Tensor
): Tensor {
  const { graph } = tape
  const margin = marginOf(tape, logits, reluLogits)
  const foreground = compare(graph, 'Equal', labels, graph.constant(FOREGROUND))
  const unknown = compare(graph, 'Equal', labels, graph.constant(UNKNOWN))
  const known = subtract(tape, graph.constant(1), unknown)
  if (loss === 'iou') return iou(tape, margin, foreground, known)
  if (loss === 'xent') return crossEntropy(tape, margin, foreground, known)
  return add(tape, iou(tape, margin, foreground, known), crossEntropy(tape, margin, foreground, known))
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

/** −log softmax of the right class is softplus of minus the margin towards it. */
function crossEntropy(tape: Tape, margin: Tensor, foreground: Tensor, known: Tensor): Tensor {
  const { graph } = tape
  const twice = multiply(tape, graph.constant(2), foreground)
  const towards = subtract(tape, graph.constant(1), twice)
  const losses = multiply(tape, softplus(tape, multiply(tape, margin, towards)), known)
  return divide(tape, sum(tape, losses), atLeast(tape, sum(tape, known), graph.constant(1)))
}
