import { describe, expect, it } from 'vitest'
import { square } from '#core/learning/frame'
import { enlargeProbabilities, resampleImage, resampleLabel } from '#core/learning/resample'

/** A grey picture as RGB. */
const grey = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value]))
/** The red channel of an RGB picture. */
const red = (pixels: Uint8Array) => [...pixels].filter((_, i) => i % 3 === 0)

describe('resampling an image', () => {
  it('leaves an image of the right size as it is', () => {
    const pixels = Uint8Array.from({ length: 7 * 7 * 3 }, (_, i) => (i * 89) % 256)
    expect(resampleImage(pixels, 7, 7, 3, square(7))).toEqual(pixels)
  })

  it.each([
    [1, 1, 16],
    [3, 200, 32],
    [161, 519, 128],
    [640, 480, 1]
  ])('keeps a constant image of %i×%i constant at size %i', (width, height, size) => {
    for (const value of [0, 1, 127, 254, 255]) {
      const pixels = new Uint8Array(width * height * 3).fill(value)
      expect(resampleImage(pixels, width, height, 3, square(size))).toEqual(
        new Uint8Array(size * size * 3).fill(value)
      )
    }
  })

  it('halves by the triangle weights 1, 3, 3, 1, without the part beyond the border', () => {
    // Rows are all the same, so only the columns mix. Left: (3·80 + 3·0 + 1·40) / 7 = 40; right: (0 + 3·40 + 3·120) / 7.
    const row = [80, 0, 40, 120]
    const halved = resampleImage(grey(...row, ...row, ...row, ...row), 4, 4, 3, square(2))
    expect(red(halved)).toEqual([40, 69, 40, 69])
  })

  it('halves inside of the picture by the weights 1/8, 3/8, 3/8, 1/8', () => {
    const row = [0, 0, 0, 80, 160, 8, 0, 0]
    // Pixels 1 to 4 around output pixel 1: (0 + 0 + 3·80 + 160) / 8; pixels 3 to 6 around 2: (80 + 3·160 + 3·8 + 0) / 8.
    const halved = red(resampleImage(grey(...Array(8).fill(row).flat()), 8, 8, 3, square(4)))
    expect(halved.slice(0, 4)).toEqual([0, 50, 73, 1])
  })

  it('covers all of the area when it shrinks a lot: a fine chequerboard becomes its mean', () => {
    const pixels = grey(...Array.from({ length: 64 * 64 }, (_, i) => ((i + (i >> 6)) % 2 ? 200 : 0)))
    for (const value of red(resampleImage(pixels, 64, 64, 3, square(4))))
      expect(Math.abs(value - 100)).toBeLessThanOrEqual(1)
  })

  it('enlarges bilinearly with half-pixel centres', () => {
    // Output centres 0.25, 0.75, 1.25, 1.75 on input centres 0.5 and 1.5.
    expect(red(resampleImage(grey(0, 100, 0, 100), 2, 2, 3, square(4))).slice(0, 4)).toEqual([0, 25, 75, 100])
  })

  it('stretches width and height each on its own', () => {
    const wide = resampleImage(grey(10, 10, 30, 30, 50, 50), 6, 1, 3, square(3))
    expect(red(wide)).toEqual([13, 30, 47, 13, 30, 47, 13, 30, 47])
  })

  it('keeps the channels apart and does not look at alpha', () => {
    const rgba = Uint8Array.from([10, 20, 30, 0, 10, 20, 30, 255, 10, 20, 30, 7, 10, 20, 30, 128])
    expect([...resampleImage(rgba, 2, 2, 4, square(1))]).toEqual([10, 20, 30])
    const rgb = Uint8Array.from([10, 20, 30, 50, 60, 70, 10, 20, 30, 50, 60, 70])
    expect([...resampleImage(rgb, 2, 2, 3, square(2))]).toEqual([...rgb])
  })
})

describe('resampling a label', () => {
  it('takes the value at the pixel centre and invents none', () => {
    // 4 → 2: centres at 1 and 3, the start of pixels 1 and 3.
    expect([
      ...resampleLabel(Uint8Array.from([0, 1, 0, 2, 0, 0, 0, 0, 2, 2, 1, 1, 1, 2, 0, 1]), 4, 4, square(2))
    ]).toEqual([0, 0, 2, 1])
  })

  it('leaves a label of the right size as it is', () => {
    const label = Uint8Array.from({ length: 25 }, (_, i) => i % 3)
    expect(resampleLabel(label, 5, 5, square(5))).toEqual(label)
  })

  it('repeats pixels when it enlarges', () => {
    expect([...resampleLabel(Uint8Array.from([1, 2]), 2, 1, square(4))].slice(0, 4)).toEqual([1, 1, 2, 2])
  })
})

describe('enlarging a prediction', () => {
  it('gives the map back at its own size', () => {
    const map = Float32Array.from({ length: 9 }, (_, i) => i / 9)
    expect(enlargeProbabilities(map, square(3), { width: 3, height: 3 })).toEqual(map)
  })

  it('mixes the four nearest by distance and holds the border', () => {
    const map = Float32Array.from([0, 1, 0, 1])
    expect([...enlargeProbabilities(map, square(2), { width: 4, height: 1 })]).toEqual([0, 0.25, 0.75, 1])
    expect([
      ...enlargeProbabilities(Float32Array.from([0, 0, 1, 1]), square(2), { width: 1, height: 4 })
    ]).toEqual([0, 0.25, 0.75, 1])
  })

  it('keeps the unit of stored bytes', () => {
    expect(
      [...enlargeProbabilities(Uint8Array.from([0, 200, 0, 200]), square(2), { width: 4, height: 2 })].slice(
        0,
        4
      )
    ).toEqual([0, 50, 150, 200])
  })
})
