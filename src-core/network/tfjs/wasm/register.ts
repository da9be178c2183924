import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { Tf } from '#core/network/tfjs/tf'
import {
  filterGradient,
  inputGradient,
  inputTensor,
  type ConvolutionAttributes
} from '#core/network/tfjs/wasm/convolution'
import { concatenated, split } from '#core/network/tfjs/wasm/copies'
import { shared, type WasmHeap } from '#core/network/tfjs/wasm/heap'
import { maxPoolGradient } from '#core/network/tfjs/wasm/max-pool'
import { sumOfRows } from '#core/network/tfjs/wasm/sums'

/** A kernel in place of the stock one, which it gets as `stock` for the cases that it leaves alone. */
type Replacement = (
  heap: WasmHeap,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  stock: () => Kernel
) => Kernel
type Kernel = TensorInfo | TensorInfo[]

/**
 * Kernels for training on the wasm backend, which has no filter gradient and computes the other gradients by
 * plain loops. Here convolutions are composed of operators that XNNPACK computes: convolutions and products of
 * matrices. Further kernels stand in for stock ones that copy or transpose more than they need to.
 * Call once per process, with the wasm backend set.
 */
export function registerWasmKernels(tf: Tf): void {
  replaceKernel(tf, 'Conv2DBackpropInput', (heap, { dy, filter }, attrs) =>
    tf.tidy(() =>
      inputGradient(tf, inputTensor(tf, heap, dy!), inputTensor(tf, heap, filter!), convolutionOf(attrs))
    )
  )
  replaceKernel(tf, 'Conv2DBackpropFilter', (heap, { x, dy }, attrs) =>
    tf.tidy(() => filterGradient(tf, heap, x!, dy!, convolutionOf(attrs)))
  )
  replaceKernel(tf, 'MaxPoolGrad', (heap, { input, dy }) => maxPoolGradient(heap, input!, dy!))
  replaceKernel(tf, 'Sum', (heap, { x }, { axis, keepDims }, stock) => {
    const axes = tf.util.parseAxisParam(axis as number[], x!.shape)
    const rowShape = x!.shape.slice(axes.length)
    const byRow = rowShape.length < 2 && axes.every((axis, i) => axis === i)
    return byRow && !keepDims && x!.dtype === 'float32' ? sumOfRows(heap, x!, rowShape) : stock()
  })
  replaceKernel(tf, 'Identity', (heap, { x }) => shared(heap, x!))
  replaceKernel(tf, 'Cast', (heap, { x }, { dtype }, stock) =>
    x!.dtype === dtype ? shared(heap, x!) : stock()
  )
  replaceKernel(tf, 'Concat', (heap, inputs, { axis }, stock) => {
    const parts = Object.values(inputs) as TensorInfo[]
    const [along] = tf.util.parseAxisParam(axis as number, parts[0]!.shape)
    return parts.every(({ dtype }) => dtype === 'float32') ? concatenated(heap, parts, along!) : stock()
  })
  replaceKernel(tf, 'SplitV', (heap, { x }, { numOrSizeSplits, axis }, stock) => {
    const [along] = tf.util.parseAxisParam(axis as number, x!.shape)
    const lengths = tf.backend_util.prepareSplitSize(x as Tensor, numOrSizeSplits as number[], along)
    return x!.dtype === 'float32' ? split(heap, x!, lengths, along!) : stock()
  })
}

function replaceKernel(tf: Tf, kernelName: string, replacement: Replacement): void {
  const config = tf.getKernel(kernelName, 'wasm')
  if (config) tf.unregisterKernel(kernelName, 'wasm')
  const kernelFunc: KernelFunc = (args) =>
    replacement(args.backend as WasmHeap, args.inputs, args.attrs ?? {}, () => config.kernelFunc(args))
  tf.registerKernel({ ...config, kernelName, backendName: 'wasm', kernelFunc })
}

function convolutionOf(attrs: NamedAttrMap): ConvolutionAttributes {
  return attrs as unknown as ConvolutionAttributes
}
