import { describe, expect, test } from 'vitest'
import { grow, shrink, smooth } from '#core/mask/assist/disc'
import { fillHoles, removeSpecks } from '#core/mask/assist/parts'
import { reshape, reshapeMask, type Reshaping } from '#core/mask/assist/reshape'
import { flatten, maskOf } from '#core/mask/tiles'
import { bits, randomMask, rowsOf } from './pictures'

const RADII = [0, 1, 1.5, 2, 2.9, 4, 7.3]

/** What is left of it where no pixel of `value` lies within the radius. */
function near(binary: Uint8Array, width: number, radius: number, value: 0 | 1): Uint8Array {
  return binary.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)]
    for (let other = 0; other < binary.length; other++) {
      const distance2 = ((other % width) - x) ** 2 + (Math.floor(other / width) - y) ** 2
      if (binary[other] === value && distance2 <= radius * radius) return 1
    }
    return 0
  })
}

describe('grow and shrink', () => {
  test('by a disc', () => {
    const point = bits('.......', '.......', '.......', '...#...', '.......', '.......', '.......')
    expect(rowsOf(grow(point, 7, 7, 2), 7)).toEqual([
      '.......',
      '...#...',
      '..###..',
      '.#####.',
      '..###..',
      '...#...',
      '.......'
    ])
  })

  test.each(RADII)('with radius %d equal the definition', (radius) => {
    for (const [width, height, share] of [
      [23, 17, 0.03],
      [17, 23, 0.5],
      [1, 30, 0.2],
      [30, 1, 0.2]
    ] as const) {
      const binary = randomMask(width * height, radius * 10, share)
      expect(grow(binary, width, height, radius)).toEqual(near(binary, width, radius, 1))
      const kept = near(binary, width, radius, 0).map((isNear) => 1 - isNear)
      expect(shrink(binary, width, height, radius)).toEqual(kept)
    }
  })

  test('an object that leaves the image does not shrink from the image’s edge', () => {
    const binary = bits('###..', '###..', '###..')
    expect(rowsOf(shrink(binary, 5, 3, 1), 5)).toEqual(['##...', '##...', '##...'])
  })
})

describe('smooth', () => {
  test('takes off a spike and fills a notch', () => {
    const rough = bits('.........', '.....#...', '.#######.', '.#######.', '.###.###.', '.........')
    expect(rowsOf(smooth(rough, 9, 6, 1.5), 9)).toEqual([
      '.........',
      '.........',
      '..#####..',
      '.#######.',
      '..#####..',
      '.........'
    ])
  })

  test.each([1, 1.5, 2, 3.2])('with radius %d equals the majority in the disc', (radius) => {
    const [width, height] = [19, 15]
    const binary = randomMask(width * height, 3, 0.5)
    const expected = binary.map((value, at) => {
      let excess = 0
      binary.forEach((other, i) => {
        const distance2 =
          ((i % width) - (at % width)) ** 2 + (Math.floor(i / width) - Math.floor(at / width)) ** 2
        if (distance2 <= radius * radius) excess += other ? 1 : -1
      })
      return excess === 0 ? value : excess > 0 ? 1 : 0
    })
    expect(rowsOf(smooth(binary, width, height, radius), width)).toEqual(rowsOf(expected, width))
  })
})

describe('holes and specks', () => {
  test('a hole is what foreground encloses, also over corners', () => {
    const binary = bits('.##...###', '#..#..#.#', '#..#..#..', '.##...###')
    expect(rowsOf(fillHoles(binary, 9, 4), 9)).toEqual(['.##...###', '####..#.#', '####..#..', '.##...###'])
  })

  test('holes larger than the limit stay', () => {
    const binary = bits('####.###', '#..#.#.#', '####.###')
    expect(rowsOf(fillHoles(binary, 8, 3, 1), 8)).toEqual(['####.###', '#..#.###', '####.###'])
  })

  test('what is open to the image’s edge is no hole', () => {
    const binary = bits('#.#', '###')
    expect(fillHoles(binary, 3, 2)).toEqual(binary)
  })

  test('specks are parts with fewer pixels; corners connect', () => {
    const binary = bits('#....##', '.#...##', '....#..', '#......')
    expect(rowsOf(removeSpecks(binary, 7, 4, 3), 7)).toEqual(['.....##', '.....##', '....#..', '.......'])
    expect(removeSpecks(binary, 7, 4, 1)).toEqual(binary)
  })
})

