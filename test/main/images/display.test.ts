import { describe, expect, it } from 'vitest'
import { displayImage, thumbnail } from '#main/images/display'
import { loadSharp } from '#main/images/sharp.node'
import { encode, encodeGrey16, noise } from '../../fixtures/images'

const channelsOf = (bytes: Uint8Array) => loadSharp()(bytes).raw().toBuffer({ resolveWithObject: true })

describe('an image for the window', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('is the file itself for a plain %s', async (format) => {
    const bytes = await encode(format, noise(8, 6), 8, 6)
    expect(await displayImage({ name: 'a', bytes })).toEqual({ type: `image/${format}`, bytes })
  })

  it('is a PNG of the same pixels for a TIFF', async () => {
    const pixels = noise(8, 6)
    const shown = await displayImage({
      name: 'a.tif',
      bytes: await encode('tiff', pixels, 8, 6, { compression: 'lzw' })
    })
    expect(shown.type).toBe('image/png')
    expect(new Uint8Array((await channelsOf(shown.bytes)).data)).toEqual(pixels)
  })

  it('is an 8-bit PNG through the window for 16 bits', async () => {
    const bytes = await encodeGrey16('png', Uint16Array.from([100, 200, 300, 400]), 2, 2)
    const shown = await displayImage({ name: 'a.png', bytes }, { low: 100, high: 300 })
    expect(await loadSharp()(shown.bytes).metadata()).toMatchObject({ format: 'png', depth: 'uchar' })
    expect([...(await channelsOf(shown.bytes)).data].filter((_, i) => i % 3 === 0)).toEqual([
      0, 128, 255, 255
    ])
  })

  it('is upright also where browsers disagree about EXIF', async () => {
    const turned = await loadSharp()(noise(8, 6), { raw: { width: 8, height: 6, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer()
    const shown = await loadSharp()((await displayImage({ name: 'a.png', bytes: turned })).bytes).metadata()
    expect(shown).toMatchObject({ width: 6, height: 8 })
    expect(shown.orientation ?? 1).toBe(1)
  })
})

describe('a thumbnail', () => {
  it('fits into the square, upright, and keeps its proportions', async () => {
    const bytes = await loadSharp()(noise(400, 200), { raw: { width: 400, height: 200, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const small = await loadSharp()(await thumbnail({ name: 'a.jpg', bytes }, 100)).metadata()
    expect(small).toMatchObject({ format: 'webp', width: 50, height: 100 })
  })

  it('does not enlarge', async () => {
    const bytes = await encode('png', noise(8, 6), 8, 6)
    expect(await loadSharp()(await thumbnail({ name: 'a', bytes }, 100)).metadata()).toMatchObject({
      width: 8,
      height: 6
    })
  })

  it('of a dim 16-bit image is bright enough to see', async () => {
    const ramp = Uint16Array.from({ length: 64 * 64 }, (_, i) => 300 + (i >> 6))
    const bytes = await thumbnail({ name: 'dim.tif', bytes: await encodeGrey16('tiff', ramp, 64, 64) }, 32)
    const { channels } = await loadSharp()(bytes).stats()
    expect(channels[0]!.min).toBeLessThan(20)
    expect(channels[0]!.max).toBeGreaterThan(235)
  })

  it('does not pass a file that is cut short', async () => {
    const whole = await encode('jpeg', noise(300, 200), 300, 200)
    await expect(
      thumbnail({ name: 'cut.jpg', bytes: whole.subarray(0, whole.length / 2) }, 64)
    ).rejects.toThrow(/"cut.jpg" is damaged or cut short/)
  })
})
