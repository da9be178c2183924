import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-webgpu'
import type { EngineReport } from '#core/api/values'
import { JaccardError, messageOf } from '#core/errors'
import { timeStep } from '#core/learning/speed'
import type { Engine, EngineName } from '#core/network/engine'
import { adapterName, isSoftwareAdapter, SOFTWARE_DETAIL } from '#core/network/tfjs/adapter'
import { tfjsEngine } from '#core/network/tfjs/engine'

/**
 * TensorFlow.js on the page's own WebGPU, the only engine of a page.
 *
 * @throws JaccardError `missing-part` where the page has no GPU or is asked for another engine.
 */
export async function openEngine(name: EngineName | 'auto'): Promise<Engine> {
  if (name !== 'tfjs-webgpu' && name !== 'auto') {
    throw new JaccardError('missing-part', `The engine ${name} does not run in a page.`)
  }
  return (await open()).engine
}

/** What this page can compute with, and how fast it is. */
export async function inspectEngines(): Promise<EngineReport[]> {
  const report = {
    name: 'tfjs-webgpu' as const,
    available: false,
    device: null,
    detail: null,
    speedTestMilliseconds: null,
    chosen: false
  }
  try {
    const { engine, software } = await open()
    const { device } = engine
    if (software) return [{ ...report, available: true, device, detail: SOFTWARE_DETAIL }]
    return [{ ...report, available: true, device, speedTestMilliseconds: await timeStep(engine) }]
  } catch (error) {
    return [{ ...report, detail: messageOf(error) }]
  }
}

async function open(): Promise<{ engine: Engine; software: boolean }> {
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
  return {
    engine: tfjsEngine(tf, 'tfjs-webgpu', `${adapterName(info)} (WebGPU)`),
    software: isSoftwareAdapter(info)
  }
}
