import { describe, expect, it } from 'vitest'
import { autoContrast } from '#core/learning/contrast'
import { square } from '#core/learning/frame'
import { resampleImage, resampleLabel } from '#core/learning/resample'
import { encodeMask } from '#core/mask/codec'
import { maskOf } from '#core/mask/tiles'
import { encodeMaskPng, encodePrediction } from '#main/images/encode'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { prepareSample } from '#main/images/prepare'
import { loadSharp } from '#main/images/sharp.node'
import { encode, noise } from '../../fixtures/images'

const [width, height] = [300, 270]
const pixels = noise(width, height)
const mask = Uint8Array.from({ length: width * height }, (_, i) => (i % width > 250 ? 1 : i < 3000 ? 2 : 0))
const tiles = encodeMask(maskOf(mask, width, height))

const whole = (size: number) => ({ size, crop: null, autoContrast: false })

describe('preparing a sample', () => {
  it('gives image and label at the network’s size, as the core resamples them', async () => {
    const sample = await prepareSample({
      name: 'a.png',
      bytes: await encode('png', pixels, width, height),
      tiles,
      preparation: whole(64)
    })
    expect(sample.image).toEqual(resampleImage(pixels, width, height, 3, square(64)))
    expect(sample.label).toEqual(resampleLabel(mask, width, height, square(64)))
    expect(new Set(sample.label)).toEqual(new Set([0, 1, 2]))
    expect([sample.width, sample.height]).toEqual([64, 64])
    expect(sample.original).toEqual({ width, height })
  })

  it('gives the image its full contrast where that is wanted, and leaves the label alone', async () => {
    const bytes = await encode('png', pixels, width, height)
    const preparation = { ...whole(64), autoContrast: true }
    const sample = await prepareSample({ name: 'a.png', bytes, tiles, preparation })
    expect(sample.image).toEqual(autoContrast(resampleImage(pixels, width, height, 3, square(64))))
    expect(sample.label).toEqual(resampleLabel(mask, width, height, square(64)))
  })

  it('keeps the proportions with crops: every image has the scale size / crop', async () => {
    const bytes = await encode('png', pixels, width, height)
    const sample = await prepareSample({
      name: 'a.png',
      bytes,
      tiles,
      preparation: { autoContrast: false, size: 64, crop: 128 }
    })
    expect([sample.width, sample.height]).toEqual([150, 135])
    expect(sample.image).toEqual(resampleImage(pixels, width, height, 3, { width: 150, height: 135 }))
    expect(sample.label).toEqual(resampleLabel(mask, width, height, { width: 150, height: 135 }))
  })

  it('works for many at once, each getting its own', async () => {
    const greys = Array.from({ length: 4 * POOL_SIZE + 3 }, (_, i) => i * 3)
    const samples = await Promise.all(
      greys.map(async (grey) =>
        prepareSample({
          name: 'a',
          bytes: await encode('png', new Uint8Array(48).fill(grey), 4, 4),
          preparation: whole(2)
        })
      )
    )
    expect(samples.map(({ image }) => [...image])).toEqual(greys.map((grey) => Array(12).fill(grey)))
  })

  it('fails for a damaged image and for a mask of another image, and goes on afterwards', async () => {
    const bytes = await encode('png', noise(20, 20), 20, 20)
    await expect(
      prepareSample({ name: 'cut', bytes: bytes.subarray(0, 600), preparation: whole(8) })
    ).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('"cut" is damaged') as string
    })
    await expect(prepareSample({ name: 'a', bytes, tiles, preparation: whole(8) })).rejects.toMatchObject({
      code: 'bad-input'
    })
    expect((await prepareSample({ name: 'a', bytes, preparation: whole(8) })).label).toEqual(
      new Uint8Array(64)
    )
  })

  it('leaves the host’s thread free', async () => {
    const [big, size] = [3000, 128]
    const rgb = new Uint8Array(big * big * 3)
    let turns = 0
    let done = false
    const work = Promise.all(
      [1, 2].map(() =>
        runPixelJob('sample', () => ({
          input: { rgb, width: big, height: big, tiles: [], preparation: whole(size) },
          transfer: []
        }))
      )
    ).finally(() => (done = true))
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve))
      turns++
    }
    await work
    // Copying the pixels over is a few turns; resampling on this thread would leave no more than those.
    expect(turns).toBeGreaterThan(50)
  })
})

describe('encoding', () => {
  const read = (bytes: Uint8Array) => loadSharp()(bytes).toColourspace('b-w').raw().toBuffer()
  const read16 = async (bytes: Uint8Array) => {
    const pipeline = loadSharp()(bytes).toColourspace('grey16').raw({ depth: 'ushort' })
    return new Uint16Array(Uint8Array.from(await pipeline.toBuffer()).buffer)
  }

  it('writes a mask as a PNG of one channel, 0 and 255, unknown as background', async () => {
    const png = await encodeMaskPng(tiles, width, height)
    expect(await loadSharp()(png).metadata()).toMatchObject({
      format: 'png',
      channels: 1,
      depth: 'uchar',
      width,
      height
    })
    expect(new Uint8Array(await read(png))).toEqual(mask.map((value) => (value === 1 ? 255 : 0)))
  })

  it('writes a prediction over its image: where it is above the threshold, and how sure', async () => {
    const prediction = {
      probabilities: Float32Array.from([0, 1, 0, 1]),
      frame: square(2),
      width: 4,
      height: 2,
      threshold: 0.25
    }
    const { mask, probabilities } = await encodePrediction(prediction)
    expect([...(await read16(probabilities))]).toEqual([0, 16384, 49151, 65535, 0, 16384, 49151, 65535])
    // Exactly at the threshold is not above it.
    expect([...(await read(mask))]).toEqual([0, 0, 255, 255, 0, 0, 255, 255])
  })
})