const RESHAPINGS: Reshaping[] = [
  { kind: 'grow', amount: 1.5 },
  { kind: 'shrink', amount: 1 },
  { kind: 'smooth', amount: 1.5 },
  { kind: 'fill-holes', amount: 3 },
  { kind: 'remove-specks', amount: 4 }
]

describe('unknown pixels', () => {
  test.each(RESHAPINGS)('$kind changes only what changes whatever they are', (reshaping) => {
    const [width, height] = [6, 5]
    let changed = 0
    for (let seed = 0; seed < 12; seed++) {
      const pixels = randomMask(width * height, seed, 0.45)
      const unknown = Array.from({ length: 5 }, (_, i) => (seed * 5 + i * 7) % (width * height))
      for (const at of unknown) pixels[at] = 2
      /** Of each pixel, what it can become. */
      const outcomes = pixels.map(() => 0)
      for (let choice = 0; choice < 2 ** unknown.length; choice++) {
        const binary = pixels.slice()
        unknown.forEach((at, i) => (binary[at] = (choice >> i) & 1))
        reshape(binary, width, height, reshaping).forEach((value, at) => (outcomes[at]! |= value ? 2 : 1))
      }
      const expected = pixels.map((value, at) =>
        value === 2 ? 2 : outcomes[at] === 1 ? 0 : outcomes[at] === 2 ? 1 : value
      )
      const found = reshape(pixels, width, height, reshaping)
      expect(rowsOf(found, width)).toEqual(rowsOf(expected, width))
      changed += found.filter((value, at) => value !== pixels[at]).length
    }
    expect(changed).toBeGreaterThan(0)
  })
})

describe('the whole mask', () => {
  test.each(RESHAPINGS)('$kind on its part of a large mask equals that on all of it', (reshaping) => {
    const [width, height] = [700, 520]
    const pixels = new Uint8Array(width * height)
    const blob = randomMask(60 * 60, 5, 0.6, 3)
    blob.forEach((value, i) => (pixels[(255 + Math.floor(i / 60)) * width + 256 + (i % 60)] = value))
    pixels[width - 1] = pixels[2 * width - 1] = 1
    const result = reshapeMask(maskOf(pixels, width, height), reshaping)!
    const whole = pixels.slice()
    const { area, before, after } = result
    expect(before.length).toBe(area.width * area.height)
    after.forEach((value, i) => {
      whole[(area.y + Math.floor(i / area.width)) * width + area.x + (i % area.width)] = value
    })
    expect(whole).toEqual(reshape(pixels, width, height, reshaping))
    expect(flatten(maskOf(pixels, width, height))).toEqual(pixels)
  })

  test.each(['grow', 'shrink', 'smooth'] as const)(
    'of a very large mask in parts is that of the whole: %s',
    (kind) => {
      const [width, height] = [2600, 3300]
      const pixels = randomMask(width * height, 5, 0.5)
      // Some unknown pixels among them, also where the parts meet.
      for (let at = 7; at < pixels.length; at += 1009) pixels[at] = 2
      const reshaping = { kind, amount: 3 }
      const { area, after } = reshapeMask(maskOf(pixels, width, height), reshaping)!
      expect(area).toEqual({ x: 0, y: 0, width, height })
      expect(Buffer.compare(after, reshape(pixels, width, height, reshaping))).toBe(0)
    }
  )

  test('of an empty mask there is nothing to reshape', () => {
    expect(reshapeMask(maskOf(new Uint8Array(400), 20, 20), { kind: 'grow', amount: 3 })).toBeNull()
  })
})
