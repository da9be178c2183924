import { binary, compare, doubled } from '#core/network/onnx/operators'
import type { Graph, Tensor } from '#core/network/onnx/graph'
import type { Tape } from '#core/network/onnx/tape'

const WINDOW = { attributes: { kernel_shape: [2, 2], strides: [2, 2] } }

/** The largest of every 2 × 2 values; of equal ones the first by rows has the slope. */
export function maxPool(tape: Tape, x: Tensor): Tensor {
  const { graph, provider } = tape
  if (provider.maxUnpool) {
    const shape = pooledShape(x)
    const [y, places] = graph.nodes('MaxPool', [x], [shape, shape], WINDOW) as [Tensor, Tensor]
    return tape.record(y, [[x, (slope) => graph.node('MaxUnpool', [slope, places], x.shape, WINDOW)]])
  }
  const y = largest(graph, x)
  return tape.record(y, [
    [x, (slope) => binary(graph, 'Mul', doubled(graph, slope), firstOfLargest(graph, x, y))]
  ])
}

/** 1 where `x` is the largest of its four and none before it is as large, else 0. */
function firstOfLargest(graph: Graph, x: Tensor, y: Tensor): Tensor {
  const [height, width] = x.shape.slice(2) as [number, number]
  const earliness = Float32Array.from({ length: height * width }, (_, i) => {
    const row = Math.floor(i / width) & 1
    const column = (i % width) & 1
    return 4 - 2 * row - column
  })
  const scores = binary(
    graph,
    'Mul',
    compare(graph, 'Equal', x, doubled(graph, y)),
    graph.constant(earliness, [1, 1, height, width])
  )
  return compare(graph, 'Equal', scores, doubled(graph, largest(graph, scores)))
}

function largest(graph: Graph, x: Tensor): Tensor {
  return graph.node('MaxPool', [x], pooledShape(x), WINDOW)
}

function pooledShape(x: Tensor): number[] {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  return [n, c, h / 2, w / 2]
}
