import type * as ort from 'onnxruntime-node'
import { JaccardError, messageOf } from '#core/errors'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import type { EngineName, EngineOptions, OpenedEngine } from '#core/network/engine'
import { onnxCpu, onnxWebgpu } from '#core/network/onnx/devices'
import { releaseGpu, requestAdapter } from '#main/engines/dawn'

/** ONNX Runtime on the CPU. */
export async function openOnnxCpu({ threads }: EngineOptions): Promise<OpenedEngine> {
  return { engine: await onnxCpu(await load('onnx-cpu'), threads), software: false }
}

/**
 * ONNX Runtime on WebGPU in Node, by the Dawn inside of it. Not inside Electron: it is a page's there.
 *
 * @throws JaccardError `missing-part` where there is no driver.
 */
export async function openOnnxWebgpu(): Promise<OpenedEngine> {
  const runtime = await load('onnx-webgpu')
  // It names its GPU to nobody, so another Dawn is asked, which finds the same.
  const { info } = await requestAdapter('onnx-webgpu')
  releaseGpu()
  return { engine: onnxWebgpu(runtime, adapterName(info)), software: isSoftwareAdapter(info) }
}

async function load(name: EngineName): Promise<typeof ort> {
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    throw new JaccardError(
      'missing-part',
      `The engine ${name} could not load ONNX Runtime (${messageOf(cause)}): it is made for Linux and Windows on x64 ` +
        `and arm64 and for macOS on arm64; choose another engine.`,
      { cause }
    )
  }
}
