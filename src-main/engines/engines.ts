import type { EngineName, EngineOptions, OpenedEngine } from '#core/network/engine'
import { openOnnxCpu, openOnnxWebgpu } from '#main/engines/onnx'
import { openTensorflow } from '#main/engines/tensorflow'
import { openWasm } from '#main/engines/wasm'
import { openWebgpu } from '#main/engines/webgpu'

const OPENERS: Record<EngineName, (options: EngineOptions) => Promise<OpenedEngine>> = {
  'onnx-cpu': openOnnxCpu,
  'onnx-webgpu': openOnnxWebgpu,
  'tfjs-wasm': openWasm,
  'tfjs-webgpu': openWebgpu,
  tensorflow: openTensorflow
}

/**
 * Opens the named engine. That loads drivers and native libraries, which can take a process down: do it in a
 * trainer, never in the process that holds the project. One engine is open at a time; the one opened last computes.
 *
 * @throws JaccardError `missing-part` that says what the engine lacks. There is no falling back to another one.
 */
export function openEngine(name: EngineName, options: EngineOptions): Promise<OpenedEngine> {
  return OPENERS[name](options)
}
