import { describe, expect, test } from 'vitest'
import { parseArchitecture } from '#core/network/architecture'
import { parameters, sizeOf } from '#core/network/shapes'
import {
  initialWeights,
  packOptimiser,
  packWeights,
  unpackOptimiser,
  unpackWeights
} from '#core/network/weights'

const unet = parseArchitecture('UNet-xs', 32, 2)
const vgg = parseArchitecture('VGG6xs-Fc6-k1-512-Deconv-k64s32', 64, 2)

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

describe('initial weights', () => {
  test('fill every parameter, in order', () => {
    const weights = initialWeights(unet, 1)
    expect([...weights].map(([name, values]) => [name, values.length])).toEqual(
      parameters(unet).map(({ name, shape }) => [name, sizeOf(shape)])
    )
  })

  test('are the same for the same seed and others for another', () => {
    expect(initialWeights(unet, 7)).toEqual(initialWeights(unet, 7))
    expect(initialWeights(unet, 8).get('down1a/kernel')).not.toEqual(
      initialWeights(unet, 7).get('down1a/kernel')
    )
  })

  test("have He's deviation before a ReLU", () => {
    const kernel = initialWeights(vgg, 1).get('conv5/kernel')!
    expect(deviation(kernel) / Math.sqrt(2 / (9 * 128))).toBeCloseTo(1, 1)
  })

  test("stay inside Glorot's limit in a linear layer", () => {
    const limit = Math.sqrt(6 / (512 + 2))
    const score = initialWeights(vgg, 1).get('score/kernel')!
    expect(Math.max(...score)).toBeLessThanOrEqual(limit)
    expect(deviation(score) / (limit / Math.sqrt(3))).toBeCloseTo(1, 0)
  })

  test('interpolate bilinearly in the deconvolution: every output sums to 1, channels apart', () => {
    const kernel = initialWeights(vgg, 1).get('deconv/kernel')!
    const at = (y: number, x: number, out: number, into: number) =>
      kernel[((y * 64 + x) * 2 + out) * 2 + into]!
    for (const [y, x] of [
      [0, 0],
      [5, 31],
      [31, 16]
    ] as const) {
      const seen = at(y, x, 0, 0) + at(y + 32, x, 0, 0) + at(y, x + 32, 0, 0) + at(y + 32, x + 32, 0, 0)
      expect(seen).toBeCloseTo(1, 6)
      expect(at(y, x, 1, 1)).toBe(at(y, x, 0, 0))
      expect(at(y, x, 0, 1)).toBe(0)
    }
  })
})

describe('packing', () => {
  const weights = initialWeights(unet, 3)

  test('weights come back as they were, wherever the bytes lie in their buffer', () => {
    const packed = packWeights(unet, weights)
    const moved = new Uint8Array(packed.length + 3)
    moved.set(packed, 3)
    expect(unpackWeights(unet, moved.subarray(3))).toEqual(weights)
  })

  test('optimiser state comes back as it was', () => {
    const state = { step: 41, first: initialWeights(unet, 4), second: initialWeights(unet, 5) }
    expect(unpackOptimiser(unet, packOptimiser(unet, state))).toEqual(state)
  })

  test('bytes of another network are refused by name and length', () => {
    const packed = packWeights(unet, weights)
    expect(() => unpackWeights(vgg, packed)).toThrow(/weights do not belong to VGG6xs.*found/)
    expect(() => unpackWeights(unet, packed.subarray(1))).toThrow(`found ${packed.length - 1}`)
    expect(() => unpackOptimiser(unet, packed)).toThrow('optimiser state')
  })

  test('weights of another network are refused', () => {
    expect(() => packWeights(vgg, weights)).toThrow('conv1/kernel should have 432 values but has 0')
  })
})
