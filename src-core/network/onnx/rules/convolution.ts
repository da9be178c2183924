import {
  concat,
  conv,
  convTranspose,
  flip,
  pad,
  reshape,
  slice,
  sumInStages,
  sumOver,
  transpose
} from '#core/network/onnx/operators'
import { blockedConv, fitsBlocks } from '#core/network/onnx/blocked'
import { BATCH, type Graph, type Tensor } from '#core/network/onnx/graph'
import type { Provider } from '#core/network/onnx/provider'
import type { Tape } from '#core/network/onnx/tape'

/** `x` `[N, C, H, W]`, `kernel` `[F, C, k, k]` with odd k, `bias` `[F]` → `[N, F, H, W]`. */
export function convolve(tape: Tape, x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  const { graph, provider } = tape
  return tape.record(sameConv(graph, provider, x, kernel, bias), [
    // An input value reaches the outputs around it through the kernel seen from the other side.
    [
      x,
      (slope) => sameConv(graph, provider, slope, flip(graph, transpose(graph, kernel, [1, 0, 2, 3])), null)
    ],
    [kernel, (slope) => kernelSlope(graph, provider, x, slope, kernel.shape[2]!)],
    [bias, (slope) => sumInStages(graph, slope, [0, 2, 3])]
  ])
}

/** Of a kernel `[F, C, k, k]` between `x` `[N, C, H, W]` and the slope `[N, F, H, W]` of what it gave. */
function kernelSlope(graph: Graph, provider: Provider, x: Tensor, slope: Tensor, k: number): Tensor {
  const padding = (k - 1) / 2
  if (x.shape[1]! <= slope.shape[1]!) return shiftedProducts(graph, provider, slope, x, k, padding)
  // Shifts are copies: the side with fewer channels is shifted, in the opposite direction.
  const products = shiftedProducts(graph, provider, x, slope, k, padding)
  return transpose(graph, flip(graph, products), [1, 0, 2, 3])
}

/** A convolution whose output is as large as its input. */
function sameConv(graph: Graph, { block }: Provider, x: Tensor, kernel: Tensor, bias: Tensor | null): Tensor {
  const [filters, channels, k] = kernel.shape as [number, number, number]
  return fitsBlocks(block, channels, filters)
    ? blockedConv(graph, x, kernel, bias, block)
    : conv(graph, x, kernel, bias, { padding: (k - 1) / 2 })
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
        const blocks = intoBlocks(graph, provider, pad(graph, slope, padding, padding), stride)
        const products = shiftedProducts(graph, provider, x, blocks, kernel.shape[2]! / stride, 0)
        return fromBlocks(graph, products, kernel.shape, stride)
      }
    ],
    [bias, (slope) => sumInStages(graph, slope, [0, 2, 3])]
  ])
}

/**
 * How a kernel's slope follows from the values that it joined: `fixed` `[N, A, H, W]` times `moving`
 * `[N, B, H + k − 1 − 2 · padding, …]`, zeros around it, at every shift by 0 to k − 1, summed over images and pixels
 * → `[A, B, k, k]`.
 */
function shiftedProducts(
  graph: Graph,
  provider: Provider,
  fixed: Tensor,
  moving: Tensor,
  k: number,
  padding: number
): Tensor {
  const [, a, height, width] = fixed.shape as [number, number, number, number]
  const b = moving.shape[1]!
  const flat = (x: Tensor) => reshape(graph, x, [BATCH, x.shape[1]!, height * width])
  const shifted = flat(allShifts(graph, provider, moving, k, padding))
  const products = sumOver(graph, timesTransposed(graph, provider, shifted, flat(fixed)), 0)
  return reshape(graph, transpose(graph, products, [1, 0]), [a, b, k, k])
}

/** Every shift of every channel, `[N, B, H + k − 1 − 2 · padding, …]` → `[N, B · k · k, H, W]`. */
function allShifts(graph: Graph, provider: Provider, x: Tensor, k: number, padding: number): Tensor {
  if (k === 1) return x
  return provider.channelwiseConv ? picked(graph, x, k, padding) : sliced(graph, x, k, padding)
}

/** By kernels that each pick one neighbour: unlike slices, a convolution uses all threads and needs no padded copy. */
function picked(graph: Graph, x: Tensor, k: number, padding: number): Tensor {
  const taps = k * k
  const channels = x.shape[1]!
  const picks = new Float32Array(channels * taps * taps)
  for (let i = 0; i < channels * taps; i++) picks[i * taps + (i % taps)] = 1
  const kernel = graph.constant(picks, [channels * taps, 1, k, k])
  return conv(graph, x, kernel, null, { padding, groups: channels })
}

function sliced(graph: Graph, x: Tensor, k: number, padding: number): Tensor {
  const padded = pad(graph, x, padding, padding)
  const [n, channels, height, width] = padded.shape as [number, number, number, number]
  const [rows, columns] = [height - k + 1, width - k + 1]
  const shifts = Array.from({ length: k * k }, (_, tap) => {
    const shift = slice(graph, padded, [
      { axis: 2, start: Math.floor(tap / k), length: rows },
      { axis: 3, start: tap % k, length: columns }
    ])
    return reshape(graph, shift, [n, channels, 1, rows * columns])
  })
  return reshape(graph, concat(graph, shifts, 2), [n, channels * k * k, rows, columns])
}

/** `[N, A, P]` times the transpose of `[N, B, P]`. */
function timesTransposed(graph: Graph, { fusedMatMul }: Provider, left: Tensor, right: Tensor): Tensor {
  const shape = [left.shape[0]!, left.shape[1]!, right.shape[1]!]
  if (!fusedMatMul) return graph.node('MatMul', [left, transpose(graph, right, [0, 2, 1])], shape)
  return graph.node('FusedMatMul', [left, right], shape, {
    attributes: { transB: 1 },
    domain: 'com.microsoft'
  })
}

/** `[N, F, H · s, W · s]` → `[N, s · s · F, H, W]`: each pixel of a block of s × s gets channels of its own. */
function intoBlocks(graph: Graph, { spaceToDepth }: Provider, x: Tensor, s: number): Tensor {
  const [n, f, height, width] = x.shape as [number, number, number, number]
  const shape = [n, s * s * f, height / s, width / s]
  if (spaceToDepth) return graph.node('SpaceToDepth', [x], shape, { attributes: { blocksize: s } })
  const blocks = reshape(graph, x, [n, f, height / s, s, width / s, s])
  return reshape(graph, transpose(graph, blocks, [0, 3, 5, 1, 2, 4]), shape)
}

/** `[C, s · s · F, t, t]` → `[C, F, t · s, t · s]`, a kernel whose taps were dealt out to blocks. */
function fromBlocks(graph: Graph, products: Tensor, shape: readonly number[], s: number): Tensor {
  const [c, f, k] = shape as [number, number, number]
  const taps = transpose(graph, reshape(graph, products, [c, s, s, f, k / s, k / s]), [0, 3, 4, 1, 5, 2])
  return reshape(graph, taps, [c, f, k, k])
}
