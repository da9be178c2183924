import { JaccardError } from '#core/errors'
import type { EngineName, OpenedEngine } from '#core/network/engine'

/**
 * The engines of a page, on its own WebGPU.
 *
 * @throws JaccardError `missing-part` where the page has no GPU or is asked for another engine.
 */
export async function openEngine(name: EngineName): Promise<OpenedEngine> {
  if (name !== 'onnx-webgpu' && name !== 'tfjs-webgpu') {
    throw new JaccardError('missing-part', `The engine ${name} does not run in a page.`)
  }
  // Both libraries ask for the same adapter.
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new JaccardError(
      'missing-part',
      `The engine ${name} found no GPU with a working driver; install your GPU’s driver, or choose another engine.`
    )
  }
  if (name === 'onnx-webgpu') return (await import('./onnx')).openOnnx(adapter)
  return (await import('./tfjs')).openTfjs(adapter)
}
