import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { quantizeWeights, shardWeights, toHalf } from '#main/exchange/bundle/weights'

const entry = (name: string, length: number): tf.io.WeightsManifestEntry => ({
  name,
  shape: [length],
  dtype: 'float32'
})

/** As stock TensorFlow.js reads them. */
async function decoded(packed: ReturnType<typeof quantizeWeights>): Promise<Record<string, Float32Array>> {
  const tensors = tf.io.decodeWeights(packed.bytes.slice().buffer, packed.entries)
  const values: Record<string, Float32Array> = {}
  for (const [name, tensor] of Object.entries(tensors)) values[name] = (await tensor.data()) as Float32Array
  tf.dispose(tensors)
  return values
}

const kernel = Float32Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? 0 : Math.sin(i) * (i % 11)))
const bias = Float32Array.from({ length: 16 }, (_, i) => i / 3)
const entries = [entry('bias', bias.length), entry('kernel', kernel.length)]
const bytes = new Uint8Array(new Float32Array([...bias, ...kernel]).buffer)

describe('quantised weights, read by stock TensorFlow.js', () => {
  it('are the same bits without quantisation', async () => {
    const read = await decoded(quantizeWeights(entries, bytes, 'none'))
    expect(read['kernel']).toEqual(kernel)
    expect(read['bias']).toEqual(bias)
  })

  it('lose at most half a unit in the last place of a half-precision number', async () => {
    const packed = quantizeWeights(entries, bytes, 'float16')
    expect(packed.bytes.byteLength).toBe(4 * bias.length + 2 * kernel.length)
    const { kernel: read } = await decoded(packed)
    kernel.forEach((value, i) =>
      expect(Math.abs(read![i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11)
    )
  })

  it('lose at most half a step of 255 and keep zero exactly with 8 bits', async () => {
    const packed = quantizeWeights(entries, bytes, 'uint8')
    expect(packed.bytes.byteLength).toBe(4 * bias.length + kernel.length)
    const { kernel: read } = await decoded(packed)
    const step = (Math.max(...kernel) - Math.min(...kernel)) / 255
    kernel.forEach((value, i) => {
      // Moving the grid onto zero costs the extremes up to another half step.
      expect(Math.abs(read![i]! - value)).toBeLessThanOrEqual(step * 1.001)
      if (value === 0) expect(read![i]).toBe(0)
    })
  })

  it('keep small arrays in full', async () => {
    for (const quantization of ['float16', 'uint8'] as const) {
      expect((await decoded(quantizeWeights(entries, bytes, quantization)))['bias']).toEqual(bias)
    }
  })

  it('keep arrays of a single value', async () => {
    const constant = new Float32Array(2000).fill(0)
    const packed = quantizeWeights([entry('kernel', 2000)], new Uint8Array(constant.buffer), 'uint8')
    expect((await decoded(packed))['kernel']).toEqual(constant)
  })
})

describe('half-precision numbers', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [-1e9, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    // Half of the smallest number: a tie, to even.
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [2 ** -14 - 2 ** -26, 0x0400],
    // Ties around 1: to even, once down and once up.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01]
  ])('%d is %i', (value, bits) => {
    expect(toHalf(value)).toBe(bits)
  })
})

describe('shards', () => {
  it('are at most 4 MiB and make up the whole in order', () => {
    const whole = Uint8Array.from({ length: 9 * 1024 * 1024 }, (_, i) => i % 251)
    const shards = shardWeights(whole)
    expect(shards.map(({ name }) => name)).toEqual([
      'weights-1of3.bin',
      'weights-2of3.bin',
      'weights-3of3.bin'
    ])
    expect(shards.every(({ bytes }) => bytes.byteLength <= 4 * 1024 * 1024)).toBe(true)
    expect(Buffer.concat(shards.map(({ bytes }) => bytes)).equals(whole)).toBe(true)
  })
})
