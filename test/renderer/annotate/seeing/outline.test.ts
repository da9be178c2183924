// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createRandom } from '#core/learning/random'
import { maskOf, pixelAt, TILE, tileCount, tileRectangle, type Mask } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { outlineEdges, outlinePixels, tileCells } from '../../../../src-renderer/annotate/seeing/outline'
import { levelOf } from '../../../../src-renderer/annotate/seeing/tile-outlines'

/** Neither is a multiple of a tile. */
const WIDTH = 300
const HEIGHT = 270

/** Discs of both values across the borders of tiles and of the image, and some single pixels. */
function discs(seed: number): Mask {
  const random = createRandom(seed, 'discs')
  const flat = new Uint8Array(WIDTH * HEIGHT)
  for (let disc = 0; disc < 14; disc++) {
    const [x, y] = [random.integer(WIDTH), random.integer(HEIGHT)]
    const [radius, value] = [random.integer(40), disc % 3 === 2 ? UNKNOWN : FOREGROUND]
    for (let at = 0; at < flat.length; at++) {
      if (Math.hypot((at % WIDTH) - x, Math.floor(at / WIDTH) - y) <= radius) flat[at] = value
    }
  }
  return maskOf(flat, WIDTH, HEIGHT)
}

const NEIGHBOURS = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1]
] as const

/** Unit pieces `x,y,x,y` of the borders in the image, by the plain definition. */
function plainPieces(mask: Mask, value: number): string[] {
  const pieces: string[] = []
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      if (pixelAt(mask, x, y) !== value) continue
      for (const [dx, dy] of NEIGHBOURS) {
        const other = pixelAt(mask, x + dx, y + dy)
        if (other === value || (other === UNKNOWN && value === FOREGROUND)) continue
        const [left, top] = [x + Math.max(0, dx), y + Math.max(0, dy)]
        pieces.push([left, top, left + Math.abs(dy), top + Math.abs(dx)].join())
      }
    }
  }
  return pieces.sort()
}

/** The same of all tiles' outlines together. */
function tilePieces(mask: Mask, value: number): string[] {
  const pieces: string[] = []
  for (const index of mask.tiles.keys()) {
    const { x, y } = tileRectangle(WIDTH, HEIGHT, index)
    const lines = outlineEdges(tileCells(mask, index)).get(value) ?? []
    for (let i = 0; i < lines.length; i += 4) {
      const [fromX, fromY, toX, toY] = lines.slice(i, i + 4) as [number, number, number, number]
      const length = toX - fromX + toY - fromY
      const [stepX, stepY] = [(toX - fromX) / length, (toY - fromY) / length]
      for (let step = 0; step < length; step++) {
        const [left, top] = [x + fromX + step * stepX, y + fromY + step * stepY]
        pieces.push([left, top, left + stepX, top + stepY].join())
      }
    }
  }
  return pieces.sort()
}

describe('lines', () => {
  test.each([1, 2, 3])('are each border once, across tiles and at the ends of the image (%d)', (seed) => {
    const mask = discs(seed)
    expect(plainPieces(mask, FOREGROUND).length).toBeGreaterThan(100)
    for (const value of [FOREGROUND, UNKNOWN])
      expect(tilePieces(mask, value)).toEqual(plainPieces(mask, value))
  })

  test('are as long as they go', () => {
    const flat = new Uint8Array(WIDTH * HEIGHT)
    for (let y = 10; y < 30; y++) flat.fill(FOREGROUND, y * WIDTH + 20, y * WIDTH + 60)
    const edges = outlineEdges(tileCells(maskOf(flat, WIDTH, HEIGHT), 0))
    expect([...edges.keys()]).toEqual([FOREGROUND])
    expect(edges.get(FOREGROUND)).toEqual([
      ...[20, 10, 60, 10],
      ...[20, 30, 60, 30],
      ...[20, 10, 20, 30],
      ...[60, 10, 60, 30]
    ])
  })
})

describe('pixels', () => {
  test('are those of an object that touch something else', () => {
    const mask = discs(4)
    for (let index = 0; index < tileCount(WIDTH, HEIGHT); index++) {
      const outline = outlinePixels(tileCells(mask, index))
      const { x, y } = tileRectangle(WIDTH, HEIGHT, index)
      const expected = outline.map((_, at) => {
        const [column, row] = [x + (at % TILE), y + Math.floor(at / TILE)]
        const value = pixelAt(mask, column, row)
        const touches = NEIGHBOURS.some(([dx, dy]) => pixelAt(mask, column + dx, row + dy) !== value)
        return touches ? value : 0
      })
      expect(outline).toEqual(expected)
    }
  })

  test.each([1, 2, 3, 5])('from afar lose no speck (cells of 2^%d pixels)', (level) => {
    const side = 2 ** level
    const flat = new Uint8Array(WIDTH * HEIGHT)
    flat[40 * WIDTH + 100] = FOREGROUND
    const outline = outlinePixels(tileCells(maskOf(flat, WIDTH, HEIGHT), 0, level))
    const edge = TILE / side
    expect(outline.indexOf(FOREGROUND)).toBe(Math.floor(40 / side) * edge + Math.floor(100 / side))
    expect(outline.filter((value) => value !== 0)).toHaveLength(1)
  })

  test('from afar an object across two tiles has no line between them', () => {
    const flat = new Uint8Array(WIDTH * HEIGHT)
    for (let y = 64; y < 192; y++) flat.fill(FOREGROUND, y * WIDTH + 128, y * WIDTH + 296)
    const outline = outlinePixels(tileCells(maskOf(flat, WIDTH, HEIGHT), 0, 2))
    const lastColumn = Array.from({ length: 64 }, (_, row) => outline[row * 64 + 63]!)
    expect(lastColumn.flatMap((value, row) => (value ? [row] : []))).toEqual([16, 47])
  })

  test('of the cells chosen for a zoom are one to two screen pixels wide', () => {
    for (let scale = 0.04; scale < 2; scale *= 1.1) {
      const wide = scale * 2 ** levelOf(scale)
      expect(wide).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(wide).toBeLessThan(2)
    }
  })
})
