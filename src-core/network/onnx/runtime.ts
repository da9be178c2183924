import type { InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'

/** ONNX Runtime as the caller loaded it: its package for Node or the one for a page. */
export interface OnnxRuntime {
  InferenceSession: InferenceSessionFactory
  Tensor: TensorConstructor
}
