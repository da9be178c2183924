import { describe, expect, it } from 'vitest'
import { decodeMaskImage, decodeRgb, defaultWindow } from '#main/images/decode'
import { inspect, openImage } from '#main/images/open'
import { encodeGreyPng } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { decompressionBomb, encode, encodeGrey16, handmadePng, noise } from '../../fixtures/images'

const file = (name: string, bytes: Uint8Array) => ({ name, bytes })

describe('what an image is', () => {
  it('tells format, size, depth and alpha of the four formats', async () => {
    const pixels = noise(7, 5)
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      expect(await inspect(file('a', await encode(format, pixels, 7, 5)))).toEqual({
        format,
        width: 7,
        height: 5,
        bitDepth: 8,
        pages: 1,
        hasAlpha: false
      })
    }
    const deep = await inspect(file('a', await encodeGrey16('tiff', new Uint16Array(6), 3, 2)))
    expect(deep).toMatchObject({ format: 'tiff', bitDepth: 16, width: 3, height: 2 })
  })

  it('goes by the content, not by the name', async () => {
    expect((await inspect(file('photo.jpg', await encode('png', noise(2, 2), 2, 2)))).format).toBe('png')
  })
})

describe('bad files', () => {
  it('an empty file', async () => {
    await expect(inspect(file('nothing.png', new Uint8Array()))).rejects.toThrow(/"nothing.png" is empty/)
  })

  it.each(['hello\n', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'GIF89a…', 'x'])(
    'a file that is no image of ours: %s',
    async (text) => {
      const lie = file('lie.jpg', new TextEncoder().encode(text))
      await expect(inspect(lie)).rejects.toThrow(/"lie.jpg" is not a PNG, JPEG, WebP or TIFF image/)
    }
  )

  it('a PNG of 60,000 × 60,000 pixels, with or without content', async () => {
    const claimed = /"bomb.png" claims to be 60,000 × 60,000 pixels, more than the 400 megapixels/
    await expect(inspect(file('bomb.png', decompressionBomb()))).rejects.toThrow(claimed)
    const filled = handmadePng({ width: 60_000, height: 60_000, bitDepth: 8, colourType: 2, rows: [[0]] })
    await expect(decodeRgb(file('bomb.png', filled))).rejects.toThrow(claimed)
    await expect(decodeMaskImage(file('bomb.png', filled))).rejects.toThrow(claimed)
  })

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)('a %s that was cut short anywhere', async (format) => {
    const whole = await encode(format, noise(200, 100), 200, 100)
    for (const share of [0.002, 0.3, 0.9, 0.99]) {
      const cut = file('cut', whole.subarray(0, Math.max(13, whole.length * share)))
      await expect(decodeRgb(cut), `${share}`).rejects.toThrow(/"cut" is damaged or cut short/)
      await expect(decodeMaskImage(cut), `${share}`).rejects.toThrow(/"cut" is damaged or cut short/)
    }
  })
})

