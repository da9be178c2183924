import { describe, expect, test } from 'vitest'
import { superpixels, type Superpixels } from '#core/mask/assist/superpixels'
import { patches, picture } from './pictures'

/** How many parts that are connected over sides the patches fall into. */
function partsOf({ width, labels }: Superpixels): number {
  const seen = new Uint8Array(labels.length)
  let parts = 0
  for (let start = 0; start < labels.length; start++) {
    if (seen[start]) continue
    parts++
    const open = [start]
    seen[start] = 1
    for (let at; (at = open.pop()) !== undefined;) {
      const x = at % width
      for (const next of [x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= labels.length || seen[next] || labels[next] !== labels[at]) continue
        seen[next] = 1
        open.push(next)
      }
    }
  }
  return parts
}

describe('superpixels', () => {
  test.each([
    [64, 48, 8],
    [61, 47, 10],
    [40, 40, 13],
    [9, 70, 6],
    [5, 4, 12],
    [1, 1, 2],
    [33, 2, 3]
  ])('cover a picture of %i × %i with connected patches of about %i pixels', (width, height, size) => {
    for (const seed of [1, 2, 3]) {
      const result = superpixels(patches(width, height, seed), { size })
      const used = new Set(result.labels)
      expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: result.count }, (_, k) => k))
      expect(partsOf(result)).toBe(result.count)
      const usual = (width * height) / (size * size)
      expect(result.count).toBeLessThanOrEqual(Math.max(1, 4 * usual))
    }
  })

  test('on an even picture they are the squares of the grid', () => {
    const { labels, count } = superpixels(
      picture(40, 20, () => [90, 90, 90]),
      { size: 10 }
    )
    expect(count).toBe(8)
    const sizes = new Map<number, number>()
    for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
    for (const size of sizes.values()) expect(Math.abs(size - 100)).toBeLessThanOrEqual(40)
  })

  test('no patch lies on both sides of a clear edge', () => {
    const isLight = (at: number) => at % 60 > 27 + 6 * Math.sin(Math.floor(at / 60) / 5)
    const { labels } = superpixels(
      picture(60, 50, (at) => (isLight(at) ? [220, 200, 190] : [40, 60, 50])),
      { size: 10 }
    )
    const light = new Set<number>()
    const dark = new Set<number>()
    labels.forEach((label, at) => (isLight(at) ? light : dark).add(label))
    expect([...light].filter((label) => dark.has(label))).toEqual([])
  })

  test('the same picture gives the same patches', () => {
    const once = superpixels(patches(50, 40, 5), { size: 7 })
    expect(superpixels(patches(50, 40, 5), { size: 7 })).toEqual(once)
  })
})
