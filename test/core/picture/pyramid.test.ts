import { describe, expect, it } from 'vitest'
import {
  allTiles,
  hasTile,
  isLarge,
  levelCount,
  levelFor,
  levelSize,
  parentOf,
  PICTURE_TILE,
  tileInImage,
  tileInLevel,
  tilesUnder
} from '#core/picture/pyramid'

const SIZE = { width: 12_000, height: 8_401 }

describe('the tiles of a large picture', () => {
  it('begin above the usual large sensor', () => {
    expect(isLarge({ width: 6000, height: 4000 })).toBe(false)
    expect(isLarge({ width: 6048, height: 4032 })).toBe(false)
    expect(isLarge({ width: 6016, height: 4200 })).toBe(true)
    expect(isLarge(SIZE)).toBe(true)
  })

  it('halve until all of it is one tile', () => {
    expect(levelCount(SIZE)).toBe(6)
    expect(levelSize(SIZE, 0)).toEqual(SIZE)
    expect(levelSize(SIZE, 1)).toEqual({ width: 6000, height: 4201 })
    expect(levelSize(SIZE, 5)).toEqual({ width: 375, height: 263 })
    expect(levelCount({ width: 512, height: 3 })).toBe(1)
    expect(levelCount({ width: 513, height: 3 })).toBe(2)
  })

  it.each([SIZE, { width: 1, height: 1 }, { width: 1025, height: 512 }, { width: 7, height: 5000 }])(
    'cover each level of %o once, without gap',
    (size) => {
      for (let level = 0; level < levelCount(size); level++) {
        const whole = levelSize(size, level)
        const tiles = allTiles(size).filter((tile) => tile.level === level)
        const area = tiles.reduce((sum, tile) => {
          const { width, height } = tileInLevel(size, tile)
          expect(width).toBeGreaterThan(0)
          expect(height).toBeGreaterThan(0)
          return sum + width * height
        }, 0)
        expect(area).toBe(whole.width * whole.height)
        expect(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size).toBe(tiles.length)
        expect(tiles.every((tile) => hasTile(size, tile))).toBe(true)
      }
    }
  )

  it('lie where their pixels come from', () => {
    const tile = { level: 2, column: 5, row: 4 }
    expect(tileInImage(SIZE, tile)).toEqual({ x: 10_240, y: 8192, width: 1760, height: 209 })
    expect(tileInLevel(SIZE, tile)).toEqual({ x: 2560, y: 2048, width: 440, height: 53 })
  })

  it('that are not there are known', () => {
    expect(hasTile(SIZE, { level: 0, column: 23, row: 16 })).toBe(true)
    for (const [level, column, row] of [
      [0, 24, 0],
      [0, 0, 17],
      [6, 0, 0],
      [-1, 0, 0],
      [0, 0.5, 0],
      [0, -1, 0],
      [NaN, 0, 0]
    ] as const) {
      expect(hasTile(SIZE, { level, column, row }), `${level} ${column} ${row}`).toBe(false)
    }
  })

  it('are asked for at the coarsest level that is as fine as the screen', () => {
    expect([4, 1, 0.99, 0.51, 0.5, 0.26, 0.25, 0.1].map((scale) => levelFor(SIZE, scale))).toEqual([
      0, 0, 0, 0, 1, 1, 2, 3
    ])
    expect(levelFor(SIZE, 0.001)).toBe(5)
    expect(levelFor({ width: 100, height: 100 }, 0.001)).toBe(0)
  })

  it('under a part of the image are those that show some of it', () => {
    const at = (x: number, y: number, width: number, height: number) =>
      tilesUnder(SIZE, 1, { x, y, width, height }).map(({ column, row }) => [column, row])
    expect(at(0, 0, 1024, 1024)).toEqual([[0, 0]])
    expect(at(1023.5, 0, 1, 1)).toEqual([
      [0, 0],
      [1, 0]
    ])
    expect(at(-500, -500, 400, 400)).toEqual([])
    expect(at(11_900, 8_300, 1e6, 1e6)).toEqual([[11, 8]])
    expect(at(20_000, 0, 10, 10)).toEqual([])
  })

  it('are found again in the next coarser level', () => {
    for (const tile of allTiles(SIZE).filter(({ level }) => level < levelCount(SIZE) - 1)) {
      const [inner, outer] = [tileInImage(SIZE, tile), tileInImage(SIZE, parentOf(tile))]
      expect(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width).toBe(true)
      expect(inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height).toBe(true)
      expect(outer.width).toBeLessThanOrEqual(2 ** parentOf(tile).level * PICTURE_TILE)
    }
  })
})
