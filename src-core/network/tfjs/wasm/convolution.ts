import type { Rank, Tensor, Tensor2D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import type { Tf } from '#core/network/tfjs/tf'
import { shared, type WasmHeap } from '#core/network/tfjs/wasm/heap'

/** Attributes of the kernels `Conv2DBackpropInput` (`inputShape`) and `Conv2DBackpropFilter` (`filterShape`). */
export interface ConvolutionAttributes {
  strides: number | [number, number]
  inputShape: [number, number, number, number]
  filterShape: [number, number, number, number]
}

/*
 * All convolutions here are `same`, their kernel is square and its width k a multiple of the stride s: k = q·s.
 * Cut into tiles of s × s pixels, such a convolution is one of q × q tiles with stride 1.
 */

/**
 * The gradient of a convolution by its input, which is also the forward pass of a transposed convolution: a
 * convolution of `dy` with the flipped kernel, every position of which yields a tile.
 *
 * @param dy `[N, H / s, W / s, F]`.
 * @param filter `[k, k, C, F]`.
 * @returns `[N, H, W, C]`.
 */
export function inputGradient(
  tf: Tf,
  dy: Tensor4D,
  filter: Tensor4D,
  attributes: ConvolutionAttributes
): Tensor4D {
  const stride = strideOf(attributes)
  const [k, , channels, filters] = filter.shape
  if (stride === 1) return tf.conv2d(dy, tf.transpose(flipped(tf, filter), [0, 1, 3, 2]), 1, 'same')

  const [count, height, width] = attributes.inputShape
  const q = k / stride
  const byTile = tf.transpose(
    tf.reshape(filter, [q, stride, q, stride, channels, filters]),
    [0, 2, 5, 1, 3, 4]
  )
  const tileFilter = flipped(tf, tf.reshape(byTile, [q, q, filters, stride * stride * channels]))
  const around: [number, number] = [q - 1, q - 1]
  const tiles = tf.conv2d(tf.pad(dy, [[0, 0], around, around, [0, 0]]), tileFilter, 1, 'valid')
  const [, rows, columns] = tiles.shape
  const lines = tf.transpose(
    tf.reshape(tiles, [count * rows, columns, stride, stride * channels]),
    [0, 2, 1, 3]
  )
  const image = tf.reshape<Rank.R4>(lines, [count, rows * stride, columns * stride, channels])
  const before = paddingBefore(k, stride)
  return q === 1 ? image : tf.slice(image, [0, before, before, 0], [count, height, width, channels])
}

/**
 * The gradient of a convolution by its filter: per image one product of matrices, `x` under each position of the
 * kernel times `dy`. Image by image the working set stays in the cache, and the sums are short enough for floats.
 *
 * @param x `[N, H, W, C]`.
 * @param dy `[N, H / s, W / s, F]`.
 * @returns `[k, k, C, F]`.
 */
export function filterGradient(
  tf: Tf,
  heap: WasmHeap,
  x: TensorInfo,
  dy: TensorInfo,
  attributes: ConvolutionAttributes
): Tensor4D {
  const stride = strideOf(attributes)
  const [k, , channels, filters] = attributes.filterShape
  const [count, height, width] = dy.shape as [number, number, number]
  const geometry: Geometry = {
    stride,
    q: k / stride,
    channels,
    filters,
    height,
    width,
    columns: width + k / stride - 1
  }
  const products: Tensor2D[] = []
  for (let image = 0; image < count; image++) {
    products.push(
      tf.tidy(() => {
        const under = tensorOf(tf, underKernel(heap, x, image, geometry)) as Tensor2D
        return tf.matMul(under, tensorOf(tf, rowsOf(heap, dy, image, geometry)) as Tensor2D)
      })
    )
  }
  const { q } = geometry
  const byTile = tf.reshape(tf.addN(products), [q * q, stride, stride, channels * filters])
  return tf.reshape(joinTiles(tf, byTile, q, stride, channels * filters), attributes.filterShape)
}

/** Tiles `[q · q, s, s, depth]` put side by side: `[q · s, q · s, depth]`. */
function joinTiles(tf: Tf, tiles: Tensor, q: number, stride: number, depth: number): Tensor {
  return tf.transpose(tf.reshape(tiles, [q, q, stride, stride * depth]), [0, 2, 1, 3])
}

interface Geometry {
  stride: number
  q: number
  channels: number
  filters: number
  /** Of `dy`. */
  height: number
  width: number
  /** Tiles side by side in the padded `x`. */
  columns: number
}

/**
 * What lies under each position of the kernel, `[q · q · s · s · C, height · columns]`. Tile rows are laid end to
 * end with their padding, so that moving the kernel by a tile is moving a window over one array; where the window
 * wraps around, `rowsOf` holds zeros.
 */
function underKernel(heap: WasmHeap, x: TensorInfo, image: number, geometry: Geometry): TensorInfo {
  const { stride, q, channels, height, columns } = geometry
  const planes = stride * stride * channels
  const length = height * columns
  const planeLength = (height + q - 1) * columns + q - 1
  const under = heap.makeOutput([q * q * planes, length], 'float32')
  const target = heap.typedArrayFromHeap(under)
  const source = planesOf(heap.typedArrayFromHeap(x), x.shape, image, geometry, planeLength)
  let row = 0
  for (let down = 0; down < q; down++) {
    for (let right = 0; right < q; right++) {
      for (let plane = 0; plane < planes; plane++, row++) {
        const start = plane * planeLength + down * columns + right
        target.set(source.subarray(start, start + length), row * length)
      }
    }
  }
  return under
}

/** One padded image, a plane per channel and position in the tile: `[s · s · C, planeLength]`. */
function planesOf(
  pixels: Float32Array,
  shape: number[],
  image: number,
  { stride, q, channels, columns }: Geometry,
  planeLength: number
): Float32Array {
  const [, height, width] = shape as [number, number, number]
  const before = paddingBefore(q * stride, stride)
  const planes = new Float32Array(stride * stride * channels * planeLength)
  const along = (pixel: number, tileStep: number, inTileStep: number) =>
    Math.floor((pixel + before) / stride) * tileStep + ((pixel + before) % stride) * inTileStep
  const byColumn = Int32Array.from({ length: width }, (_, x) => along(x, 1, channels * planeLength))
  let from = image * height * width * channels
  for (let y = 0; y < height; y++) {
    const byRow = along(y, columns, stride * channels * planeLength)
    for (let x = 0; x < width; x++) {
      let to = byRow + byColumn[x]!
      for (let channel = 0; channel < channels; channel++, from++, to += planeLength)
        planes[to] = pixels[from]!
    }
  }
  return planes
}

/** One image of `dy`, its rows filled up with zeros: `[height · columns, F]`. */
function rowsOf(heap: WasmHeap, dy: TensorInfo, image: number, geometry: Geometry): TensorInfo {
  const { filters, height, width, columns } = geometry
  const rows = heap.makeOutput([height * columns, filters], 'float32')
  const target = heap.typedArrayFromHeap(rows).fill(0)
  const source = heap.typedArrayFromHeap(dy)
  for (let row = 0; row < height; row++) {
    const start = (image * height + row) * width * filters
    target.set(source.subarray(start, start + width * filters), row * columns * filters)
  }
  return rows
}

/** Rows of zeros above, and columns left of, an input whose size is a multiple of the stride. */
function paddingBefore(k: number, stride: number): number {
  return Math.floor((k - stride) / 2)
}

function strideOf({ strides }: ConvolutionAttributes): number {
  return Array.isArray(strides) ? strides[0] : strides
}

function flipped(tf: Tf, filter: Tensor4D): Tensor4D {
  return filter.shape[0] === 1 ? filter : tf.reverse(filter, [0, 1])
}

/** The owner of a new output. */
function tensorOf(tf: Tf, info: TensorInfo): Tensor {
  return tf.engine().makeTensorFromTensorInfo(info)
}

/** A kernel's input as a tensor of the surrounding tidy, which frees the tensor but not the input's values. */
export function inputTensor(tf: Tf, heap: WasmHeap, info: TensorInfo): Tensor4D {
  return tensorOf(tf, shared(heap, info)) as Tensor4D
}
