import { parameters, sizeOf } from '#core/network/shapes'
import type { NetworkSpec, Weights } from '#core/network/spec'
import { flattenWeights, splitWeights } from '#core/network/weights'

/**
 * All weights as one array in ONNX's layout: kernels `[kh, kw, a, b]` as `[b, a, kh, kw]`, which is right for
 * convolutions and transposed ones alike.
 */
export function toOnnxLayout(spec: NetworkSpec, weights: Weights): Float32Array<ArrayBuffer> {
  return transposeKernels(spec, flattenWeights(spec, weights), (from, to) => [to, from])
}

/** The opposite of `toOnnxLayout`. */
export function fromOnnxLayout(spec: NetworkSpec, flat: Float32Array): Weights {
  return splitWeights(
    spec,
    transposeKernels(spec, flat, (from, to) => [from, to])
  )
}

/** Moves every value between its places in the two layouts, given as `[ours, ONNX's]`. */
function transposeKernels(
  spec: NetworkSpec,
  source: Float32Array,
  places: (ours: number, onnx: number) => [target: number, source: number]
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(source.length)
  let offset = 0
  for (const { shape } of parameters(spec)) {
    const [taps, pairs] = shape.length === 1 ? [1, shape[0]!] : [shape[0]! * shape[1]!, shape[2]! * shape[3]!]
    const outputs = shape[shape.length - 1]!
    const inputs = pairs / outputs
    for (let tap = 0; tap < taps; tap++) {
      for (let a = 0; a < inputs; a++) {
        for (let b = 0; b < outputs; b++) {
          const [target, from] = places(
            offset + (tap * inputs + a) * outputs + b,
            offset + (b * inputs + a) * taps + tap
          )
          result[target] = source[from]!
        }
      }
    }
    offset += sizeOf(shape)
  }
  return result
}
