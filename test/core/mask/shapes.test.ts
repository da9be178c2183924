import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import type { Region } from '#core/mask/paint'
import { circleRegion, polygonRegion } from '#core/mask/shapes'

/** A region as rows of an image. */
function picture(region: Region | null, width: number, height: number): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (region && holds(region, x, y) ? '#' : '.')).join('')
  )
}

function holds({ x: left, y: top, width, height, pixels }: Region, x: number, y: number): boolean {
  const [column, row] = [x - left, y - top]
  return column >= 0 && row >= 0 && column < width && row < height && pixels[row * width + column] === 1
}

/** By the definition: how many edges a ray to the left meets. */
function crossings(ring: number[], x: number, y: number): number {
  let count = 0
  for (let i = 0; i < ring.length; i += 2) {
    const [x0, y0] = [ring[i]!, ring[i + 1]!]
    const [x1, y1] = [ring[(i + 2) % ring.length]!, ring[(i + 3) % ring.length]!]
    if (y0 <= y === y1 <= y) continue
    if (x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) <= x) count++
  }
  return count
}

describe('a polygon', () => {
  it('covers the pixels whose centres are inside', () => {
    expect(picture(polygonRegion([[1, 1, 4, 1, 4, 3, 1, 3]], 6, 4), 6, 4)).toEqual([
      '......',
      '.###..',
      '.###..',
      '......'
    ])
    expect(picture(polygonRegion([[0, 0, 6, 0, 0, 6]], 6, 6), 6, 6)).toEqual([
      '#####.',
      '####..',
      '###...',
      '##....',
      '#.....',
      '......'
    ])
  })

  it('shares no pixel with a neighbour that shares an edge, and leaves none between them', () => {
    const [left, right] = [
      [0.5, 0.5, 3.5, 0.5, 2.5, 4.5, 0.5, 4.5],
      [3.5, 0.5, 6.5, 0.5, 6.5, 4.5, 2.5, 4.5]
    ].map((ring) => picture(polygonRegion([ring], 8, 6), 8, 6).join(''))
    const both = [...left!].map((pixel, i) => Number(pixel === '#') + Number(right![i] === '#'))
    expect(both.filter((count) => count === 1)).toHaveLength(24)
    expect(Math.max(...both)).toBe(1)
  })

  it('has holes where a ring lies in another, whatever their directions', () => {
    const [outer, hole] = [
      [0, 0, 5, 0, 5, 5, 0, 5],
      [2, 2, 3, 2, 3, 3, 2, 3]
    ] as [number[], number[]]
    const expected = ['#####', '#####', '##.##', '#####', '#####']
    expect(picture(polygonRegion([outer, hole], 5, 5), 5, 5)).toEqual(expected)
    expect(picture(polygonRegion([outer, [2, 3, 3, 3, 3, 2, 2, 2]], 5, 5), 5, 5)).toEqual(expected)
  })

  it('is what the even-odd rule says, also across the border of the image', () => {
    const random = createRandom(1, 'polygons')
    for (let round = 0; round < 200; round++) {
      const [width, height] = [1 + random.integer(20), 1 + random.integer(20)]
      const coordinate = () => (round % 2 ? random.uniform() * 40 - 10 : random.integer(60) / 2 - 5)
      const ring = Array.from({ length: 2 * (3 + random.integer(8)) }, coordinate)
      const region = polygonRegion([ring], width, height)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const inside = crossings(ring, x + 0.5, y + 0.5) % 2 === 1
          expect(region !== null && holds(region, x, y), `${ring.join()} at ${x}, ${y}`).toBe(inside)
        }
      }
    }
  })

  it('without a pixel in the image is nothing', () => {
    for (const ring of [[], [1, 1], [1, 1, 3, 1], [-9, -9, -2, -9, -2, -2], [0.6, 0.6, 0.9, 0.6, 0.9, 0.9]]) {
      expect(polygonRegion([ring], 5, 5)).toBeNull()
    }
  })

  it('may reach as far out of the image as it likes', () => {
    const far = polygonRegion([[-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9]], 4, 3)
    expect(picture(far, 4, 3)).toEqual(['####', '####', '####'])
  })
})

describe('a circle', () => {
  it('covers the pixels whose centres are within its radius, clipped to the image', () => {
    expect(picture(circleRegion(2.5, 2.5, 2, 5, 5), 5, 5)).toEqual([
      '..#..',
      '.###.',
      '#####',
      '.###.',
      '..#..'
    ])
    expect(picture(circleRegion(0, 0, 1.5, 3, 3), 3, 3)).toEqual(['#..', '...', '...'])
    expect(circleRegion(9, 9, 2, 4, 4)).toBeNull()
  })
})
