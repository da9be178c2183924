import { describe, expect, it } from 'vitest'
import { decodeRgb, onePage, readMaskSamples } from '#main/images/decode'
import { fileOf } from '#main/images/encode'
import { inspect, openImage } from '#main/images/open'
import { imagePages } from '#main/images/pages'
import { loadSharp } from '#main/images/sharp.node'
import { encode, encodeGrey16, noise } from '../../fixtures/images'

/** A TIFF with its halves, quarters … as further pages, as a scanner of slides writes it. */
function pyramid(width: number, height: number): Promise<Uint8Array> {
  const raw = { width, height, channels: 3 } as const
  const options = { pyramid: true, tile: true, tileWidth: 16, tileHeight: 16 }
  return fileOf(loadSharp()(noise(width, height), { raw }).tiff({ ...options, compression: 'lzw' }))
}

/** Two pages of 16-bit grey. */
function stack16(values: Uint16Array): Promise<Uint8Array> {
  const raw = { width: 2, height: 4, channels: 1, pageHeight: 2 } as const
  return fileOf(loadSharp()(values, { raw }).toColourspace('grey16').tiff({ compression: 'lzw' }))
}

describe('the pages of a file', () => {
  it('are all that are images of their own, not the reduced copies of a pyramid', async () => {
    const bytes = await pyramid(131, 67)
    expect((await inspect({ name: 'slide.tif', bytes })).pages).toBeGreaterThan(2)
    expect(await imagePages(await openImage({ name: 'slide.tif', bytes }))).toEqual([0])
    const values = Uint16Array.from([1, 2, 3, 4, 5, 6, 7, 65535])
    expect(await imagePages(await openImage({ name: 'stack.tif', bytes: await stack16(values) }))).toEqual([
      0, 1
    ])
  })

  it('of other formats are one', async () => {
    const bytes = await encode('png', noise(3, 3), 3, 3)
    expect(await imagePages(await openImage({ name: 'a.png', bytes }))).toEqual([0])
  })
})

describe('a page as a file of its own', () => {
  it('has the values of the page, to the last bit of 16', async () => {
    const values = Uint16Array.from([1, 2, 3, 4, 500, 6000, 7, 65535])
    const bytes = await onePage({ name: 'stack.tif', bytes: await stack16(values), page: 1 })
    const page = { name: 'page.tif', bytes }
    expect(await inspect(page)).toMatchObject({ pages: 1, width: 2, height: 2, bitDepth: 16 })
    expect([...(await readMaskSamples(page)).samples]).toEqual([500, 6000, 7, 65535])
  })

  it('keeps colours of 8 bits', async () => {
    const pixels = noise(2, 4)
    const raw = { width: 2, height: 4, channels: 3, pageHeight: 2 } as const
    const stack = await fileOf(loadSharp()(pixels, { raw }).tiff({ compression: 'lzw' }))
    const bytes = await onePage({ name: 'stack.tif', bytes: stack, page: 1 })
    expect([...(await decodeRgb({ name: 'page.tif', bytes })).data]).toEqual([...pixels.subarray(12)])
  })

  it('is the file itself where that has one', async () => {
    const bytes = await encodeGrey16('tiff', Uint16Array.of(1, 2, 3, 4), 2, 2)
    expect(await onePage({ name: 'a.tif', bytes })).toBe(bytes)
  })
})
