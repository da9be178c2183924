import { binary, compare, isPositive, sumInStages, unary } from '#core/network/onnx/operators'
import type { Tensor } from '#core/network/onnx/graph'
import type { Tape } from '#core/network/onnx/tape'

/** Differentiable arithmetic, element by element. Both operands have one shape, or one is a scalar without slope. */

export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  return tape.record(binary(tape.graph, 'Add', a, b), [
    [a, (slope) => slope],
    [b, (slope) => slope]
  ])
}

export function subtract(tape: Tape, a: Tensor, b: Tensor): Tensor {
  return tape.record(binary(tape.graph, 'Sub', a, b), [
    [a, (slope) => slope],
    [b, (slope) => unary(tape.graph, 'Neg', slope)]
  ])
}

export function multiply(tape: Tape, a: Tensor, b: Tensor): Tensor {
  return tape.record(binary(tape.graph, 'Mul', a, b), [
    [a, (slope) => binary(tape.graph, 'Mul', slope, b)],
    [b, (slope) => binary(tape.graph, 'Mul', slope, a)]
  ])
}

export function divide(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { graph } = tape
  const quotient = binary(graph, 'Div', a, b)
  return tape.record(quotient, [
    [a, (slope) => binary(graph, 'Div', slope, b)],
    // −a / b², in an order in which no square of a small b leaves the range of floats.
    [b, (slope) => unary(graph, 'Neg', binary(graph, 'Mul', binary(graph, 'Div', slope, b), quotient))]
  ])
}

/** The larger of `x` and a constant; where they are equal the slope goes to the constant. */
export function atLeast(tape: Tape, x: Tensor, constant: Tensor): Tensor {
  const { graph } = tape
  return tape.record(binary(graph, 'Max', x, constant), [
    [x, (slope) => binary(graph, 'Mul', slope, compare(graph, 'Greater', x, constant))]
  ])
}

export function relu(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape
  const y = unary(graph, 'Relu', x)
  return tape.record(y, [[x, (slope) => binary(graph, 'Mul', slope, isPositive(graph, y))]])
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape
  const p = unary(graph, 'Sigmoid', x)
  const steepness = () => binary(graph, 'Mul', p, binary(graph, 'Sub', graph.constant(1), p))
  return tape.record(p, [[x, (slope) => binary(graph, 'Mul', slope, steepness())]])
}

/** log(1 + eˣ). */
export function softplus(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape
  return tape.record(unary(graph, 'Softplus', x), [
    [x, (slope) => binary(graph, 'Mul', slope, unary(graph, 'Sigmoid', x))]
  ])
}

/** eˣ. */
export function exponential(tape: Tape, x: Tensor): Tensor {
  const y = unary(tape.graph, 'Exp', x)
  return tape.record(y, [[x, (slope) => binary(tape.graph, 'Mul', slope, y)]])
}

/** The sum of all elements, a scalar. */
export function sum(tape: Tape, x: Tensor): Tensor {
  return tape.record(sumInStages(tape.graph, x, [...x.shape.keys()]), [[x, (slope) => slope]])
}
