import type { io } from '@tensorflow/tfjs'
import type { Quantization } from '#core/api/values'
import { sizeOf } from '#core/network/shapes'

/** Shards stay below this, so that browsers and servers cache and load them side by side. */
const SHARD_BYTES = 4 * 1024 * 1024

/** Smaller arrays, such as biases and the first kernel, keep their 32 bits: they weigh little and matter much. */
const SMALLEST_QUANTIZED = 1024

/** Weights in TensorFlow.js's own format: what the manifest says, and the bytes it speaks of. */
export interface PackedWeights {
  entries: io.WeightsManifestEntry[]
  bytes: Uint8Array
}

/**
 * Rewrites 32-bit weights with fewer bits, so that stock TensorFlow.js decodes them by itself.
 *
 * - `float16`: half the size, rounded to the nearest half-precision number.
 * - `uint8`: a quarter, value ≈ q · scale + min per array, with 0 exactly representable.
 *
 * @param entries The arrays in the order of `bytes`, all `float32`.
 * @param bytes Little-endian 32-bit floats, one array after the other.
 */
export function quantizeWeights(
  entries: io.WeightsManifestEntry[],
  bytes: Uint8Array,
  quantization: Quantization
): PackedWeights {
  const parts: Uint8Array[] = []
  let offset = 0
  const packed = entries.map((entry): io.WeightsManifestEntry => {
    const length = sizeOf(entry.shape)
    const values = new Float32Array(bytes.slice(offset, offset + 4 * length).buffer)
    offset += 4 * length
    const plain = quantization === 'none' || length < SMALLEST_QUANTIZED
    const part = plain
      ? { bytes: bytesOf(values) }
      : quantization === 'float16'
        ? half(values)
        : affine(values)
    parts.push(part.bytes)
    return 'quantization' in part ? { ...entry, quantization: part.quantization } : entry
  })
  return { entries: packed, bytes: concatenate(parts) }
}

/** The weights cut into files of at most 4 MiB, named `weights-1of3.bin`. */
export function shardWeights(bytes: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const count = Math.max(1, Math.ceil(bytes.byteLength / SHARD_BYTES))
  return Array.from({ length: count }, (_, i) => ({
    name: `weights-${i + 1}of${count}.bin`,
    bytes: bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES)
  }))
}

function half(values: Float32Array) {
  return { bytes: bytesOf(Uint16Array.from(values, toHalf)), quantization: { dtype: 'float16' as const } }
}

function affine(values: Float32Array) {
  let low = 0
  let high = 0
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const scale = (high - low) / 255 || 1
  const zero = Math.round(-low / scale)
  const quantized = Uint8Array.from(values, (value) =>
    Math.min(255, Math.max(0, Math.round(value / scale) + zero))
  )
  return { bytes: quantized, quantization: { dtype: 'uint8' as const, scale, min: -zero * scale } }
}

const single = new Float32Array(1)
const singleBits = new Uint32Array(single.buffer)

/** The bits of the nearest half-precision number, ties to even (IEEE 754 binary16). */
export function toHalf(value: number): number {
  single[0] = value
  const bits = singleBits[0]!
  const sign = (bits >>> 16) & 0x8000
  const magnitude = Math.abs(single[0])
  if (Number.isNaN(magnitude)) return sign | 0x7e00
  // 65520 is half way from the greatest finite half to the next power of two.
  if (magnitude >= 65520) return sign | 0x7c00
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; a result of 1024 is the smallest normal number's very bits.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24)
  const rounded = bits & 0x7fffffff
  return sign | ((rounded + 0xfff + ((rounded >>> 13) & 1) - (112 << 23)) >>> 13)
}

function roundToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function concatenate(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}
