/** What a graph has to know about whoever computes it: onnxruntime's execution provider. */
export interface Provider {
  /** It multiplies by a transposed matrix without transposing it first. */
  fusedMatMul: boolean
  /** It tells where a maximum came from and puts values back there. */
  maxUnpool: boolean
}

export const CPU: Provider = { fusedMatMul: true, maxUnpool: true }

/** On WebGPU an operator without a kernel would make the data travel to the CPU and back. */
export const WEBGPU: Provider = { fusedMatMul: false, maxUnpool: false }
