import { JaccardError } from '#core/errors'
import { createRandom } from '#core/learning/random'
import type { OptimiserState } from '#core/network/engine'
import { parameterCount, parameters, shapesOf, sizeOf } from '#core/network/shapes'
import type { Layer, NetworkSpec, Weights } from '#core/network/spec'

type Convolution = Extract<Layer, { op: 'conv' | 'convTranspose' }>

/**
 * Seeded weights to start from: He's normal distribution before a ReLU (He et al. 2015), Glorot's uniform one
 * elsewhere (Glorot and Bengio 2010), bilinear interpolation for a transposed convolution that only enlarges
 * the logits (Long et al. 2015), and biases of 0. Every kernel draws from a stream of its own.
 */
export function initialWeights(spec: NetworkSpec, seed: number): Weights {
  const shapes = shapesOf(spec)
  const weights: Weights = new Map()
  for (const layer of spec.layers) {
    if (layer.op !== 'conv' && layer.op !== 'convTranspose') continue
    weights.set(`${layer.name}/kernel`, initialKernel(layer, shapes.get(layer.input)![2], seed))
    weights.set(`${layer.name}/bias`, new Float32Array(layer.filters))
  }
  return weights
}

function initialKernel(layer: Convolution, channels: number, seed: number): Float32Array {
  const { kernel, filters } = layer
  const stride = layer.op === 'convTranspose' ? layer.stride : 1
  if (kernel === 2 * stride && filters === channels && layer.activation === 'linear') {
    return bilinear(kernel, stride, channels)
  }
  const random = createRandom(seed, 'weights', layer.name)
  // An output of a transposed convolution sees only every stride-th row and column of the kernel.
  const seen = (kernel / stride) ** 2
  const deviation = Math.sqrt(2 / (seen * channels))
  const limit = Math.sqrt(6 / (seen * (channels + filters)))
  const draw =
    layer.activation === 'relu' ? () => deviation * random.normal() : () => limit * (2 * random.uniform() - 1)
  return new Float32Array(kernel * kernel * channels * filters).map(draw)
}

/** Each channel enlarged by itself: `[kernel, kernel, channels, channels]`, zero between channels. */
function bilinear(kernel: number, stride: number, channels: number): Float32Array {
  const weights = new Float32Array(kernel * kernel * channels * channels)
  const tent = (i: number) => 1 - Math.abs(i + 0.5 - stride) / stride
  for (let y = 0; y < kernel; y++) {
    for (let x = 0; x < kernel; x++) {
      for (let c = 0; c < channels; c++) {
        weights[((y * kernel + x) * channels + c) * channels + c] = tent(y) * tent(x)
      }
    }
  }
  return weights
}

/** Weights one after the other in the parameters' order, 32-bit floats, little-endian as all our platforms. */
export function packWeights(spec: NetworkSpec, weights: Weights): Uint8Array {
  return new Uint8Array(flattenWeights(spec, weights).buffer)
}

/** @throws JaccardError `bad-input` if the length is not that of the network's weights. */
export function unpackWeights(spec: NetworkSpec, bytes: Uint8Array): Weights {
  expectLength(spec, 'weights', bytes.byteLength, 4 * parameterCount(spec))
  return splitWeights(spec, floatsOf(bytes))
}

/** Step as a 64-bit float, then both moments as `packWeights` writes them. */
export function packOptimiser(spec: NetworkSpec, state: OptimiserState): Uint8Array {
  const first = packWeights(spec, state.first)
  const bytes = new Uint8Array(8 + 2 * first.byteLength)
  new DataView(bytes.buffer).setFloat64(0, state.step, true)
  bytes.set(first, 8)
  bytes.set(packWeights(spec, state.second), 8 + first.byteLength)
  return bytes
}

/** @throws JaccardError `bad-input` if the length is not that of the network's optimiser state. */
export function unpackOptimiser(spec: NetworkSpec, bytes: Uint8Array): OptimiserState {
  const length = 4 * parameterCount(spec)
  expectLength(spec, 'optimiser state', bytes.byteLength, 8 + 2 * length)
  return {
    step: new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true),
    first: unpackWeights(spec, bytes.subarray(8, 8 + length)),
    second: unpackWeights(spec, bytes.subarray(8 + length))
  }
}

/** All weights as one array in the parameters' order. */
export function flattenWeights(spec: NetworkSpec, weights: Weights): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(parameterCount(spec))
  let offset = 0
  for (const { name, shape } of parameters(spec)) {
    const values = weights.get(name)
    if (values?.length !== sizeOf(shape)) {
      throw new JaccardError(
        'bad-input',
        `These weights do not belong to ${spec.architecture}: ${name} should have ${sizeOf(shape)} values ` +
          `but has ${values?.length ?? 0}.`
      )
    }
    flat.set(values, offset)
    offset += values.length
  }
  return flat
}

/** The opposite of `flattenWeights`; the arrays share `flat`'s memory. */
export function splitWeights(spec: NetworkSpec, flat: Float32Array): Weights {
  let offset = 0
  return new Map(
    parameters(spec).map(({ name, shape }) => [name, flat.subarray(offset, (offset += sizeOf(shape)))])
  )
}

function expectLength(spec: NetworkSpec, what: string, length: number, expected: number): void {
  if (length === expected) return
  throw new JaccardError(
    'bad-input',
    `The stored ${what} do not belong to ${spec.architecture}: expected ${expected} bytes but found ${length}.`
  )
}

/** Copied, since stored bytes may start at any offset; not by `slice`, which gives a view of Node's Buffers. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer)
}
