import { describe, expect, test } from 'vitest'
import { createWand, MAX_TOLERANCE } from '#core/mask/assist/wand'
import type { Picture } from '#core/mask/assist/picture'
import { grey, patches, rowsOf, spread } from './pictures'

const PICTURE = grey(
  '...#..', //
  '.1.#..',
  '...#12',
  '####..'
)

/** The pixels within the tolerance; contiguous, as many rounds of neighbours as it takes. */
function bruteForce({ width, height, data }: Picture, start: number, tolerance: number, contiguous: boolean) {
  const isNear = (at: number) =>
    [0, 1, 2].every((channel) => Math.abs(data[at * 4 + channel]! - data[start * 4 + channel]!) <= tolerance)
  const near = Uint8Array.from({ length: width * height }, (_, at) => (isNear(at) ? 1 : 0))
  if (!contiguous) return near
  const reached = new Uint8Array(width * height)
  reached[start] = 1
  for (let grew = true; grew;) {
    grew = false
    for (let at = 0; at < reached.length; at++) {
      if (reached[at] || !near[at]) continue
      const x = at % width
      const neighbours = [x > 0 && at - 1, x + 1 < width && at + 1, at - width, at + width]
      if (neighbours.some((neighbour) => neighbour !== false && reached[neighbour] === 1)) {
        reached[at] = 1
        grew = true
      }
    }
  }
  return reached
}

describe('magic wand', () => {
  test('takes what is alike and connected, or alike anywhere', () => {
    const connected = createWand(PICTURE, 0, 0, true).reach(5)
    expect(rowsOf(spread(connected, 6, 4), 6)).toEqual(['###...', '#.#...', '###...', '......'])
    const anywhere = createWand(PICTURE, 0, 0, false).reach(5)
    expect(rowsOf(spread(anywhere, 6, 4), 6)).toEqual(['###.##', '#.#.##', '###...', '....##'])
  })

  test('corners do not connect', () => {
    const wand = createWand(grey('.#', '#.'), 0, 0, true)
    expect(wand.reach(0)).toEqual({ x: 0, y: 0, width: 1, height: 1, pixels: new Uint8Array([1]) })
  })

  test('a difference in one channel counts whole', () => {
    const picture = grey('....')
    picture.data[4 + 2] = 30
    expect(createWand(picture, 0, 0, true).reach(19).width).toBe(1)
    expect(createWand(picture, 0, 0, true).reach(20).width).toBe(4)
  })

  test('the greatest tolerance takes everything', () => {
    const wand = createWand(patches(31, 23, 1), 4, 5, true)
    expect(wand.reach(MAX_TOLERANCE).pixels).toEqual(new Uint8Array(31 * 23).fill(1))
  })

  test.each([true, false])(
    'equals the definition at tolerances in any order (contiguous: %s)',
    (contiguous) => {
      for (let seed = 0; seed < 6; seed++) {
        const picture = patches(29, 22, seed)
        const [x, y] = [(seed * 7) % 29, (seed * 5) % 22]
        const wand = createWand(picture, x, y, contiguous)
        for (const tolerance of [12, 3, 40, 90, 0, 200, 40, 18, 130]) {
          const expected = bruteForce(picture, y * 29 + x, tolerance, contiguous)
          expect(rowsOf(spread(wand.reach(tolerance), 29, 22), 29)).toEqual(rowsOf(expected, 29))
        }
      }
    }
  )
})
