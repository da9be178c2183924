import { JaccardError, messageOf } from '#core/errors'
import type { EngineName } from '#core/network/engine'

/**
 * The GPU's adapter by Dawn, WebGPU for Node: any GPU with a Vulkan, Metal or Direct3D 12 driver. Not inside
 * Electron, whose memory model Dawn's Node package does not fit. As long as it is held, WebGPU is where libraries
 * look for it, on the global `navigator` as in a browser.
 *
 * @throws JaccardError `missing-part` where there is no driver.
 */
export async function requestAdapter(engine: EngineName): Promise<GPUAdapter> {
  try {
    const adapter = await (await provideGpu()).requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) throw new Error('no adapter')
    return adapter
  } catch (cause) {
    releaseGpu()
    throw new JaccardError(
      'missing-part',
      `The engine ${engine} found no GPU with a working driver (${messageOf(cause)}): install your GPU's driver ` +
        `(on Linux with Vulkan's loader, libvulkan.so.1), or choose another engine.`,
      { cause }
    )
  }
}

async function provideGpu(): Promise<GPU> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  return gpu
}

/** Lets go of Dawn, which would otherwise keep the process alive. */
export function releaseGpu(): void {
  Reflect.deleteProperty(globalThis.navigator, 'gpu')
}
