import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { applyPatches, decodeTile } from '#core/mask/codec'
import { beginStroke, changedTiles, revertStroke, type Point } from '#core/mask/paint'
import { paintDisc, paintSegment } from '#core/mask/segment'
import { createMask, flatten, maskOf, readRectangle } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'

/** The definition, pixel by pixel. */
function paintSlowly(
  flat: Uint8Array,
  width: number,
  from: Point,
  to: Point,
  radius: number,
  value: MaskValue
): void {
  const height = flat.length / width
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y]
      const [dx, dy] = [to.x - from.x, to.y - from.y]
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy) || 0))
      const distance2 = (px - t * dx) ** 2 + (py - t * dy) ** 2
      const holdsEnd = [from, to].some((p) => Math.floor(p.x) === x && Math.floor(p.y) === y)
      if (distance2 <= radius * radius || holdsEnd) flat[y * width + x] = value
    }
  }
}

const picture = (flat: Uint8Array, width: number) =>
  Array.from({ length: flat.length / width }, (_, y) =>
    [...flat.subarray(y * width, (y + 1) * width)].map((v) => '.#?'[v]).join('')
  )

describe('the brush', () => {
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

  it('is at any seeded random stroke exactly the set of pixels within its radius', () => {
    const width = 530
    const height = 270
    const random = createRandom(20, 'strokes')
    const reference = new Uint8Array(width * height)
    const mask = createMask(width, height)
    const place = () => {
      // A third on whole and half pixels, where distances tie; a third beside a tile border or outside.
      const kind = random.integer(3)
      if (kind === 0) return { x: random.integer(2 * width) / 2, y: random.integer(2 * height) / 2 }
      if (kind === 1) return { x: 256 + 8 * random.normal(), y: 256 + 8 * random.normal() }
      return { x: (random.uniform() * 1.4 - 0.2) * width, y: (random.uniform() * 1.4 - 0.2) * height }
    }
    for (let i = 0; i < 150; i++) {
      const from = place()
      const kind = random.integer(4)
      const to =
        kind === 0
          ? from
          : kind === 1
            ? { x: place().x, y: from.y }
            : kind === 2
              ? { x: from.x, y: place().y }
              : place()
      const radius = random.integer(2) ? random.integer(80) / 2 : random.uniform() * 40
      const value = random.integer(3) as MaskValue
      paintSegment(mask, beginStroke(), from, to, radius, value)
      paintSlowly(reference, width, from, to, radius, value)
      const painted = flatten(mask)
      const differs = painted.findIndex((v, at) => v !== reference[at])
      expect(differs, `stroke ${i}: ${JSON.stringify({ from, to, radius, value })}`).toBe(-1)
    }
    const outside = { x: 0, y: 270, width: 530, height: 242 }
    expect(readRectangle(mask, outside).every((v) => v === 0)).toBe(true)
    for (const tile of mask.tiles.values()) expect(tile.length).toBe(65_536)
  })
})

describe('a stroke', () => {
  it('remembers each touched tile as it was before, once', () => {
    const mask = maskOf(new Uint8Array(600 * 300).fill(2, 0, 100), 600, 300)
    const before = flatten(mask)
    const stroke = beginStroke()
    paintSegment(mask, stroke, { x: 250, y: 20 }, { x: 262, y: 20 }, 10, 1)
    paintSegment(mask, stroke, { x: 262, y: 20 }, { x: 240, y: 20 }, 10, 1)
    expect([...stroke.before.keys()].sort()).toEqual([0, 1])
    expect(stroke.before.get(1)).toBeNull()
    expect(flatten(mask)).not.toEqual(before)
    revertStroke(mask, stroke)
    expect(flatten(mask)).toEqual(before)
    expect(mask.tiles.size).toBe(1)
  })

  it('touches no tile when the eraser meets background', () => {
    const mask = createMask(600, 300)
    const stroke = beginStroke()
    paintDisc(mask, stroke, { x: 256, y: 150 }, 30, 0)
    expect(stroke.before.size).toBe(0)
    expect(mask.tiles.size).toBe(0)
  })

  it('saves the tiles it changed and no others, all background as nothing', () => {
    const mask = createMask(600, 300)
    paintDisc(mask, beginStroke(), { x: 100, y: 100 }, 10, 1)
    paintDisc(mask, beginStroke(), { x: 400, y: 100 }, 40, 1)
    const again = beginStroke()
    paintDisc(mask, again, { x: 400, y: 100 }, 20, 1)
    expect(changedTiles(mask, again)).toEqual([])

    const erasing = beginStroke()
    paintDisc(mask, erasing, { x: 100, y: 100 }, 12, 0)
    paintDisc(mask, erasing, { x: 400, y: 100 }, 12, 0)
    const patches = changedTiles(mask, erasing)
    expect(patches.map(({ index }) => index)).toEqual([0, 1])
    expect(patches[0]!.data).toBeNull()
    expect(decodeTile(patches[1]!.data!)).toEqual(mask.tiles.get(1))

    const other = createMask(600, 300)
    applyPatches(other, patches)
    expect(flatten(other)).toEqual(flatten(mask))
  })
})
