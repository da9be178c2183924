import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmHeap } from '#core/network/tfjs/wasm/heap'

/**
 * Sums of the columns of a matrix, in 64-bit arithmetic: a loss and a bias's gradient add up the pixels of a
 * whole batch.
 *
 * @param x Any shape, read as rows of `product(shape)` values.
 * @param shape Of one row and of the result.
 */
export function sumOfRows(heap: WasmHeap, x: TensorInfo, shape: number[]): TensorInfo {
  const output = heap.makeOutput(shape, 'float32')
  const values = heap.typedArrayFromHeap(x)
  const sums = new Float64Array(heap.typedArrayFromHeap(output).length)
  for (let i = 0; i < values.length;)
    for (let column = 0; column < sums.length; column++) sums[column]! += values[i++]!
  heap.typedArrayFromHeap(output).set(sums)
  return output
}
