import { describe, expect, it } from 'vitest'
import { frameOf } from '#core/learning/frame'
import { createRandom } from '#core/learning/random'
import { countTiles, cutOut, leastOverlap, piecesOf, tilesOf } from '#core/learning/tiles'

describe('a frame', () => {
  it('is the network’s square for whole images', () => {
    expect(frameOf({ size: 128, crop: null }, { width: 1500, height: 1000 })).toEqual({
      width: 128,
      height: 128
    })
  })

  it('is the image itself where crops are as large as the input, and half of it where they are twice', () => {
    const image = { width: 1500, height: 1001 }
    expect(frameOf({ size: 128, crop: 128 }, image)).toEqual(image)
    expect(frameOf({ size: 128, crop: 256 }, image)).toEqual({ width: 750, height: 501 })
    expect(frameOf({ size: 32, crop: 512 }, { width: 2, height: 600 })).toEqual({ width: 1, height: 38 })
  })
})

describe('the pieces of an edge', () => {
  const edges = [...Array.from({ length: 200 }, (_, i) => i + 1), 333, 1000, 1500, 4001]

  it.each([16, 17, 64, 128])('of inputs of %i take every pixel once and lie within', (size) => {
    for (const edge of edges) {
      const pieces = piecesOf(edge, size)
      expect(pieces[0]!.from).toBe(0)
      expect(pieces.at(-1)!.to).toBe(edge)
      pieces.forEach(({ start, from, to }, i) => {
        if (i > 0) expect(from).toBe(pieces[i - 1]!.to)
        expect(from).toBeLessThan(to)
        expect(from).toBeGreaterThanOrEqual(start)
        expect(to).toBeLessThanOrEqual(start + size)
      })
      expect(pieces[0]!.start).toBe(0)
      if (edge > size) expect(pieces.at(-1)!.start + size).toBe(edge)
    }
  })

  it.each([16, 17, 64, 128])('of inputs of %i overlap enough, are even, and no more than needed', (size) => {
    for (const edge of edges.filter((edge) => edge > size)) {
      const starts = piecesOf(edge, size).map(({ start }) => start)
      const steps = starts.slice(1).map((start, i) => start - starts[i]!)
      expect(Math.max(...steps)).toBeLessThanOrEqual(size - leastOverlap(size))
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1)
      // One fewer could not cover the edge with that overlap.
      expect(size + (starts.length - 2) * (size - leastOverlap(size))).toBeLessThan(edge)
    }
  })

  it('is one where it fits', () => {
    expect(piecesOf(64, 64)).toEqual([{ start: 0, from: 0, to: 64 }])
    expect(piecesOf(10, 64)).toEqual([{ start: 0, from: 0, to: 10 }])
  })

  it('make tiles row by row, as many as are counted', () => {
    const frames = [
      { width: 100, height: 70 },
      { width: 20, height: 20 }
    ]
    const all = frames.flatMap((frame) => tilesOf(frame, 32))
    expect(all).toHaveLength(countTiles(frames, 32))
    expect(all.slice(0, 4).map(({ across, down }) => [across.start, down.start])).toEqual([
      [0, 0],
      [23, 0],
      [45, 0],
      [68, 0]
    ])
  })
})

describe('what is cut out of a frame', () => {
  it('is its pixels, and beyond its right and lower edge the nearest one', () => {
    const random = createRandom(1, 'cut')
    for (const [width, height, left, top] of [
      [20, 30, 3, 5],
      [20, 30, 12, 25],
      [5, 3, 0, 0],
      [1, 1, 0, 0]
    ] as const) {
      const pixels = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256))
      const input = new Uint8Array(3 * 64)
      cutOut(pixels, { width, height }, 3, { left, top }, 8, input)
      input.forEach((value, i) => {
        const [x, y] = [Math.floor(i / 3) % 8, Math.floor(i / 24)]
        const [column, row] = [Math.min(width - 1, left + x), Math.min(height - 1, top + y)]
        expect(value).toBe(pixels[3 * (row * width + column) + (i % 3)])
      })
    }
  })
})
