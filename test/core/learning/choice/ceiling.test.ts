import { describe, expect, it } from 'vitest'
import { ceilingOf, reachOf, type Resolution } from '#core/learning/choice/ceiling'
import { UNKNOWN } from '#core/mask/values'
import { discs, labelOf, lines } from './shapes'

const SIZE = 224
const ceiling = (label: Uint8Array, resolution: Resolution, size = SIZE) =>
  ceilingOf([reachOf(label, size, size, resolution)])
const coarse = (label: Uint8Array, stride: number) => ceiling(label, { size: SIZE, crop: null, stride })

const largeDisc = discs(SIZE, 150, SIZE)
const smallDiscs = discs(SIZE, 9, 40)
const thinLines = lines(SIZE, 3, 37)

describe('what a coarse network can reach at best', () => {
  it.each([
    ['a large disc', largeDisc, 32, 0.9, 1],
    ['a large disc', largeDisc, 16, 0.95, 1],
    ['a large disc', largeDisc, 8, 0.98, 1],
    ['discs 9 px wide', smallDiscs, 32, 0, 0.35],
    ['discs 9 px wide', smallDiscs, 8, 0.4, 0.9],
    ['lines 3 px thick', thinLines, 32, 0, 0.25],
    ['lines 3 px thick', thinLines, 8, 0.2, 0.7]
  ])('of %s is as coarse as its stride (case %#)', (_, label, stride, least, most) => {
    const reached = coarse(label, stride)
    expect(reached).toBeGreaterThan(least)
    expect(reached).toBeLessThanOrEqual(most)
  })

  it('is less the larger the stride is', () => {
    for (const label of [largeDisc, smallDiscs, thinLines]) {
      const reached = [8, 16, 32].map((stride) => coarse(label, stride))
      expect(reached).toEqual(reached.toSorted((a, b) => b - a))
    }
  })

  it('is everything where the mask is a map that the grid can make', () => {
    // A straight edge in the middle between two cells is where the enlarged values are a half.
    expect(
      coarse(
        labelOf(SIZE, SIZE, (x) => x < 96),
        32
      )
    ).toBe(1)
  })
})

describe('what a network without a coarse output can reach at best', () => {
  it('is everything at the size of the image', () => {
    for (const label of [largeDisc, smallDiscs, thinLines]) {
      expect(ceiling(label, { size: SIZE, crop: null, stride: 1 })).toBe(1)
    }
  })

  it('is what is left of the mask after the way to the network’s size and back', () => {
    const reached = [64, 96, 128, 192].map((size) => ceiling(smallDiscs, { size, crop: null, stride: 1 }))
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(reached[0]).toBeLessThan(0.85)
    expect(reached[3]).toBeGreaterThan(0.9)
    expect(ceiling(largeDisc, { size: 64, crop: null, stride: 1 })).toBeGreaterThan(0.97)
  })

  it('holds for images that are not square', () => {
    const label = labelOf(300, 150, (x, y) => Math.hypot(x - 100, y - 75) < 40)
    expect(ceilingOf([reachOf(label, 300, 150, { size: 128, crop: null, stride: 1 })])).toBeGreaterThan(0.95)
  })
})

describe('the ceiling', () => {
  it('does not count what is unknown', () => {
    const fine = { size: 64, crop: null, stride: 1 }
    // Unknown wherever an edge is near: what remains is easy.
    const eased = largeDisc.map((value, i) => {
      const distance = Math.hypot((i % SIZE) + 0.5 - 112, Math.floor(i / SIZE) + 0.5 - 112)
      return Math.abs(distance - 75) < 6 ? UNKNOWN : value
    })
    expect(ceiling(eased, fine)).toBeCloseTo(1, 9)
    expect(ceilingOf([reachOf(new Uint8Array(64 * 64).fill(UNKNOWN), 64, 64, fine)])).toBe(1)
  })

  it('is 1 of empty masks, since nothing can be missed', () => {
    expect(coarse(new Uint8Array(SIZE * SIZE), 32)).toBe(1)
  })

  it('is that of all images at one threshold, and so lies between the hardest and the easiest', () => {
    const reaches = [largeDisc, smallDiscs].map((label) =>
      reachOf(label, SIZE, SIZE, { size: SIZE, crop: null, stride: 16 })
    )
    const [easy, hard] = reaches.map((reach) => ceilingOf([reach]))
    const together = ceilingOf(reaches)
    expect(together).toBeLessThan(easy!)
    expect(together).toBeGreaterThan(hard!)
  })
})
