import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import '@tensorflow/tfjs-backend-webgpu'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import { LOSS_INTERVAL, type OpenedEngine } from '#core/network/engine'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { watchForFailure } from '#core/network/tfjs/failures'

/** TensorFlow.js on the page's WebGPU. */
export async function openTfjs({ info }: GPUAdapter): Promise<OpenedEngine> {
  tf.enableProdMode()
  await tf.setBackend('webgpu')
  await tf.ready()
  const { device } = tf.backend() as WebGPUBackend
  const words = `${adapterName(info)} (WebGPU)`
  return {
    engine: tfjsEngine(tf, 'tfjs-webgpu', words, LOSS_INTERVAL.gpu, watchForFailure(device)),
    software: isSoftwareAdapter(info)
  }
}
