import * as ort from 'onnxruntime-web/webgpu'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import type { OpenedEngine } from '#core/network/engine'
import { onnxWebgpu } from '#core/network/onnx/devices'

/** ONNX Runtime on the page's WebGPU. */
export async function openOnnx({ info }: GPUAdapter): Promise<OpenedEngine> {
  // Its threads want memory that a page may share only under headers which keep out everything else.
  ort.env.wasm.numThreads = 1
  ort.env.webgpu.powerPreference = 'high-performance'
  return { engine: onnxWebgpu(ort, adapterName(info)), software: isSoftwareAdapter(info) }
}
