// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { tilePath } from '#core/picture/pyramid'
import { partInSight, type Sight } from '../../../../src-renderer/annotate/picture/picture'
import { planTiles } from '../../../../src-renderer/annotate/picture/tile-plan'

const SIZE = { width: 12_000, height: 8400 }
const WINDOW = { x: 0, y: 0, width: 1280, height: 720 }

/** A look at the image with its point (x, y) in the window's upper left corner. */
function look(scale: number, x: number, y: number, change: Partial<Sight> = {}): Sight {
  const view = { scale, x: -x * scale, y: -y * scale }
  return { viewer: 'canvas', view, box: WINDOW, ratio: 1, filter: 'none', ...change }
}

const paths = (sight: Sight) => planTiles(SIZE, sight).seen.map(tilePath)

describe('what is in sight', () => {
  test('is the part of the image in the window, cut off at its edges', () => {
    expect(partInSight(SIZE, look(0.5, 100, 200))).toEqual({ x: 100, y: 200, width: 2560, height: 1440 })
    expect(partInSight(SIZE, look(1, -80, 8300))).toEqual({ x: 0, y: 8300, width: 1200, height: 100 })
    expect(partInSight(SIZE, look(1, 12_100, 0))).toMatchObject({ width: 0 })
  })

  test('of the loupe is what lies under its glass', () => {
    const box = { x: 500, y: 300, width: 220, height: 220 }
    expect(partInSight(SIZE, look(2, 1000, 1000, { box }))).toEqual({
      x: 1250,
      y: 1150,
      width: 110,
      height: 110
    })
  })
})

describe('the tiles of a look', () => {
  test('are those in sight of the level that is as fine as the screen', () => {
    expect(paths(look(1, 512, 512))).toEqual([...['0/1/1', '0/2/1', '0/3/1'], ...['0/1/2', '0/2/2', '0/3/2']])
    expect(paths(look(0.25, 0, 0)).every((path) => path.startsWith('2/'))).toBe(true)
    expect(paths(look(0.05, 0, 0))).toEqual(['4/0/0', '4/1/0', '4/0/1', '4/1/1'])
    // Two screen pixels per pixel of the window: one level finer.
    expect(paths(look(0.25, 0, 0, { ratio: 2 })).every((path) => path.startsWith('1/'))).toBe(true)
  })

  test('are few, wherever and however closely the person looks', () => {
    for (const scale of [0.03, 0.1, 0.126, 0.24, 0.26, 0.49, 0.51, 0.99, 1, 4, 64]) {
      const { seen, wanted } = planTiles(SIZE, look(scale, 3210, 1234))
      expect(seen.length, `${scale}`).toBeLessThanOrEqual(24)
      expect(wanted.length, `${scale}`).toBeLessThanOrEqual(64)
    }
  })

  test('come coarse first, then from the middle outwards, then those around', () => {
    const { seen, wanted } = planTiles(SIZE, look(1, 2600, 2600))
    expect(wanted[0]!.level).toBe(2)
    const fine = wanted.filter(({ level }) => level === 0).map(tilePath)
    expect(wanted.slice(-fine.length).map(tilePath)).toEqual(fine)
    // The window's middle is at (3240, 2960) of the image.
    expect(fine[0]).toBe('0/6/5')
    expect(fine.length).toBeGreaterThan(seen.length)
    expect(fine).toEqual(expect.arrayContaining(seen.map(tilePath)))
    expect(new Set(wanted.map(tilePath)).size).toBe(wanted.length)
  })

  test('are none beside the image', () => {
    expect(planTiles(SIZE, look(1, 0, 9000))).toEqual({ seen: [], wanted: [] })
  })
})
