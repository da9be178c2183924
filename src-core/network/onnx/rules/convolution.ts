import {
  conv,
  convTranspose,
  flip,
  pad,
  reshape,
  slice,
  concat,
  sumInStages,
  sumOver,
  transpose
} from '#core/network/onnx/operators'
import { BATCH, type Graph, type Tensor } from '#core/network/onnx/graph'
import type { Provider } from '#core/network/onnx/provider'
import type { Tape } from '#core/network/onnx/tape'

/** `x` `[N, C, H, W]`, `kernel` `[F, C, k, k]` with odd k, `bias` `[F]` → `[N, F, H, W]`. */
export function convolve(tape: Tape, x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  const { graph, provider } = tape
  const padding = (kernel.shape[2]! - 1) / 2
  return tape.record(conv(graph, x, kernel, bias, { padding }), [
    // An input value reaches the outputs around it through the kernel seen from the other side.
    [
      x,
      (slope) => conv(graph, slope, flip(graph, transpose(graph, kernel, [1, 0, 2, 3])), null, { padding })
    ],
    [
      kernel,
      (slope) => shiftedProducts(graph, provider, slope, pad(graph, x, padding, padding), kernel.shape[2]!)
    ],
    [bias, (slope) => sumInStages(graph, slope, [0, 2, 3])]
  ])
}

/**
 * `x` `[N, C, H, W]`, `kernel` `[C, F, k, k]`, `bias` `[F]` → `[N, F, H · stride, W · stride]`. k is a multiple of
 * the stride.
 */
export function convolveTransposed(
  tape: Tape,
  x: Tensor,
  kernel: Tensor,
  bias: Tensor,
  stride: number
): Tensor {
  const { graph, provider } = tape
  const padding = (kernel.shape[2]! - stride) / 2
  return tape.record(convTranspose(graph, x, kernel, bias, stride), [
    [x, (slope) => conv(graph, slope, kernel, null, { stride, padding })],
    [
      kernel,
      (slope) => {
        const blocks = intoBlocks(graph, pad(graph, slope, padding, padding), stride)
        return fromBlocks(
          graph,
          shiftedProducts(graph, provider, x, blocks, kernel.shape[2]! / stride),
          kernel.shape,
          stride
        )
      }
    ],
    [bias, (slope) => sumInStages(graph, slope, [0, 2, 3])]
  ])
}

/**
 * How a kernel's slope follows from the values that it joined: `fixed` `[N, A, H, W]` times `moving`
 * `[N, B, H + k − 1, W + k − 1]` at every shift by 0 to k − 1, summed over images and pixels → `[A, B, k, k]`.
 */
function shiftedProducts(graph: Graph, provider: Provider, fixed: Tensor, moving: Tensor, k: number): Tensor {
  const [, a, height, width] = fixed.shape as [number, number, number, number]
  const b = moving.shape[1]!
  const pixels = height * width
  const left = reshape(graph, fixed, [BATCH, a, pixels])
  const shifted: Tensor[] = []
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      shifted.push(
        k === 1
          ? moving
          : slice(graph, moving, [
              { axis: 2, start: i, length: height },
              { axis: 3, start: j, length: width }
            ])
      )
    }
  }
  // Few channels would leave most of a matrix kernel's columns empty: all shifts at once fill them.
  if (b * k * k <= COLUMNS) {
    const columns = reshape(graph, concat(graph, shifted, 1), [BATCH, k * k * b, pixels])
    const products = sumOver(graph, timesTransposed(graph, provider, left, columns), 0)
    return reshape(graph, transpose(graph, reshape(graph, products, [a, k * k, b]), [0, 2, 1]), [a, b, k, k])
  }
  const products = shifted.map((part) =>
    reshape(
      graph,
      sumOver(graph, timesTransposed(graph, provider, left, reshape(graph, part, [BATCH, b, pixels])), 0),
      [a, b, 1]
    )
  )
  return reshape(graph, concat(graph, products, 2), [a, b, k, k])
}

/** About the columns that a matrix kernel computes at once. */
const COLUMNS = 64

/** `[N, A, P]` times the transpose of `[N, B, P]`. */
function timesTransposed(graph: Graph, { fusedMatMul }: Provider, left: Tensor, right: Tensor): Tensor {
  const shape = [left.shape[0]!, left.shape[1]!, right.shape[1]!]
  if (!fusedMatMul) return graph.node('MatMul', [left, transpose(graph, right, [0, 2, 1])], shape)
  return graph.node('FusedMatMul', [left, right], shape, {
    attributes: { transB: 1 },
    domain: 'com.microsoft'
  })
}

/** `[N, F, H · s, W · s]` → `[N, F · s · s, H, W]`: each block of s × s pixels becomes channels. */
function intoBlocks(graph: Graph, x: Tensor, s: number): Tensor {
  const [n, f, height, width] = x.shape as [number, number, number, number]
  const [rows, columns] = [height / s, width / s]
  const blocks = transpose(graph, reshape(graph, x, [n, f, rows, s, columns, s]), [0, 1, 3, 5, 2, 4])
  return reshape(graph, blocks, [n, f * s * s, rows, columns])
}

/** `[C, F · s · s, t, t]` → `[C, F, t · s, t · s]`, a kernel whose taps were dealt out to blocks. */
function fromBlocks(graph: Graph, products: Tensor, shape: readonly number[], s: number): Tensor {
  const [c, f, k] = shape as [number, number, number]
  const taps = transpose(graph, reshape(graph, products, [c, f, s, s, k / s, k / s]), [0, 1, 4, 2, 5, 3])
  return reshape(graph, taps, [c, f, k, k])
}
