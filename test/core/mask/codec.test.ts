import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import {
  applyPatches,
  countPatch,
  decodeMask,
  decodePatch,
  decodeTile,
  encodeMask,
  encodeTile
} from '#core/mask/codec'
import { countValues, flatten, maskOf, TILE, TILE_PIXELS } from '#core/mask/tiles'

const tileOf = (value: (x: number, y: number) => number) =>
  Uint8Array.from({ length: TILE_PIXELS }, (_, i) => value(i % TILE, Math.floor(i / TILE)))

describe('the tile codec', () => {
  it.each([
    ['all background', tileOf(() => 0), [0x80, 0x80, 0x10]],
    ['all foreground', tileOf(() => 1), [0x81, 0x80, 0x10]],
    ['all unknown', tileOf(() => 2), [0x82, 0x80, 0x10]],
    // 1 << 2 | 1 = 5, then 65535 << 2 | 0 = 0x3fffc = 1111 1111111 1111100 in groups of seven.
    ['one pixel in the first corner', tileOf((x, y) => (x + y === 0 ? 1 : 0)), [0x05, 0xfc, 0xff, 0x0f]]
  ])('writes %s in known bytes', (_, tile, bytes) => {
    expect([...encodeTile(tile)]).toEqual(bytes)
    expect(decodeTile(encodeTile(tile))).toEqual(tile)
  })

  it('gives back noise, stripes and a disc', () => {
    const random = createRandom(7, 'tile')
    for (const tile of [
      tileOf(() => random.integer(3)),
      tileOf((x) => x % 2),
      tileOf((_, y) => y % 3),
      tileOf((x, y) => (Math.hypot(x - 100, y - 80) < 60 ? 1 : 0))
    ]) {
      expect(decodeTile(encodeTile(tile))).toEqual(tile)
    }
  })

  it('keeps a painted disc below 600 bytes', () => {
    expect(encodeTile(tileOf((x, y) => (Math.hypot(x - 128, y - 128) < 60 ? 1 : 0))).length).toBeLessThan(600)
  })

  it.each([
    ['no bytes', []],
    ['too few pixels', [0x05]],
    ['too many pixels', [0x85, 0x80, 0x10]],
    ['a run without length', [0x01, 0x80, 0x80, 0x10]],
    ['a value of 3', [0x83, 0x80, 0x10]],
    ['two runs of one value', [0x04, 0xfc, 0xff, 0x0f]],
    ['a number cut off', [0x80, 0x80]],
    ['a number of four bytes', [0x80, 0x80, 0x90, 0x00]],
    ['a number with an empty last byte', [0x85, 0x00, 0xfc, 0xff, 0x0f]],
    ['more after the last pixel', [0x80, 0x80, 0x10, 0x05]]
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeTile(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ name: 'JaccardError', code: 'bad-input' })
    )
  })

  it('never reads random bytes as a tile that it would not have written', () => {
    const random = createRandom(3, 'bytes')
    const encoded = encodeTile(tileOf((x, y) => (x > 9 && y > 250 ? 1 : 0)))
    let refused = 0
    for (let i = 0; i < 500; i++) {
      const bytes = encoded.slice()
      bytes[random.integer(bytes.length)] = random.integer(256)
      try {
        expect(encodeTile(decodeTile(bytes))).toEqual(bytes)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-input' })
        refused++
      }
    }
    expect(refused).toBeGreaterThan(0)
  })
})

describe('a mask as patches', () => {
  it('gives back the mask', () => {
    const flat = Uint8Array.from({ length: 600 * 300 }, (_, i) => (i % 600 > 300 && i % 7 === 0 ? 2 : 0))
    const patches = encodeMask(maskOf(flat, 600, 300))
    expect(patches.map(({ index }) => index)).toEqual([1, 2, 4, 5])
    expect(flatten(decodeMask(600, 300, patches))).toEqual(flat)
  })

  it('tells what a patch holds, as if it were decoded', () => {
    const random = createRandom(5, 'counts')
    for (const [width, height] of [
      [300, 300],
      [512, 256],
      [40, 7]
    ] as const) {
      const flat = Uint8Array.from({ length: width * height }, () => random.integer(3))
      const patches = encodeMask(maskOf(flat, width, height))
      for (const patch of [...patches, { index: 0, data: null }]) {
        expect(countPatch(patch, width, height)).toEqual(countValues(decodePatch(patch, width, height)))
      }
    }
  })

  it('removes the tiles that became background', () => {
    const mask = maskOf(new Uint8Array(300 * 300).fill(1), 300, 300)
    applyPatches(mask, [{ index: 3, data: null }])
    expect([...mask.tiles.keys()]).toEqual([0, 1, 2])
  })

  it('is left alone when one of the patches is damaged', () => {
    const mask = maskOf(new Uint8Array(300 * 300).fill(1), 300, 300)
    expect(() =>
      applyPatches(mask, [
        { index: 0, data: null },
        { index: 1, data: Uint8Array.of(1) }
      ])
    ).toThrow('damaged')
    expect(mask.tiles.size).toBe(4)
  })

  it.each([-1, 4, 1.5])('refuses the index %d in a grid of four', (index) => {
    expect(() => decodePatch({ index, data: null }, 300, 300)).toThrow('has no mask tile')
  })

  it('refuses paint outside of the image', () => {
    const data = encodeTile(tileOf((x, y) => (x === 44 && y === 0 ? 1 : 0)))
    expect(() => decodePatch({ index: 1, data }, 300, 300)).toThrow('damaged')
    expect(() => countPatch({ index: 1, data }, 300, 300)).toThrow('damaged')
    expect(decodePatch({ index: 1, data }, 301, 300)[44]).toBe(1)
    const below = encodeTile(tileOf((x, y) => (x === 0 && y === 44 ? 1 : 0)))
    expect(() => decodePatch({ index: 2, data: below }, 300, 300)).toThrow('damaged')
  })
})
