/**
 * `npm run engine:tensorflow`: gives the engine `tensorflow` its native library, which `npm ci` leaves out because it
 * is large and most people do without it. Tests run that engine where this was done.
 *
 * TensorFlow comes out of its Python wheel, for the CPU, into ~/.cache/jaccard (engine-tensorflow-wheel.mjs). With
 * `-- --cuda`, and where there is no such wheel, the package's own install script fetches what its makers built in
 * 2022: TensorFlow 2.9, on the GPU with CUDA 11 and cuDNN 8, into node_modules (engine-tensorflow-prebuilt.mjs).
 */
import { ensureNode } from './ensure-node.mjs'

// The oldest that runs TypeScript as it is.
await ensureNode(22, 18)
const { createRequire } = await import('node:module')
const { dirname } = await import('node:path')
const { parseArgs } = await import('node:util')
const { installFromWheel, wheelFor } = await import('./engine-tensorflow-wheel.mjs')
const { installPrebuilt } = await import('./engine-tensorflow-prebuilt.mjs')

const NAME = '@tensorflow/tfjs-node-gpu'

try {
  const { values } = parseArgs({ options: { cuda: { type: 'boolean' } } })
  const wheel = values.cuda ? null : wheelFor(process.platform, process.arch)
  const folder = packageFolder()
  const place = wheel ? await installFromWheel(wheel, folder) : await installPrebuilt(NAME, folder)
  console.log(`The engine tensorflow is installed in ${place}; "npx jaccard doctor" shows it.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/** The package that has the engine's JavaScript and the source of its binding. */
function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${NAME}/package.json`))
  } catch {
    throw new Error(`The package ${NAME} is not installed: run "npm ci" and then this again.`)
  }
}
