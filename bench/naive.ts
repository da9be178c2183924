import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { LOSS_INTERVAL, type OpenedEngine } from '#core/network/engine'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { inputTensor, type ConvolutionAttributes } from '#core/network/tfjs/wasm/convolution'
import type { WasmHeap } from '#core/network/tfjs/wasm/heap'

/**
 * TensorFlow.js on WebAssembly as it comes, for comparison. It lacks one kernel that training needs, the filter
 * gradient, which is added by its definition: for every position of the kernel one product of matrices.
 */
export async function openNaive(): Promise<OpenedEngine> {
  tf.enableProdMode()
  const { resolve } = createRequire(import.meta.url)
  setWasmPaths(join(dirname(resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'))
  await tf.setBackend('wasm')
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs: { x, dy }, attrs, backend }) =>
      tf.tidy(() => {
        const heap = backend as WasmHeap
        const attributes = attrs as unknown as ConvolutionAttributes
        return filterGradient(inputTensor(tf, heap, x!), inputTensor(tf, heap, dy!), attributes)
      })
  })
  const engine = tfjsEngine(tf, 'tfjs-wasm', 'CPU (wasm, SIMD, 1 thread, stock kernels)', LOSS_INTERVAL.cpu)
  return { engine, software: false }
}

/**
 * @param x `[N, H, W, C]`.
 * @param dy `[N, H / s, W / s, F]`.
 * @returns `[k, k, C, F]`.
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: ConvolutionAttributes): tf.Tensor4D {
  const { strides, filterShape } = attributes
  const [k, , channels, filters] = filterShape
  const stride = Array.isArray(strides) ? strides[0] : strides
  const [count, height, width] = dy.shape
  const before = Math.floor((k - stride) / 2)
  const around: [number, number] = [before, k - stride - before]
  const padded = tf.pad(x, [[0, 0], around, around, [0, 0]])
  const slopes = tf.reshape(dy, [-1, filters]) as tf.Tensor2D
  const taps = Array.from({ length: k * k }, (_, tap) =>
    tf.tidy(() => {
      const [top, left] = [Math.floor(tap / k), tap % k]
      const end = [count, top + (height - 1) * stride + 1, left + (width - 1) * stride + 1, channels]
      const under = tf.stridedSlice(padded, [0, top, left, 0], end, [1, stride, stride, 1])
      return tf.matMul(tf.reshape(under, [-1, channels]) as tf.Tensor2D, slopes, true)
    })
  )
  return tf.reshape(tf.stack(taps), filterShape)
}
