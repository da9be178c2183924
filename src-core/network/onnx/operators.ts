import { BATCH, type Graph, type Tensor } from '#core/network/onnx/graph'

/** ONNX's operators as functions that know the shape of what they return. Images are `[N, C, H, W]`. */

type Unary = 'Relu' | 'Sigmoid' | 'Softplus' | 'Exp' | 'Sqrt' | 'Neg'
type Binary = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min'
type Comparison = 'Equal' | 'Greater'

export function unary(graph: Graph, op: Unary, x: Tensor): Tensor {
  return graph.node(op, [x], x.shape)
}

/** Of two tensors of one shape, or of a tensor and one that is broadcast to it. */
export function binary(graph: Graph, op: Binary, a: Tensor, b: Tensor): Tensor {
  return graph.node(op, [a, b], broadcast(a, b))
}

/** 1 where it holds, else 0. */
export function compare(graph: Graph, op: Comparison, a: Tensor, b: Tensor): Tensor {
  return toFloats(graph, graph.node(op, [a, b], broadcast(a, b)))
}

/** 1 where `x` is greater than 0, else 0, in one pass instead of a comparison and a cast. */
export function isPositive(graph: Graph, x: Tensor): Tensor {
  return graph.node('HardSigmoid', [x], x.shape, {
    attributes: { alpha: { float: STEEP }, beta: { float: 0 } }
  })
}

/** Makes at least 1 of every normal 32-bit float above 0. */
const STEEP = 1e38

/** The larger of two, and `b` where `a` is no number, of which `Max` says nothing. */
export function largerOf(graph: Graph, a: Tensor, b: Tensor): Tensor {
  const shape = broadcast(a, b)
  return graph.node('Where', [graph.node('Greater', [a, b], shape), a, b], shape)
}

const FLOAT = 1

export function toFloats(graph: Graph, x: Tensor): Tensor {
  return graph.node('Cast', [x], x.shape, { attributes: { to: FLOAT } })
}

/** One of the shapes: the other's lengths are the same, 1 or missing. */
function broadcast(a: Tensor, b: Tensor): readonly number[] {
  if (a.shape.length !== b.shape.length) return a.shape.length > b.shape.length ? a.shape : b.shape
  return b.shape.every((length, axis) => length === 1 || length === a.shape[axis]) ? a.shape : b.shape
}

export function transpose(graph: Graph, x: Tensor, perm: number[]): Tensor {
  return graph.node(
    'Transpose',
    [x],
    perm.map((axis) => x.shape[axis]!),
    { attributes: { perm } }
  )
}

/** `BATCH` in the shape has to stand where it stands in `x`. */
export function reshape(graph: Graph, x: Tensor, shape: readonly number[]): Tensor {
  return graph.node('Reshape', [x, graph.integers(shape)], shape)
}

/** Part of some axes: from `start` on, `length` values. */
export function slice(
  graph: Graph,
  x: Tensor,
  parts: readonly { axis: number; start: number; length: number }[]
): Tensor {
  const shape = [...x.shape]
  for (const { axis, length } of parts) shape[axis] = length
  const integers = (of: (part: (typeof parts)[number]) => number) => graph.integers(parts.map(of))
  return graph.node(
    'Slice',
    [
      x,
      integers(({ start }) => start),
      integers(({ start, length }) => start + length),
      integers(({ axis }) => axis)
    ],
    shape
  )
}

/** Height and width of `[F, C, kh, kw]` in reverse order. */
export function flip(graph: Graph, kernel: Tensor): Tensor {
  if (kernel.shape[2] === 1 && kernel.shape[3] === 1) return kernel
  // Past the first value, which reverse slices count from behind as one before the beginning.
  const ends = kernel.shape.slice(2).map((length) => -length - 1)
  return graph.node(
    'Slice',
    [
      kernel,
      graph.integers([-1, -1]),
      graph.integers(ends),
      graph.integers([2, 3]),
      graph.integers([-1, -1])
    ],
    kernel.shape
  )
}

export function concat(graph: Graph, parts: readonly Tensor[], axis: number): Tensor {
  const shape = [...parts[0]!.shape]
  shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis]!, 0)
  return graph.node('Concat', parts, shape, { attributes: { axis } })
}

/** Zeros around height and width. */
export function pad(graph: Graph, x: Tensor, before: number, after: number): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  if (before === 0 && after === 0) return x
  const pads = graph.integers([0, 0, before, before, 0, 0, after, after])
  return graph.node('Pad', [x, pads], [n, c, h + before + after, w + before + after])
}

/** The sum over one axis, which goes away. */
export function sumOver(graph: Graph, x: Tensor, axis: number): Tensor {
  const shape = x.shape.filter((_, i) => i !== axis)
  return graph.node('ReduceSum', [x, graph.integers([axis])], shape, { attributes: { keepdims: 0 } })
}

/**
 * The sum over several axes, one after the other from the innermost on: a single 32-bit sum over a million values
 * loses three digits more.
 */
export function sumInStages(graph: Graph, x: Tensor, axes: readonly number[]): Tensor {
  return [...axes].sort((a, b) => b - a).reduce((sum, axis) => sumOver(graph, sum, axis), x)
}

export interface ConvolutionOptions {
  stride?: number
  /** Zeros before and after both axes. */
  padding?: number
  /** Equal parts of the channels, each convolved by itself. */
  groups?: number
}

/** `x` `[N, C, H, W]`, `kernel` `[F, C / groups, kh, kw]`, `bias` `[F]` → `[N, F, …]`. */
export function conv(
  graph: Graph,
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | null,
  { stride = 1, padding = 0, groups = 1 }: ConvolutionOptions = {}
): Tensor {
  const [n, , height, width] = x.shape as [number, number, number, number]
  const [filters, , kh, kw] = kernel.shape as [number, number, number, number]
  const length = (from: number, k: number) => Math.floor((from + 2 * padding - k) / stride) + 1
  return graph.node(
    'Conv',
    bias ? [x, kernel, bias] : [x, kernel],
    [n, filters, length(height, kh), length(width, kw)],
    {
      attributes: {
        kernel_shape: [kh, kw],
        strides: [stride, stride],
        group: groups,
        pads: [padding, padding, padding, padding]
      }
    }
  )
}

/** `x` `[N, C, H, W]`, `kernel` `[C, F, k, k]`, `bias` `[F]` → `[N, F, H · stride, W · stride]`. */
export function convTranspose(graph: Graph, x: Tensor, kernel: Tensor, bias: Tensor, stride: number): Tensor {
  const [n, , height, width] = x.shape as [number, number, number, number]
  const [, filters, k] = kernel.shape as [number, number, number, number]
  const padding = (k - stride) / 2
  return graph.node('ConvTranspose', [x, kernel, bias], [n, filters, height * stride, width * stride], {
    attributes: {
      kernel_shape: [k, k],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding]
    }
  })
}

/** Each value twice in height and width: `[N, C, H, W]` → `[N, C, 2 H, 2 W]`. */
export function doubled(graph: Graph, x: Tensor): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const scales = graph.constant([1, 1, 2, 2], [4])
  const absent: Tensor = { name: '', shape: [BATCH] }
  return graph.node('Resize', [x, absent, scales], [n, c, 2 * h, 2 * w], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  })
}
