import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { fillHoles, fillRegion } from '#core/mask/fill'
import { beginStroke, paintPixels, revertStroke } from '#core/mask/paint'
import { paintSegment } from '#core/mask/segment'
import { createMask, flatten, maskOf } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import { fillHolesSlowly, fillRegionSlowly } from '../../fixtures/naivePainting'

const VALUES = '.#?'

function filled(
  fill: typeof fillRegion,
  rows: string[],
  x: number,
  y: number,
  value: MaskValue = 1
): string[] {
  const width = rows[0]!.length
  const flat = Uint8Array.from(rows.join(''), (character) => VALUES.indexOf(character))
  const mask = maskOf(flat, width, rows.length)
  expect([...fill(mask, beginStroke(), { x: x + 0.5, y: y + 0.5 }, value)]).toBeDefined()
  const after = [...flatten(mask)].map((one) => VALUES[one]).join('')
  return rows.map((_, row) => after.slice(row * width, (row + 1) * width))
}

describe('filling a region', () => {
  const ring = ['.....', '.###.', '.#.#.', '.###.', '.....']

  it('fills background up to the outline around it, also one that is closed by corners only', () => {
    expect(filled(fillRegion, ring, 2, 2)).toEqual(['.....', '.###.', '.###.', '.###.', '.....'])
    const diamond = ['..#..', '.#.#.', '#...#', '.#.#.', '..#..']
    expect(filled(fillRegion, diamond, 2, 2)).toEqual(['..#..', '.###.', '#####', '.###.', '..#..'])
  })

  it('fills everything where the outline has a gap', () => {
    const open = ['.....', '.###.', '.#.#.', '.#.#.', '.....']
    expect(filled(fillRegion, open, 2, 2).join('')).not.toContain('.')
  })

  it('takes an object whole, with what touches it at a corner', () => {
    expect(filled(fillRegion, ['##...', '..#..', '....#'], 0, 0, 0)).toEqual(['.....', '.....', '....#'])
    expect(filled(fillRegion, ['##.', '.?#'], 0, 0, 2)).toEqual(['??.', '.??'])
  })

  it('does nothing where the value is there already, or outside of the image', () => {
    expect(filled(fillRegion, ring, 1, 1, 1)).toEqual(ring)
    expect(filled(fillRegion, ring, 1, 1, 2)).not.toEqual(ring)
    expect(filled(fillRegion, ring, 9, 1, 2)).toEqual(ring)
    expect(filled(fillRegion, ring, -1, 1, 0)).toEqual(ring)
  })
})

describe('filling the holes of an object', () => {
  it('fills all of them, and no bay', () => {
    const object = ['#######', '#.#...#', '###.#.#', '#...#..', '#######']
    expect(filled(fillHoles, object, 0, 0)).toEqual(['#######', '###...#', '###.#.#', '#...#..', '#######'])
    const two = ['#####', '#.#.#', '#####', '.....']
    expect(filled(fillHoles, two, 2, 0, 2)).toEqual(['#####', '#?#?#', '#####', '.....'])
  })

  it('leaves other objects and what is unknown in a hole as they are', () => {
    const nested = ['#######', '#.....#', '#.#.?.#', '#.....#', '#######']
    expect(filled(fillHoles, nested, 0, 0)).toEqual(['#######', '#######', '####?##', '#######', '#######'])
  })

  it('leaves the holes of its neighbours, and does nothing on background', () => {
    const pair = ['###.###', '#.#.#.#', '###.###']
    expect(filled(fillHoles, pair, 0, 0)).toEqual(['###.###', '###.#.#', '###.###'])
    expect(filled(fillHoles, pair, 1, 1)).toEqual(pair)
  })
})

it('both do at any seeded random place across tiles what their definitions say, and can be taken back', () => {
  const [width, height] = [300, 280]
  const random = createRandom(9, 'fills')
  for (let round = 0; round < 12; round++) {
    const mask = createMask(width, height)
    const place = () => ({ x: random.uniform() * width, y: random.uniform() * height })
    for (let i = 0; i < 25; i++) {
      paintSegment(
        mask,
        beginStroke(),
        place(),
        place(),
        1 + 3 * random.uniform(),
        random.integer(3) as MaskValue
      )
    }
    for (let i = 0; i < 4; i++) {
      const at = place()
      const value = random.integer(3) as MaskValue
      const before = flatten(mask)
      const reference = { width, height, pixels: before.slice() }
      const stroke = beginStroke()
      const [fast, slow] = i % 2 ? [fillHoles, fillHolesSlowly] : [fillRegion, fillRegionSlowly]
      for (const pause of fast(mask, stroke, at, value)) expect(pause).toBeUndefined()
      slow(reference, at, value)
      expect(Buffer.compare(flatten(mask), reference.pixels), `${round}.${i} at ${at.x}, ${at.y}`).toBe(0)
      if (i < 2) continue
      revertStroke(mask, stroke)
      expect(Buffer.compare(flatten(mask), before)).toBe(0)
    }
  }
})

it('a region of pixels is painted where it lies, across tiles and clipped to the image', () => {
  const [width, height] = [300, 280]
  const random = createRandom(3, 'regions')
  for (let i = 0; i < 20; i++) {
    const region = {
      x: random.integer(400) - 80,
      y: random.integer(400) - 80,
      width: 1 + random.integer(120),
      height: 1 + random.integer(120)
    }
    const pixels = Uint8Array.from({ length: region.width * region.height }, () => random.integer(2))
    const mask = createMask(width, height)
    paintPixels(mask, beginStroke(), { ...region, pixels }, 2)
    const expected = new Uint8Array(width * height)
    pixels.forEach((one, at) => {
      const x = region.x + (at % region.width)
      const y = region.y + Math.floor(at / region.width)
      if (one && x >= 0 && y >= 0 && x < width && y < height) expected[y * width + x] = 2
    })
    expect(Buffer.compare(flatten(mask), expected)).toBe(0)
  }
})
