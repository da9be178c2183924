import { onnxEngine } from '#core/network/onnx/engine'
import { CPU, WEBGPU } from '#core/network/onnx/provider'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import type { EngineOptions, OpenedEngine } from '#core/network/engine'
import { JaccardError, messageOf } from '#core/errors'
import { requestAdapter } from '#main/engines/dawn'

/** ONNX Runtime on the CPU. */
export async function openOnnxCpu({ threads }: EngineOptions): Promise<OpenedEngine> {
  const runtime = await load('onnx-cpu')
  const device = `CPU (ONNX Runtime, ${threads ? `${threads} threads` : 'all cores'})`
  return {
    software: false,
    engine: onnxEngine(runtime, {
      name: 'onnx-cpu',
      device,
      provider: CPU,
      ownMemory: false,
      options: {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads ?? 0,
        interOpNumThreads: 1,
        logSeverityLevel: ERRORS_ONLY,
        // Adam's second moments reach magnitudes where the processor becomes a hundred times slower.
        extra: { session: { set_denormal_as_zero: '1' } }
      }
    })
  }
}

const ERRORS_ONLY = 3

async function load(name: string): Promise<typeof import('onnxruntime-node')> {
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    throw new JaccardError(
      'missing-part',
      `The engine ${name} could not load ONNX Runtime (${messageOf(cause)}): it is made for Linux and Windows on x64 ` +
        `and arm64, and for macOS on arm64; choose another engine.`,
      { cause }
    )
  }
}

/** ONNX Runtime on WebGPU. */
export async function openOnnxWebgpu(): Promise<OpenedEngine> {
  const runtime = await load('onnx-webgpu')
  const { info } = await requestAdapter('onnx-webgpu')
  return {
    software: isSoftwareAdapter(info),
    engine: onnxEngine(runtime, {
      name: 'onnx-webgpu',
      device: `${adapterName(info)} (ONNX Runtime, WebGPU)`,
      provider: WEBGPU,
      ownMemory: true,
      options: { executionProviders: ['webgpu'], logSeverityLevel: ERRORS_ONLY }
    })
  }
}
