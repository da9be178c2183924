import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import util from 'node:util'
import type * as tfjs from '@tensorflow/tfjs'
import { JaccardError, messageOf } from '#core/errors'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { LOSS_INTERVAL, type EngineOptions, type OpenedEngine } from '#core/network/engine'

const load = createRequire(import.meta.url)

/** The first one that is installed is used. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

const FETCH = 'fetch it with "npm run engine:tensorflow"'

/**
 * Native TensorFlow: on the GPU where CUDA 11 and cuDNN 8 are found, else on the CPU.
 *
 * @param options.threads Takes effect the first time only: TensorFlow reads it when it is loaded.
 * @throws JaccardError `missing-part` where the package or its native library is not there or does not load.
 */
export async function openTensorflow({ threads }: EngineOptions): Promise<OpenedEngine> {
  const name = PACKAGES.find(hasNativeLibrary)
  if (!name) {
    throw new JaccardError(
      'missing-part',
      `The engine tensorflow lacks TensorFlow's native library: ${FETCH}.`
    )
  }
  if (threads) process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  // Its notices about the processor are of no use to a person who trains.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  restoreRemovedUtilities()
  let tf: typeof tfjs
  try {
    tf = load(name) as typeof tfjs
  } catch (cause) {
    throw new JaccardError(
      'missing-part',
      `The engine tensorflow could not load TensorFlow's native library (${messageOf(cause)}): ${FETCH}.`,
      { cause }
    )
  }
  tf.enableProdMode()
  await tf.setBackend('tensorflow')
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean }
  const device = isUsingGpuDevice ? 'GPU (TensorFlow, CUDA)' : 'CPU (TensorFlow, no CUDA found)'
  const lossInterval = isUsingGpuDevice ? LOSS_INTERVAL.gpu : LOSS_INTERVAL.cpu
  return { engine: tfjsEngine(tf, 'tensorflow', device, lossInterval), software: false }
}

/** Looks without loading, since a package whose library is missing fails in many ways. */
function hasNativeLibrary(name: string): boolean {
  try {
    const lib = join(dirname(load.resolve(`${name}/package.json`)), 'lib')
    return readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')))
  } catch {
    return false
  }
}

/**
 * Node 23 removed two functions that the package calls.
 * @see https://github.com/tensorflow/tfjs/issues/8609
 */
function restoreRemovedUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>
  utilities.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  utilities.isArray ??= Array.isArray
}
