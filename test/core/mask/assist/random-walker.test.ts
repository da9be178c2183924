import { describe, expect, test } from 'vitest'
import { toLab, type LabPicture } from '#core/mask/assist/picture'
import { SEED_BACKGROUND, SEED_FOREGROUND, walk } from '#core/mask/assist/random-walker'
import { patches, picture } from './pictures'

/** The same equations as a dense matrix, solved by Gaussian elimination with pivots. */
function denseWalk(
  { width, height, planes }: LabPicture,
  seeds: Uint8Array,
  beta: number,
  prior?: Float32Array
): number[] {
  const pixels = width * height
  const sides: [number, number][] = []
  for (let at = 0; at < pixels; at++) {
    if ((at + 1) % width) sides.push([at, at + 1])
    if (at + width < pixels) sides.push([at, at + width])
  }
  const distance2 = ([p, q]: [number, number]) =>
    planes.reduce((sum, plane) => sum + (plane[p]! - plane[q]!) ** 2, 0)
  const mean = sides.reduce((sum, side) => sum + distance2(side), 0) / sides.length
  const rows = Array.from({ length: pixels }, (_, i) => {
    const row = new Float64Array(pixels + 1)
    if (prior && !seeds[i]) {
      row[i] = 0.05
      row[pixels] = 0.05 * prior[i]!
    }
    if (seeds[i]) {
      row[i] = 1
      row[pixels] = seeds[i] === SEED_FOREGROUND ? 1 : 0
    }
    return row
  })
  for (const side of sides) {
    const weight = Math.exp((-beta * distance2(side)) / (mean || 1)) + 1e-5
    for (const [p, q] of [side, [side[1], side[0]]] as const) {
      if (seeds[p]) continue
      rows[p]![p]! += weight
      rows[p]![q]! -= weight
    }
  }
  for (let column = 0; column < pixels; column++) {
    let pivot = column
    for (let i = column; i < pixels; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    }
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let i = 0; i < pixels; i++) {
      if (i === column) continue
      const factor = rows[i]![column]! / rows[column]![column]!
      if (factor === 0) continue
      for (let k = column; k <= pixels; k++) rows[i]![k]! -= factor * rows[column]![k]!
    }
  }
  return rows.map((row, i) => row[pixels]! / row[i]!)
}

function seedsAt(pixels: number, foreground: number[], background: number[]): Uint8Array {
  const seeds = new Uint8Array(pixels)
  for (const at of foreground) seeds[at] = SEED_FOREGROUND
  for (const at of background) seeds[at] = SEED_BACKGROUND
  return seeds
}

describe('random walker', () => {
  test.each([
    [11, 9, [12, 13], [88, 40]],
    [9, 12, [0], [107]],
    [15, 1, [3], [12]],
    [1, 14, [13], [0, 6]],
    [10, 10, [55, 45, 44], [0, 9, 90, 99]]
  ])('on %i × %i pixels equals the dense solution', (width, height, foreground, background) => {
    for (const [seed, beta] of [
      [1, 1],
      [2, 4],
      [3, 0]
    ] as const) {
      const lab = toLab(patches(width, height, seed))
      const seeds = seedsAt(width * height, foreground, background)
      const prior = Float32Array.from(seeds, (_, at) => ((at * 7) % 11) / 10)
      for (const given of [undefined, prior]) {
        const found = walk(lab, seeds, { beta, tolerance: 1e-9, prior: given })
        const expected = denseWalk(lab, seeds, beta, given)
        found.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-5))
      }
    }
  })

  test('without edges the probability falls evenly from one seed to the other', () => {
    const lab = toLab(picture(11, 1, () => [70, 70, 70]))
    const found = walk(lab, seedsAt(11, [0], [10]), { tolerance: 1e-9 })
    found.forEach((value, at) => expect(value).toBeCloseTo(1 - at / 10, 5))
  })

  test('one kind of seed alone takes everything', () => {
    const lab = toLab(patches(12, 12, 4))
    expect(Math.min(...walk(lab, seedsAt(144, [60], [])))).toBeGreaterThan(0.99)
    expect(Math.max(...walk(lab, seedsAt(144, [], [60])))).toBe(0)
  })
})
