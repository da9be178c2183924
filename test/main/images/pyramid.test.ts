import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { allTiles, levelCount, tileInLevel } from '#core/picture/pyramid'
import { displayImage } from '#main/images/display'
import { fileOf } from '#main/images/encode'
import { halve } from '#main/images/halve'
import type { ImageFile } from '#main/images/open'
import { tileFileName, writePyramid } from '#main/images/pyramid'
import { loadSharp } from '#main/images/sharp.node'
import type { PixelWindow } from '#main/images/window'
import { encode, noise } from '../../fixtures/images'
import { temporaryFolder } from '../../fixtures/temporary'

const [WIDTH, HEIGHT] = [1100, 640]
const GREY = { width: WIDTH, height: HEIGHT, channels: 1 } as const
const RGB = { ...GREY, channels: 3 } as const

/** A slope of 16-bit values with some noise. */
const deep = (channels: number) =>
  Uint16Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => 500 + (i % 4099) + (i >> 8))

const shot = noise(WIDTH, HEIGHT)
const rgb = () => loadSharp()(shot, { raw: RGB })

/** What people have, each with the window that it was imported with. */
const FILES: Record<string, () => Promise<{ bytes: Uint8Array; page?: number; window?: PixelWindow }>> = {
  'an 8-bit TIFF': async () => ({ bytes: await encode('tiff', shot, WIDTH, HEIGHT, { compression: 'lzw' }) }),
  'a 16-bit grey TIFF': async () => ({
    bytes: await fileOf(
      loadSharp()(deep(1), { raw: GREY }).toColourspace('grey16').tiff({ compression: 'lzw' })
    ),
    window: { low: 700, high: 6200 }
  }),
  'a 16-bit colour PNG': async () => ({
    bytes: await fileOf(loadSharp()(deep(3), { raw: RGB }).toColourspace('rgb16').png()),
    window: { low: 400, high: 9000 }
  }),
  'a TIFF of floats': async () => {
    const values = Float32Array.from(deep(1), (value) => value / 1000)
    const picture = loadSharp()(values, { raw: GREY })
    return {
      bytes: await fileOf(picture.toColourspace('b-w').tiff({ compression: 'none', predictor: 'none' })),
      window: { low: 0, high: 300 }
    }
  },
  'the second page of a TIFF': async () => {
    const pages = { width: WIDTH, height: 2 * HEIGHT, channels: 1, pageHeight: HEIGHT } as const
    const values = Uint8Array.from({ length: 2 * WIDTH * HEIGHT }, (_, i) => (i * 31 + (i >> 12)) & 255)
    return { bytes: await fileOf(loadSharp()(values, { raw: pages }).tiff({ compression: 'lzw' })), page: 1 }
  },
  'a PNG turned by EXIF': async () => ({
    bytes: await fileOf(rgb().withMetadata({ orientation: 6 }).png())
  }),
  'a picture of few colours': async () => ({
    bytes: await fileOf(rgb().png({ palette: true, colours: 16 }))
  }),
  'a grey PNG': async () => ({ bytes: await fileOf(rgb().toColourspace('b-w').png()) })
}

/** RGB samples of a picture file. */
async function pixels(bytes: Uint8Array) {
  const { data, info } = await loadSharp()(bytes)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, ...info }
}

describe.each(Object.entries(FILES))('the tiles of %s', (name, make) => {
  it('are together, pixel by pixel, the image as the window shows it', async () => {
    const { window = null, ...content } = await make()
    const file: ImageFile = { name, ...content }
    const folder = temporaryFolder()
    const { sums, bytes } = await writePyramid(file, window, folder)
    const whole = await pixels((await displayImage(file, window)).bytes)
    const size = { width: whole.width, height: whole.height }
    expect(levelCount(size)).toBe(3)
    expect(readdirSync(folder).sort()).toEqual(allTiles(size).map(tileFileName).sort())
    for (const tile of allTiles(size).filter(({ level }) => level === 0)) {
      const { x, y, width, height } = tileInLevel(size, tile)
      const cut = await loadSharp()(whole.data, { raw: { ...size, channels: 3 } })
        .extract({ left: x, top: y, width, height })
        .raw()
        .toBuffer()
      const shown = await pixels(readFileSync(join(folder, tileFileName(tile))))
      expect({ width: shown.width, height: shown.height }).toEqual({ width, height })
      expect(shown.data.equals(cut), tileFileName(tile)).toBe(true)
    }
    const written = readdirSync(folder).map((one) => [one, readFileSync(join(folder, one))] as const)
    expect(sums).toEqual(Object.fromEntries(written.map(([one, content]) => [one, crc32(content)])))
    expect(bytes).toBe(written.reduce((sum, [, content]) => sum + content.length, 0))
  })
})

describe('the coarser levels', () => {
  it('are the means of 2 × 2 pixels, down to one tile for all', async () => {
    const folder = temporaryFolder()
    const bytes = await encode('png', shot, WIDTH, HEIGHT)
    await writePyramid({ name: 'a.png', bytes }, null, folder)
    const half = halve({ pixels: new Uint8Array(shot), width: WIDTH, height: HEIGHT, channels: 3 }).pixels
    const quarter = halve({ pixels: half, width: WIDTH / 2, height: HEIGHT / 2, channels: 3 }).pixels
    const last = await pixels(readFileSync(join(folder, tileFileName({ level: 2, column: 0, row: 0 }))))
    expect([last.width, last.height]).toEqual([275, 160])
    expect(last.data.equals(quarter)).toBe(true)
  })

  it('round, and let a last row and column without partner stand for themselves', () => {
    const pixels = Uint8Array.from([0, 1, 10, 1, 1, 20, 7, 8, 255])
    expect([...halve({ pixels, width: 3, height: 3, channels: 1 }).pixels]).toEqual([1, 15, 8, 255])
    const two = Uint8Array.from([0, 200, 2, 100])
    expect([...halve({ pixels: two, width: 2, height: 1, channels: 2 }).pixels]).toEqual([1, 150])
  })
})