describe('pixels of an image', () => {
  it('come exactly as lossless files hold them', async () => {
    const pixels = noise(9, 4)
    for (const [format, options] of [
      ['png', {}],
      ['webp', { lossless: true }],
      ['tiff', { compression: 'deflate' }]
    ] as const) {
      const decoded = await decodeRgb(file(format, await encode(format, pixels, 9, 4, options)))
      expect(decoded.width).toBe(9)
      expect(decoded.height).toBe(4)
      expect(new Uint8Array(decoded.data), format).toEqual(pixels)
    }
  })

  it('grey becomes RGB', async () => {
    const { data } = await decodeRgb(
      file('grey.png', await encodeGreyPng(Uint8Array.from([0, 7, 255, 128]), 2, 2))
    )
    expect([...data]).toEqual([0, 0, 0, 7, 7, 7, 255, 255, 255, 128, 128, 128])
  })

  it('opaque pixels keep their colour, transparent ones show black', async () => {
    const rgba = handmadePng({
      width: 3,
      height: 1,
      bitDepth: 8,
      colourType: 6,
      rows: [[10, 20, 30, 255, 10, 20, 30, 0, 255, 100, 0, 128]]
    })
    expect([...(await decodeRgb(file('rgba.png', rgba))).data]).toEqual([10, 20, 30, 0, 0, 0, 128, 50, 0])
  })

  it('colours of a palette', async () => {
    const palette = handmadePng({
      width: 4,
      height: 1,
      bitDepth: 2,
      colourType: 3,
      palette: [1, 2, 3, 40, 50, 60, 255, 0, 255, 9, 9, 9],
      rows: [[0b00_01_10_11]]
    })
    expect([...(await decodeRgb(file('palette.png', palette))).data]).toEqual([
      1, 2, 3, 40, 50, 60, 255, 0, 255, 9, 9, 9
    ])
  })

  it('CMYK becomes RGB', async () => {
    const flat = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => [200, 40, 60][i % 3]!)
    const cmyk = await loadSharp()(flat, { raw: { width: 16, height: 16, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer()
    const [red, green, blue] = (await decodeRgb(file('print.jpg', cmyk))).data
    expect(Math.abs(red! - 200) + Math.abs(green! - 40) + Math.abs(blue! - 60)).toBeLessThan(60)
  })

  describe('turned by EXIF', () => {
    // A 3×2 picture of six greys, as it is stored, and as each orientation shows it.
    const stored = [10, 20, 30, 40, 50, 60]
    const shown: [orientation: number, width: number, values: number[]][] = [
      [1, 3, [10, 20, 30, 40, 50, 60]],
      [2, 3, [30, 20, 10, 60, 50, 40]],
      [3, 3, [60, 50, 40, 30, 20, 10]],
      [4, 3, [40, 50, 60, 10, 20, 30]],
      [5, 2, [10, 40, 20, 50, 30, 60]],
      [6, 2, [40, 10, 50, 20, 60, 30]],
      [7, 2, [60, 30, 50, 20, 40, 10]],
      [8, 2, [30, 60, 20, 50, 10, 40]]
    ]
    // Each grey fills a block of 16×16, so that JPEG keeps it.
    const BLOCK = 16
    const pixels = Uint8Array.from({ length: 3 * 2 * BLOCK * BLOCK * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % (3 * BLOCK), Math.floor(i / 3 / (3 * BLOCK))]
      return stored[Math.floor(y / BLOCK) * 3 + Math.floor(x / BLOCK)]!
    })

    it.each(shown)('orientation %i', async (orientation, columns, values) => {
      const bytes = await loadSharp()(pixels, { raw: { width: 3 * BLOCK, height: 2 * BLOCK, channels: 3 } })
        .withMetadata({ orientation })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer()
      const width = columns * BLOCK
      const height = (6 / columns) * BLOCK
      expect(await inspect(file('turned.jpg', bytes))).toMatchObject({ width, height })
      const decoded = await decodeRgb(file('turned.jpg', bytes))
      expect([decoded.width, decoded.height]).toEqual([width, height])
      const centres = values.map((_, i) => {
        const [x, y] = [(i % columns) * BLOCK + BLOCK / 2, Math.floor(i / columns) * BLOCK + BLOCK / 2]
        return decoded.data[(y * width + x) * 3]
      })
      expect(centres).toEqual(values)
      // And every pixel of each block, not only its centre.
      decoded.data.forEach((value, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
        expect(value).toBe(values[Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)])
      })
    })

    it('a mask turns like its image', async () => {
      const mask = await loadSharp()(Uint8Array.from([0, 0, 255, 0, 0, 0]), {
        raw: { width: 3, height: 2, channels: 1 }
      })
        .withMetadata({ orientation: 6 })
        .png()
        .toBuffer()
      expect(await decodeMaskImage(file('mask.png', mask))).toEqual({
        width: 2,
        height: 3,
        data: Uint8Array.from([0, 0, 0, 0, 0, 1])
      })
    })
  })

  describe('of 16 bits, seen through a window', () => {
    const values = Uint16Array.from([0, 999, 1000, 1500, 2000, 65535])

    it.each(['png', 'tiff'] as const)(
      'a %s maps the window to 0 … 255 and cuts off the rest',
      async (format) => {
        const bytes = await encodeGrey16(format, values, 3, 2)
        const { data } = await decodeRgb(file('deep', bytes), { low: 1000, high: 2000 })
        expect([...data].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 0, 128, 255, 255])
        expect([...data].filter((_, i) => i % 3 === 2)).toEqual([0, 0, 0, 128, 255, 255])
      }
    )

    it('takes a window of its own from the bulk of the pixels', async () => {
      // A ramp from 3000 to 4023 with one dead and one glowing pixel.
      const ramp = Uint16Array.from({ length: 64 * 64 }, (_, i) => 3000 + (i >> 2))
      ramp[0] = 0
      ramp[1] = 65535
      const { data } = await decodeRgb(file('ramp.png', await encodeGrey16('png', ramp, 64, 64)))
      const at = (i: number) => data[i * 3]!
      expect([at(0), at(1)]).toEqual([0, 255])
      expect(Math.abs(at(2048) - 128)).toBeLessThanOrEqual(1)
      expect(at(40)).toBeLessThan(6)
      expect(at(4050)).toBeGreaterThan(249)
    })

    /** Soft waves from 500 to 900 in 120 × 90 pixels, with something brighter or darker on them. */
    const WIDTH = 120
    const scene = (valueAt: (x: number, y: number) => number | null) =>
      Uint16Array.from({ length: WIDTH * 90 }, (_, i) => {
        const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
        return valueAt(x, y) ?? Math.round(700 + 150 * Math.sin(x / 9) + 50 * Math.cos(y / 7))
      })
    const windowOf = async (values: Uint16Array) =>
      (await defaultWindow(await openImage(file('a.tif', await encodeGrey16('tiff', values, WIDTH, 90)))))!
    /** One pixel of a hundred, none beside another. */
    const isSpeck = (x: number, y: number) => x % 10 === 3 && y % 10 === 6

    it.each([
      ['hot', 60_000],
      ['dead', 0]
    ])('is not thrown off by many %s pixels', async (_, value) => {
      const far = (y: number) => (y > 45 ? value : 60_000)
      const { low, high } = await windowOf(scene((x, y) => (isSpeck(x, y) ? far(y) : null)))
      expect(low).toBeGreaterThanOrEqual(490)
      expect(low).toBeLessThan(560)
      expect(high).toBeGreaterThan(840)
      expect(high).toBeLessThanOrEqual(910)
    })

    it('keeps the brightness of small bright objects', async () => {
      const bright = (x: number, y: number) => (x % 40 < 4 && y % 30 < 4 ? 40_000 + 100 * x : null)
      expect((await windowOf(scene(bright))).high).toBeGreaterThan(45_000)
    })

    it('is the same as ever where hot pixels leave shades enough', async () => {
      const { low, high } = await windowOf(scene((x, y) => (isSpeck(x, y) ? 1500 : null)))
      expect(low).toBeLessThan(510)
      expect(high).toBe(1500)
    })

    it('shows an image of one value as black, not as an error', async () => {
      const flat = await encodeGrey16('tiff', new Uint16Array(12).fill(777), 4, 3)
      expect(new Set((await decodeRgb(file('flat.tif', flat))).data)).toEqual(new Set([0]))
    })
  })

  it('of a TIFF with several pages are those of the first', async () => {
    const pages = Uint8Array.from([...Array(12).fill(50), ...Array(12).fill(90)])
    const bytes = await loadSharp()(pages, { raw: { width: 2, height: 4, channels: 3, pageHeight: 2 } })
      .tiff({ compression: 'lzw' })
      .toBuffer()
    expect(await inspect(file('stack.tif', bytes))).toMatchObject({ pages: 2, width: 2, height: 2 })
    expect([...(await decodeRgb(file('stack.tif', bytes))).data]).toEqual(Array(12).fill(50))
  })
})

