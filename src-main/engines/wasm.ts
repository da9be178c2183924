import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { JaccardError } from '#core/errors'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { registerWasmKernels } from '#core/network/tfjs/wasm/register'
import { LOSS_INTERVAL, type OpenedEngine } from '#core/network/engine'

let ready: Promise<void> | undefined

/**
 * TensorFlow.js on WebAssembly: any CPU, one thread, since the library starts its threads only in a browser.
 *
 * @throws JaccardError `missing-part` where the processor or the runtime has no SIMD.
 */
export async function openWasm(): Promise<OpenedEngine> {
  ready ??= load()
  await ready
  await tf.setBackend('wasm')
  const device = 'CPU (wasm, SIMD, 1 thread)'
  return { engine: tfjsEngine(tf, 'tfjs-wasm', device, LOSS_INTERVAL.cpu), software: false }
}

async function load(): Promise<void> {
  tf.enableProdMode()
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new JaccardError(
      'missing-part',
      'The engine tfjs-wasm needs a processor with SIMD instructions, which this one does not offer.'
    )
  }
  const require = createRequire(import.meta.url)
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'))
  await keepingProcessListeners(async () => {
    await tf.setBackend('wasm')
    await tf.ready()
  })
  registerWasmKernels(tf)
}

/** The wasm module's loader puts handlers on the process that print its source code at any uncaught error. */
async function keepingProcessListeners(load: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => process.rawListeners(event))
  await load()
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]!.includes(listener)) process.removeListener(event, listener as () => void)
    }
  })
}
