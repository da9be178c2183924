import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '#core/learning/random'
import { beginStroke, type Point } from '#core/mask/paint'
import { paintDisc, paintSegment, paintSquareSegment } from '#core/mask/segment'
import { createMask, flatten, readRectangle } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import { blank, inCapsule, inSweptSquare, paintWhere } from '../../fixtures/naivePainting'

const WIDTH = 530
const HEIGHT = 270

const picture = (flat: Uint8Array, width: number) =>
  Array.from({ length: flat.length / width }, (_, y) =>
    [...flat.subarray(y * width, (y + 1) * width)].map((v) => '.#?'[v]).join('')
  )

/** A third on whole and half pixels, where distances tie; a third beside a tile border; a third anywhere. */
function place(random: Random): Point {
  const kind = random.integer(3)
  if (kind === 0) return { x: random.integer(2 * WIDTH) / 2, y: random.integer(2 * HEIGHT) / 2 }
  if (kind === 1) return { x: 256 + 8 * random.normal(), y: 256 + 8 * random.normal() }
  return { x: (random.uniform() * 1.4 - 0.2) * WIDTH, y: (random.uniform() * 1.4 - 0.2) * HEIGHT }
}

/** Two ends: the same, beside each other, below each other, on a diagonal of whole pixels, or anywhere. */
function ends(random: Random): [from: Point, to: Point] {
  const [from, to] = [place(random), place(random)]
  const way = random.integer(200) - 100
  const start = { x: Math.round(from.x), y: Math.round(2 * from.y) / 2 }
  const kinds: [Point, Point][] = [
    [from, from],
    [from, { x: to.x, y: from.y }],
    [from, { x: from.x, y: to.y }],
    [start, { x: start.x + way, y: start.y + (way % 2 ? way : -2 * way) }],
    [from, to]
  ]
  return kinds[random.integer(5)]!
}

describe('the round brush', () => {
  it.each<[string, Point, number, string[]]>([
    ['one pixel', { x: 2.5, y: 2.5 }, 0.5, ['.....', '.....', '..#..', '.....', '.....']],
    ['a plus of radius 1', { x: 2.5, y: 2.5 }, 1, ['.....', '..#..', '.###.', '..#..', '.....']],
    ['a square between four pixels', { x: 2, y: 2 }, 1, ['.....', '.##..', '.##..', '.....', '.....']],
    ['a disc of radius 2', { x: 2.5, y: 2.5 }, 2, ['..#..', '.###.', '#####', '.###.', '..#..']],
    [
      'the pixel under a tiny brush',
      { x: 1.01, y: 3.99 },
      0.1,
      ['.....', '.....', '.....', '.#...', '.....']
    ],
    ['what is inside at a corner', { x: 0, y: 0 }, 2, ['##...', '#....', '.....', '.....', '.....']],
    ['nothing from outside of its reach', { x: -3, y: 2 }, 2, ['.....', '.....', '.....', '.....', '.....']]
  ])('covers %s', (_, centre, radius, expected) => {
    const mask = createMask(5, 5)
    paintDisc(mask, beginStroke(), centre, radius, 1)
    expect(picture(flatten(mask), 5)).toEqual(expected)
  })

  it('covers the way between two pointer positions without gaps', () => {
    const mask = createMask(8, 4)
    paintSegment(mask, beginStroke(), { x: 1.5, y: 0.5 }, { x: 6.5, y: 2.5 }, 0.75, 1)
    expect(picture(flatten(mask), 8)).toEqual(['.###....', '..####..', '....###.', '........'])
  })
})

describe('the square brush', () => {
  it.each([1, 2, 3, 4, 7, 30])('of %i pixels paints a square of that many, wherever it stands', (side) => {
    const random = createRandom(side, 'squares')
    for (let i = 0; i < 40; i++) {
      const centre =
        i % 2
          ? { x: 30 + random.integer(80) / 4, y: 30 + random.integer(80) / 4 }
          : { x: 30 + 20 * random.uniform(), y: 30 + 20 * random.uniform() }
      const mask = createMask(80, 80)
      paintSquareSegment(mask, beginStroke(), centre, centre, side / 2, 1)
      const rows = picture(flatten(mask), 80).filter((row) => row.includes('#'))
      expect(rows).toHaveLength(side)
      for (const row of rows) expect(row).toMatch(new RegExp(`^\\.*#{${side}}\\.*$`))
    }
  })

  it('sweeps a band with straight edges on a diagonal', () => {
    const mask = createMask(8, 8)
    paintSquareSegment(mask, beginStroke(), { x: 1.5, y: 1.5 }, { x: 5.5, y: 5.5 }, 1.5, 1)
    expect(picture(flatten(mask), 8)).toEqual([
      '###.....',
      '####....',
      '#####...',
      '.#####..',
      '..#####.',
      '...####.',
      '....###.',
      '........'
    ])
  })
})

describe.each([
  ['round', paintSegment, inCapsule],
  ['square', paintSquareSegment, inSweptSquare]
] as const)('a %s stroke', (name, paint, belongs) => {
  it('is at any seeded random place exactly the set of pixels of its definition', () => {
    const random = createRandom(20, 'strokes')
    const reference = blank(WIDTH, HEIGHT)
    const mask = createMask(WIDTH, HEIGHT)
    for (let i = 0; i < 150; i++) {
      const [from, to] = ends(random)
      const radius = random.integer(2) ? (1 + random.integer(79)) / 2 : random.uniform() * 40
      const value = random.integer(3) as MaskValue
      paint(mask, beginStroke(), from, to, radius, value)
      paintWhere(reference, value, belongs(from, to, radius))
      const painted = flatten(mask)
      const differs = painted.findIndex((v, at) => v !== reference.pixels[at])
      expect(differs, `${name} stroke ${i}: ${JSON.stringify({ from, to, radius, value })}`).toBe(-1)
    }
    const outside = { x: 0, y: HEIGHT, width: WIDTH, height: 512 - HEIGHT }
    expect(readRectangle(mask, outside).every((v) => v === 0)).toBe(true)
    for (const tile of mask.tiles.values()) expect(tile.length).toBe(65_536)
  })
})
