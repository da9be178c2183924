import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmHeap } from '#core/network/tfjs/wasm/heap'

/**
 * The gradient of 2 × 2 max pooling with stride 2. Of equal maxima the first takes all, by rows.
 *
 * @param x The pooling's input, `[N, H, W, C]`, H and W even.
 * @param dy `[N, H / 2, W / 2, C]`.
 * @returns `[N, H, W, C]`.
 */
export function maxPoolGradient(heap: WasmHeap, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const [count, height, width, channels] = x.shape as [number, number, number, number]
  const dx = heap.makeOutput(x.shape, 'float32')
  // Views are taken after the allocation, which may move the heap.
  const values = heap.typedArrayFromHeap(x)
  const gradients = heap.typedArrayFromHeap(dy)
  const result = heap.typedArrayFromHeap(dx).fill(0)
  const row = width * channels
  let out = 0
  for (let top = 0; top < count * height * row; top += 2 * row) {
    for (let left = top; left < top + row; left += 2 * channels) {
      for (let first = left; first < left + channels; first++, out++) {
        let largest = first
        if (values[first + channels]! > values[largest]!) largest = first + channels
        if (values[first + row]! > values[largest]!) largest = first + row
        if (values[first + row + channels]! > values[largest]!) largest = first + row + channels
        result[largest] = gradients[out]!
      }
    }
  }
  return dx
}
