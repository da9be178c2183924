import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { connectedComponents } from '#core/mask/components'
import { joinHoles } from '#core/mask/keyhole'
import { traceOutlines } from '#core/mask/outline'
import { beginStroke } from '#core/mask/paint'
import { paintPolygon } from '#core/mask/polygon'
import { polygonRegion, type Ring } from '#core/mask/shapes'
import { createMask, flatten } from '#core/mask/tiles'
import { randomMask } from '../../fixtures/randomMask'

const maskOf = (...rows: string[]) => Uint8Array.from(rows.join(''), (pixel) => Number(pixel === '#'))

function outlinesOf(binary: Uint8Array, width: number, height: number) {
  const { labels, sizes } = connectedComponents(binary, width, height)
  return traceOutlines(binary, labels, sizes.length, width, height)
}

/** The image's pixels that are in any of the polygons. */
function fill(polygons: Ring[][], width: number, height: number): Uint8Array {
  const flat = new Uint8Array(width * height)
  for (const rings of polygons) {
    const region = polygonRegion(rings, width, height)
    region?.pixels.forEach((pixel, i) => {
      const x = region.x + (i % region.width)
      if (pixel) flat[(region.y + Math.floor(i / region.width)) * width + x] = 1
    })
  }
  return flat
}

/** The same as the polygon tool paints it. */
function painted(polygons: Ring[][], width: number, height: number): Uint8Array {
  const mask = createMask(width, height)
  for (const [ring] of polygons) {
    const corners = Array.from({ length: ring!.length / 2 }, (_, i) => ({
      x: ring![2 * i]!,
      y: ring![2 * i + 1]!
    }))
    paintPolygon(mask, beginStroke(), corners, 1)
  }
  return flatten(mask)
}

const area = (corners: number[]) => {
  let sum = 0
  for (let i = 0; i < corners.length; i += 2) {
    const next = (i + 2) % corners.length
    sum += (corners[i]! * corners[next + 1]! - corners[next]! * corners[i + 1]!) / 2
  }
  return sum
}

describe('the outlines of a mask', () => {
  it('go along the edges of its pixels and turn only at corners', () => {
    expect(outlinesOf(maskOf('....', '.##.', '.##.'), 4, 3)).toEqual([[[3, 1, 3, 3, 1, 3, 1, 1]]])
  })

  it('are one for a part and one for each of its holes', () => {
    const parts = outlinesOf(maskOf('#####.', '#.#.#.', '#####.', '......', '.....#'), 6, 5)
    expect(parts.map((rings) => rings.map(area))).toEqual([[15, -1, -1], [1]])
  })

  it('join what touches by a corner', () => {
    expect(outlinesOf(maskOf('#.', '.#'), 2, 2).map((rings) => rings.map(area))).toEqual([[2]])
  })

  it('are none without foreground', () => {
    expect(outlinesOf(new Uint8Array(12), 4, 3)).toEqual([])
  })

  it('give the same pixels back, with their holes as rings or by a cut, for any mask', () => {
    const random = createRandom(1, 'outlines')
    for (let round = 0; round < 300; round++) {
      const [width, height] = [1 + random.integer(40), 1 + random.integer(40)]
      const mask = randomMask(random, width, height)
      const parts = outlinesOf(mask, width, height)
      expect(fill(parts, width, height), `round ${round}`).toEqual(mask)
      const joined = parts.map((rings) => [joinHoles(rings, mask, width)])
      expect(fill(joined, width, height), `round ${round}, joined`).toEqual(mask)
      expect(painted(joined, width, height), `round ${round}, by the nonzero rule`).toEqual(mask)
      const total = joined.reduce((sum, [ring]) => sum + area([...Array.from(ring!)]), 0)
      expect(total).toBe(mask.reduce((sum, pixel) => sum + pixel, 0))
    }
  })
})

describe('a cut to a hole', () => {
  it('goes to the left through the part itself', () => {
    const mask = maskOf('#####', '##.##', '#####')
    const [rings] = outlinesOf(mask, 5, 3)
    const ring = joinHoles(rings!, mask, 5)
    const corners = Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]},${ring[2 * i + 1]}`)
    expect(corners).toHaveLength(4 + 4 + 3)
    expect(corners.filter((corner) => corner === '0,1')).toHaveLength(2)
    expect(corners.filter((corner) => corner === '2,1')).toHaveLength(2)
  })

  it('goes through several holes one behind the other', () => {
    const mask = maskOf('#######', '#.#.#.#', '#######')
    const [rings] = outlinesOf(mask, 7, 3)
    expect(fill([[joinHoles(rings!, mask, 7)]], 7, 3)).toEqual(mask)
  })
})
