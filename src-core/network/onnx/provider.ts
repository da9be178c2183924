/** What a graph has to know about whoever computes it: onnxruntime's execution provider. */
export interface Provider {
  /** It multiplies by a transposed matrix without transposing it first. */
  fusedMatMul: boolean
  /** It tells where a maximum came from and puts values back there. */
  maxUnpool: boolean
  /** It turns blocks of pixels into channels by an operator of its own. */
  spaceToDepth: boolean
  /** It convolves each channel by itself, with several kernels, rightly and by all threads. */
  channelwiseConv: boolean
  /** How many channels its direct convolution computes at once, see `blocked.ts`; null where it has none. */
  block: number | null
}

/** The CPU, whose `block` depends on the processor. */
export const CPU: Provider = {
  fusedMatMul: true,
  maxUnpool: true,
  spaceToDepth: true,
  channelwiseConv: true,
  block: null
}

/**
 * On WebGPU an operator without a kernel would make the data travel to the CPU and back, and convolutions of each
 * of 16 channels by itself come out wrong (ONNX Runtime 1.30).
 */
export const WEBGPU: Provider = {
  fusedMatMul: false,
  maxUnpool: false,
  spaceToDepth: false,
  channelwiseConv: false,
  block: null
}
