import * as tf from '@tensorflow/tfjs'
import { JaccardError, messageOf } from '#core/errors'
import { adapterName, isSoftwareAdapter } from '#core/network/tfjs/adapter'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { watchForFailure } from '#core/network/tfjs/failures'
import { LOSS_INTERVAL, type OpenedEngine } from '#core/network/engine'

/**
 * TensorFlow.js on WebGPU in Node, by Dawn: any GPU with a Vulkan, Metal or Direct3D 12 driver. Not inside
 * Electron, whose memory model Dawn's Node package does not fit.
 *
 * @throws JaccardError `missing-part` where there is no driver.
 */
export async function openWebgpu(): Promise<OpenedEngine> {
  const { adapter, device } = await requestDevice()
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu')
  tf.enableProdMode()
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 0)
  await tf.setBackend('webgpu')
  const engine = tfjsEngine(
    tf,
    'tfjs-webgpu',
    `${adapterName(adapter.info)} (WebGPU)`,
    LOSS_INTERVAL.gpu,
    watchForFailure(device)
  )
  return {
    software: isSoftwareAdapter(adapter.info),
    engine: {
      ...engine,
      dispose() {
        engine.dispose()
        tf.removeBackend('webgpu')
        device.destroy()
        releaseGpu()
      }
    }
  }
}

async function requestDevice(): Promise<{ adapter: GPUAdapter; device: GPUDevice }> {
  try {
    const adapter = await (await provideGpu()).requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) throw new Error('no adapter')
    const { limits } = adapter
    const device = await adapter.requestDevice({
      requiredLimits: {
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup
      }
    })
    return { adapter, device }
  } catch (cause) {
    releaseGpu()
    throw new JaccardError(
      'missing-part',
      `The engine tfjs-webgpu found no GPU with a working driver (${messageOf(cause)}): install your GPU's driver ` +
        `(on Linux with Vulkan's loader, libvulkan.so.1), or choose another engine.`,
      { cause }
    )
  }
}

/** WebGPU where the library looks for it: on the global `navigator`, as in a browser. */
async function provideGpu(): Promise<GPU> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  return gpu
}

/** Lets go of Dawn, which would otherwise keep the process alive. */
function releaseGpu(): void {
  Reflect.deleteProperty(globalThis.navigator, 'gpu')
}
