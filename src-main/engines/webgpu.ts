import * as tf from '@tensorflow/tfjs'
import { JaccardError, messageOf } from '#core/errors'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { releaseGpu, requestAdapter } from '#main/engines/dawn'
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
  const adapter = await requestAdapter('tfjs-webgpu')
  const { limits } = adapter
  try {
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
      `The engine tfjs-webgpu could not open the GPU (${messageOf(cause)}): close other programs that use it, update ` +
        `its driver, or choose another engine.`,
      { cause }
    )
  }
}
