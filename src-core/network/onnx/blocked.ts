import { createGraph, type Graph, type Tensor } from '#core/network/onnx/graph'
import { reshape, transpose } from '#core/network/onnx/operators'
import type { OnnxRuntime } from '#core/network/onnx/runtime'

/**
 * The layout in which ONNX Runtime's CPU provider convolves directly, without a matrix of shifted copies: channels in
 * blocks of as many as a processor's vector holds, `[N, C / block, H, W, block]`. The runtime takes this way by itself
 * only where kernels are constant, as they never are while training; about twice as fast from 16 channels on.
 */
const DOMAIN = 'com.microsoft.nchwc'

/** A `convolve` of these channels can go the blocked way. */
export function fitsBlocks(block: number | null, channels: number, filters: number): block is number {
  return block !== null && channels % block === 0 && filters % block === 0
}

/** `x` `[N, C, H, W]`, `kernel` `[F, C, k, k]` → `[N, F, H, W]`; `C` and `F` are multiples of `block`. */
export function blockedConv(
  graph: Graph,
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | null,
  block: number
): Tensor {
  const [filters, , k] = kernel.shape as [number, number, number]
  const padding = (k - 1) / 2
  const [n, , height, width] = x.shape as [number, number, number, number]
  const shape = [n, filters, height, width]
  const blockedInput = graph.node('ReorderInput', [x], x.shape, { domain: DOMAIN })
  const blockedKernel = intoBlockedKernel(graph, kernel, block)
  const inputs = [blockedInput, blockedKernel]
  const y = graph.node('Conv', bias ? [...inputs, bias] : inputs, shape, {
    attributes: { kernel_shape: [k, k], strides: [1, 1], pads: [padding, padding, padding, padding] },
    domain: DOMAIN
  })
  return graph.node('ReorderOutput', [y], shape, { attributes: { channels: filters }, domain: DOMAIN })
}

/** `[F, C, k, k]` → the values of `[F / block, C / block, k, k, block of C, block of F]`. */
function intoBlockedKernel(graph: Graph, kernel: Tensor, block: number): Tensor {
  const [filters, channels, k] = kernel.shape as [number, number, number]
  const parts = reshape(graph, kernel, [filters / block, block, channels / block, block, k, k])
  return reshape(graph, transpose(graph, parts, [0, 2, 4, 5, 3, 1]), kernel.shape)
}

/** More channels than any processor's block. */
const CHANNELS = 64

/**
 * The block of this processor: 16 channels or 8 on Intel's and AMD's; null where there is no direct convolution. Found
 * by putting numbered values into blocks and looking where the second pixel begins, since nobody tells.
 */
export async function findBlock({ InferenceSession, Tensor }: OnnxRuntime): Promise<number | null> {
  const graph = createGraph()
  const x = graph.input('values', 'float32', [1, CHANNELS, 2, 1])
  graph.output('blocks', graph.node('ReorderInput', [x], x.shape, { domain: DOMAIN }))
  const pixels = Float32Array.from({ length: 2 * CHANNELS }, (_, i) => i % 2)
  const values = new Tensor('float32', pixels, [1, CHANNELS, 2, 1])
  try {
    const session = await InferenceSession.create(graph.encode())
    const { blocks } = await session.run({ values })
    const block = (blocks!.data as Float32Array).indexOf(1)
    await session.release()
    return block > 1 ? block : null
  } catch {
    // A runtime without these operators convolves in the ordinary way.
    return null
  }
}
