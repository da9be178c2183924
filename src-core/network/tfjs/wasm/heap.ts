import type { DataId, TensorInfo } from '@tensorflow/tfjs-core'

/** What the kernels here use of the wasm backend. */
export interface WasmHeap {
  /** One more owner of these values. */
  incRef(dataId: DataId): void
  /** Memory of any content. It may move the heap: take views afterwards. */
  makeOutput(shape: number[], dtype: TensorInfo['dtype']): TensorInfo
  /** A view of a tensor's values, valid until the next allocation. */
  typedArrayFromHeap(info: TensorInfo): Float32Array
}

/** The same values under another name or shape, without a copy. */
export function shared(heap: WasmHeap, info: TensorInfo, shape = info.shape): TensorInfo {
  heap.incRef(info.dataId)
  return { dataId: info.dataId, shape, dtype: info.dtype }
}
