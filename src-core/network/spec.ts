/**
 * A network as data: layers in execution order, each naming the layers it reads. Tensors are `[N, H, W, C]`,
 * padding is always `same`. One spec is lowered to every engine, so it holds nothing that belongs to one.
 */
export interface NetworkSpec {
  /** The architecture's name in the source's grammar, for example `UNet-xs`. */
  architecture: string
  /** Input height and width in pixels; a multiple of `stride`. */
  size: number
  /** Linear outputs per pixel: 1 is read through a sigmoid, 2 through a softmax whose second value is p. */
  outputs: 1 | 2
  /** The factor between the input and the coarsest layer. */
  stride: number
  /** The first layer is the input; the last layer's output are the logits `[N, size, size, outputs]`. */
  layers: Layer[]
}

export type Activation = 'linear' | 'relu'

export type Layer =
  | { op: 'input'; name: string; channels: 3 }
  | { op: 'conv'; name: string; input: string; filters: number; kernel: number; activation: Activation }
  | { op: 'maxPool'; name: string; input: string }
  | { op: 'dropout'; name: string; input: string }
  | {
      op: 'convTranspose'
      name: string
      input: string
      filters: number
      kernel: number
      stride: number
      activation: Activation
    }
  | { op: 'concat'; name: string; inputs: [string, string] }

/** One trainable array. Kernels are `[kh, kw, in, out]`, of a transposed convolution `[kh, kw, out, in]`. */
export interface Parameter {
  name: string
  shape: number[]
}

/** Values by parameter name, in the parameters' order. */
export type Weights = Map<string, Float32Array>
