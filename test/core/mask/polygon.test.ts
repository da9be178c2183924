import { expect, test } from 'vitest'
import { createRandom } from '#core/learning/random'
import { beginStroke, type Point } from '#core/mask/paint'
import { paintPolygon } from '#core/mask/polygon'
import { createMask, flatten } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import { blank, inPolygon, paintWhere } from '../../fixtures/naivePainting'

const WIDTH = 300
const HEIGHT = 270

const corners = (...places: [x: number, y: number][]): Point[] => places.map(([x, y]) => ({ x, y }))

function painted(size: number, ...polygons: Point[][]): string[] {
  const mask = createMask(size, size)
  for (const polygon of polygons) paintPolygon(mask, beginStroke(), polygon, 1)
  const flat = flatten(mask)
  return Array.from({ length: size }, (_, y) =>
    [...flat.subarray(y * size, (y + 1) * size)].map((v) => '.#'[v]).join('')
  )
}

test('the pixels whose centres are inside are painted, whichever way the outline runs', () => {
  const triangle = corners([0, 0], [5, 0], [0, 5])
  const expected = ['####.', '###..', '##...', '#....', '.....']
  expect(painted(5, triangle)).toEqual(expected)
  expect(painted(5, triangle.toReversed())).toEqual(expected)
})

test('an outline that crosses itself leaves no hole', () => {
  const twiceAround = corners([0, 0], [5, 0], [5, 5], [0, 5], [0, 0], [4, 1], [4, 4], [1, 4])
  expect(painted(5, twiceAround)).toEqual(['#####', '#####', '#####', '#####', '#####'])
})

test('of two polygons that share an edge every pixel belongs to one', () => {
  const random = createRandom(1, 'edges')
  for (let i = 0; i < 50; i++) {
    const a = { x: random.integer(80) / 2, y: 0 }
    const b = { x: random.integer(80) / 2, y: 40 }
    const left = [{ x: 0, y: 0 }, a, b, { x: 0, y: 40 }]
    const right = [a, { x: 40, y: 0 }, { x: 40, y: 40 }, b]
    const count = (polygon: Point[]) => painted(40, polygon).join('').replaceAll('.', '').length
    expect(count(left) + count(right)).toBe(1600)
    expect(painted(40, left, right)).toEqual(Array.from({ length: 40 }, () => '#'.repeat(40)))
  }
})

test('fewer than three corners paint nothing', () => {
  for (const few of [[], corners([1, 1]), corners([0, 0], [5, 5])]) {
    expect(painted(5, few).join('')).not.toContain('#')
  }
})

test('any seeded random polygon is exactly the set of pixels that it winds around', () => {
  const random = createRandom(5, 'polygons')
  const reference = blank(WIDTH, HEIGHT)
  const mask = createMask(WIDTH, HEIGHT)
  for (let i = 0; i < 120; i++) {
    const polygon = Array.from({ length: 3 + random.integer(9) }, () =>
      // Half of them on whole and half pixels, where edges meet centres; some outside of the image.
      i % 2
        ? { x: random.integer(2 * WIDTH) / 2, y: random.integer(2 * HEIGHT) / 2 }
        : { x: (random.uniform() * 1.4 - 0.2) * WIDTH, y: (random.uniform() * 1.4 - 0.2) * HEIGHT }
    )
    const value = random.integer(3) as MaskValue
    paintPolygon(mask, beginStroke(), polygon, value)
    paintWhere(reference, value, inPolygon(polygon))
    const differs = flatten(mask).findIndex((v, at) => v !== reference.pixels[at])
    expect(differs, `polygon ${i}: ${JSON.stringify({ polygon, value })}`).toBe(-1)
  }
})
