import { findBlock } from '#core/network/onnx/blocked'
import { onnxEngine } from '#core/network/onnx/engine'
import type { OnnxRuntime } from '#core/network/onnx/runtime'
import { CPU, WEBGPU } from '#core/network/onnx/provider'
import type { Engine } from '#core/network/engine'

/** Only what went wrong is worth a line. */
const ERRORS = 3

/**
 * The engine `onnx-cpu`.
 *
 * @param threads Null for as many as there are cores.
 */
export async function onnxCpu(runtime: OnnxRuntime, threads: number | null): Promise<Engine> {
  return onnxEngine(runtime, {
    name: 'onnx-cpu',
    device: `CPU (ONNX Runtime, ${threads ? inWords(threads) : 'all cores'})`,
    provider: { ...CPU, block: await findBlock(runtime) },
    ownMemory: false,
    options: {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads ?? 0,
      interOpNumThreads: 1,
      // Planned in advance, the same tensors take up to twice the memory, and no less time.
      enableMemPattern: false,
      // Its last level would put constant kernels into blocks, which the graph does itself where it pays.
      graphOptimizationLevel: 'extended',
      logSeverityLevel: ERRORS,
      // Adam's second moments reach magnitudes at which a processor becomes a hundred times slower.
      extra: { session: { set_denormal_as_zero: '1' } }
    }
  })
}

/**
 * The engine `onnx-webgpu`.
 *
 * @param adapter The GPU in words.
 */
export function onnxWebgpu(runtime: OnnxRuntime, adapter: string): Engine {
  return onnxEngine(runtime, {
    name: 'onnx-webgpu',
    device: `${adapter} (ONNX Runtime, WebGPU)`,
    provider: WEBGPU,
    ownMemory: true,
    options: { executionProviders: ['webgpu'], logSeverityLevel: ERRORS }
  })
}

function inWords(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}
