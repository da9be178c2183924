import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import '@tensorflow/tfjs-backend-webgpu'
import { JaccardError } from '#core/errors'
import { LOSS_INTERVAL, type EngineName, type OpenedEngine } from '#core/network/engine'
import { adapterName, isSoftwareAdapter } from '#core/network/adapter'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { watchForFailure } from '#core/network/tfjs/failures'

/**
 * TensorFlow.js on the page's own WebGPU, the only engine of a page.
 *
 * @throws JaccardError `missing-part` where the page has no GPU or is asked for another engine.
 */
export async function openEngine(name: EngineName): Promise<OpenedEngine> {
  if (name !== 'tfjs-webgpu') {
    throw new JaccardError('missing-part', `The engine ${name} does not run in a page.`)
  }
  // The library asks for the same adapter.
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new JaccardError(
      'missing-part',
      'The engine tfjs-webgpu found no GPU with a working driver; install your GPU’s driver, or choose another engine.'
    )
  }
  tf.enableProdMode()
  await tf.setBackend('webgpu')
  await tf.ready()
  const { info } = adapter
  const { device } = tf.backend() as WebGPUBackend
  const words = `${adapterName(info)} (WebGPU)`
  return {
    engine: tfjsEngine(tf, 'tfjs-webgpu', words, LOSS_INTERVAL.gpu, watchForFailure(device)),
    software: isSoftwareAdapter(info)
  }
}
