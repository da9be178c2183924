import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import util from 'node:util'
import type * as tfjs from '@tensorflow/tfjs'
import { JaccardError, messageOf } from '#core/errors'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { LOSS_INTERVAL, type EngineOptions, type OpenedEngine } from '#core/network/engine'
import { BINDING, libraryFolder } from '#main/engines/tensorflowLibrary'

// Not `require`: the build puts a constant of that name into every file.
const resolver = createRequire(import.meta.url)

/** The two are the same JavaScript. The first one that has a library of its own is used, else the first one. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

const FETCH = 'fetch it with "npm run engine:tensorflow"'

/** A package and the binding that it is to use, which finds TensorFlow's library by itself. */
interface Installed {
  name: string
  folder: string
  binding: string
}

/** What the binding and the package's backend have beyond tfjs's own types. */
interface Binding {
  TF_Version: string
}
interface NodeBackend extends tfjs.KernelBackend {
  isUsingGpuDevice: boolean
}

/**
 * Native TensorFlow: on the GPU where its library was built for CUDA and finds it, else on the CPU.
 *
 * @param options.threads Takes effect the first time only: TensorFlow reads it when it is loaded.
 * @throws JaccardError `missing-part` where the package or its native library is not there or does not load.
 */
export async function openTensorflow({ threads }: EngineOptions): Promise<OpenedEngine> {
  const installed = findInstalled()
  if (!installed) {
    throw new JaccardError(
      'missing-part',
      `The engine tensorflow lacks TensorFlow's native library: ${FETCH}.`
    )
  }
  if (threads) process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  // Its notices about the processor are of no use to a person who trains.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  restoreUtilities()
  try {
    const { tf, version } = load(installed)
    tf.enableProdMode()
    await tf.setBackend('tensorflow')
    const { isUsingGpuDevice } = tf.backend() as NodeBackend
    const device = `${isUsingGpuDevice ? 'GPU' : 'CPU'} (TensorFlow ${version})`
    const lossInterval = isUsingGpuDevice ? LOSS_INTERVAL.gpu : LOSS_INTERVAL.cpu
    return { engine: tfjsEngine(tf, 'tensorflow', device, lossInterval), software: false }
  } catch (cause) {
    throw new JaccardError(
      'missing-part',
      `The engine tensorflow could not load TensorFlow's native library (${messageOf(cause)}): ${FETCH}.`,
      { cause }
    )
  }
}

/** Looks without loading, since a package whose library is missing fails in many ways. */
function findInstalled(): Installed | null {
  const packages = PACKAGES.flatMap((name) => {
    try {
      return [{ name, folder: dirname(resolver.resolve(`${name}/package.json`)) }]
    } catch {
      return []
    }
  })
  for (const { name, folder } of packages) {
    const binding = ownBinding(folder)
    if (binding) return { name, folder, binding }
  }
  const built = join(libraryFolder(), BINDING)
  return packages[0] && existsSync(built) ? { ...packages[0], binding: built } : null
}

/** What the package's install script fetched, if it ran. */
function ownBinding(folder: string): string | undefined {
  const lib = join(folder, 'lib')
  const versions = existsSync(lib) ? readdirSync(lib) : []
  return versions.map((version) => join(lib, version, BINDING)).find((path) => existsSync(path))
}

/** What the package's main file does, which knows no place for the binding but its own. */
function load({ name, folder, binding }: Installed): { tf: typeof tfjs; version: string } {
  const from = createRequire(join(folder, 'package.json'))
  from('./dist/register_all_kernels')
  const tf = from('@tensorflow/tfjs') as typeof tfjs
  const library = from(binding) as Binding
  const { NodeJSKernelBackend } = from('./dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: new (binding: Binding, packageName: string) => NodeBackend
  }
  if (!tf.findBackendFactory('tensorflow')) {
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(library, name))
  }
  return { tf, version: library.TF_Version }
}

/**
 * The package calls two functions of which Node 23 removed one and warns of the other.
 * @see https://github.com/tensorflow/tfjs/issues/8609
 */
function restoreUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>
  utilities.isNullOrUndefined = (value: unknown) => value === null || value === undefined
  utilities.isArray = Array.isArray
}
