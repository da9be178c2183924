import { slice } from '#core/network/onnx/operators'
import { BATCH, type Graph, type Tensor } from '#core/network/onnx/graph'

/** Operators on all values of a batch in one row, `[P]`, which have no slope of their own. */

/** All values of `x`, in the order of the array. */
export function flatten(graph: Graph, x: Tensor): Tensor {
  return graph.node('Reshape', [x, graph.integers([-1])], [BATCH])
}

/** Where the values of `x` `[P]` are from the largest on, of equal ones the earlier first. */
export function descendingOrder(graph: Graph, x: Tensor): Tensor {
  const count = graph.node('Shape', [x], [1])
  return graph.nodes('TopK', [x, count], [x.shape, x.shape])[1]!
}

/** The values of `x` `[P]` in another order. */
export function inOrder(graph: Graph, x: Tensor, order: Tensor): Tensor {
  return graph.node('GatherElements', [x, order], x.shape)
}

/** What `inOrder` made, back in the order it was in, and in the shape of an image `[N, …]`. */
export function outOfOrder(graph: Graph, x: Tensor, order: Tensor, shape: readonly number[]): Tensor {
  const values = graph.node('ScatterElements', [x, order, x], x.shape)
  const lengths = shape.map((length) => (length === BATCH ? -1 : length))
  return graph.node('Reshape', [values, graph.integers(lengths)], shape)
}

/**
 * The sum of each value of `x` `[P]` and all before it. Row by row, since a GPU computes every sum by itself.
 *
 * @param width Length of a row; a divisor of P.
 */
export function runningSum(graph: Graph, x: Tensor, width: number): Tensor {
  const rows = graph.node('Reshape', [x, graph.integers([-1, width])], [BATCH, width])
  const within = graph.node('CumSum', [rows, graph.integers([1])], rows.shape)
  const totals = slice(graph, within, [{ axis: 1, start: width - 1, length: 1 }])
  const before = graph.node('CumSum', [totals, graph.integers([0])], totals.shape, {
    attributes: { exclusive: 1 }
  })
  return flatten(graph, graph.node('Add', [within, before], rows.shape))
}
