import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import {
  countValues,
  createMask,
  flatten,
  maskOf,
  pixelAt,
  readRectangle,
  tileColumns,
  tileCount,
  tileRectangle
} from '#core/mask/tiles'

const noise = (length: number, seed: number) => {
  const random = createRandom(seed, 'pixels')
  return Uint8Array.from({ length }, () => random.integer(3))
}

describe('the grid of tiles', () => {
  it.each([
    [1, 1, 1, 1],
    [256, 256, 1, 1],
    [257, 256, 2, 2],
    [256, 257, 1, 2],
    [700, 300, 3, 6],
    [4000, 3000, 16, 192]
  ])('covers %i × %i pixels with %i columns and %i tiles', (width, height, columns, count) => {
    expect(tileColumns(width)).toBe(columns)
    expect(tileCount(width, height)).toBe(count)
  })

  it('clips the rectangle of an edge tile to the image', () => {
    expect(tileRectangle(700, 300, 0)).toEqual({ x: 0, y: 0, width: 256, height: 256 })
    expect(tileRectangle(700, 300, 2)).toEqual({ x: 512, y: 0, width: 188, height: 256 })
    expect(tileRectangle(700, 300, 5)).toEqual({ x: 512, y: 256, width: 188, height: 44 })
  })
})

describe('a mask', () => {
  it('gives back every pixel it was made of', () => {
    const flat = noise(700 * 300, 1)
    const mask = maskOf(flat, 700, 300)
    expect(mask.tiles.size).toBe(6)
    expect(flatten(mask)).toEqual(flat)
    for (const [x, y] of [
      [0, 0],
      [255, 255],
      [256, 255],
      [255, 256],
      [699, 299]
    ] as const) {
      expect(pixelAt(mask, x, y)).toBe(flat[y * 700 + x])
    }
  })

  it('stores nothing where all is background', () => {
    const flat = new Uint8Array(600 * 600)
    flat[300 * 600 + 300] = 1
    expect([...maskOf(flat, 600, 600).tiles.keys()]).toEqual([4])
    expect(createMask(600, 600).tiles.size).toBe(0)
  })

  it('fills the part of an edge tile outside of the image with background', () => {
    const tile = maskOf(new Uint8Array(300 * 10).fill(1), 300, 10).tiles.get(1)!
    expect(tile.length).toBe(256 * 256)
    expect(countValues(tile)).toEqual({ foreground: 44 * 10, unknown: 0 })
  })

  it('reads a rectangle across tiles, with background outside of the image', () => {
    const flat = noise(700 * 300, 2)
    const mask = maskOf(flat, 700, 300)
    for (const area of [
      { x: 200, y: 200, width: 120, height: 99 },
      { x: -5, y: -7, width: 20, height: 30 },
      { x: 690, y: 290, width: 40, height: 40 },
      { x: 900, y: 10, width: 3, height: 3 },
      { x: -9, y: 0, width: 5, height: 5 }
    ]) {
      const expected = new Uint8Array(area.width * area.height)
      for (let y = 0; y < area.height; y++) {
        for (let x = 0; x < area.width; x++) {
          expected[y * area.width + x] = pixelAt(mask, area.x + x, area.y + y)
        }
      }
      expect(readRectangle(mask, area)).toEqual(expected)
    }
  })

  it('counts foreground and unknown pixels', () => {
    expect(countValues(Uint8Array.of(0, 1, 1, 2, 0, 1))).toEqual({ foreground: 3, unknown: 1 })
  })
})