describe('a mask from an image file', () => {
  const pixelsOf = async (bytes: Uint8Array) => [...(await decodeMaskImage(file('mask', bytes))).data]

  it('of 8 bits: every value above 0', async () => {
    expect(await pixelsOf(await encodeGreyPng(Uint8Array.from([0, 1, 2, 254, 255, 0]), 3, 2))).toEqual([
      0, 1, 1, 1, 1, 0
    ])
  })

  it.each(['png', 'tiff'] as const)('of 16 bits as %s: also 1 of 65,535', async (format) => {
    const bytes = await encodeGrey16(format, Uint16Array.from([0, 1, 255, 256, 65535, 0]), 3, 2)
    expect(await pixelsOf(bytes)).toEqual([0, 1, 1, 1, 1, 0])
  })

  it('of 1 bit', async () => {
    const bytes = handmadePng({
      width: 10,
      height: 2,
      bitDepth: 1,
      colourType: 0,
      rows: [
        [0b01010000, 0b01_000000],
        [0b11111111, 0b10_000000]
      ]
    })
    expect(await pixelsOf(bytes)).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
  })

  it('with a palette: every colour but black, wherever black stands', async () => {
    const palette = [255, 255, 255, 0, 0, 0, 0, 0, 1, 128, 0, 0]
    const bytes = handmadePng({
      width: 4,
      height: 1,
      bitDepth: 2,
      colourType: 3,
      palette,
      rows: [[0b00_01_10_11]]
    })
    expect(await pixelsOf(bytes)).toEqual([1, 0, 1, 1])
  })

  it('with colours and transparency: what can be seen and is not black', async () => {
    const bytes = handmadePng({
      width: 4,
      height: 1,
      bitDepth: 8,
      colourType: 6,
      rows: [[0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 9, 255, 255, 255, 255, 1]]
    })
    expect(await pixelsOf(bytes)).toEqual([0, 0, 1, 1])
  })

  it('lossy: without the ringing around the edge', async () => {
    const size = 64
    const truth = Array.from(
      { length: size * size },
      (_, i) => ((i % size) - 30) ** 2 + ((i >> 6) - 33) ** 2 < 300
    )
    const rgb = Uint8Array.from(truth.flatMap((inside) => (inside ? [255, 255, 255] : [0, 0, 0])))
    for (const format of ['jpeg', 'webp'] as const) {
      const mask = await pixelsOf(await encode(format, rgb, size, size, { quality: 70 }))
      const wrong = mask.filter((value, i) => (value === 1) !== truth[i]).length
      expect(wrong, format).toBeLessThan(10)
    }
    const lossless = await encode(
      'webp',
      rgb.map((value) => (value ? 3 : 0)),
      size,
      size,
      { lossless: true }
    )
    expect((await pixelsOf(lossless)).map(Boolean)).toEqual(truth)
  })
})
