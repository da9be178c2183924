import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { connectedComponents } from '#core/mask/components'

const binaryOf = (rows: string[]) => Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0))

/** Components by flooding from each pixel, numbered in the same order. */
function flood(binary: Uint8Array, width: number, height: number) {
  const labels = new Int32Array(binary.length)
  const sizes: number[] = []
  for (let seed = 0; seed < binary.length; seed++) {
    if (!binary[seed] || labels[seed]) continue
    const number = sizes.push(0)
    const open = [seed]
    labels[seed] = number
    while (open.length) {
      const at = open.pop()!
      sizes[number - 1]!++
      for (let y = Math.floor(at / width) - 1; y <= Math.floor(at / width) + 1; y++) {
        for (let x = (at % width) - 1; x <= (at % width) + 1; x++) {
          if (x < 0 || y < 0 || x >= width || y >= height) continue
          const next = y * width + x
          if (binary[next] && !labels[next]) {
            labels[next] = number
            open.push(next)
          }
        }
      }
    }
  }
  return { labels, sizes }
}

describe('connected components', () => {
  it.each<[string, string[], number[]]>([
    ['nothing', ['...', '...'], []],
    ['everything', ['###', '###'], [6]],
    ['two that do not touch', ['#.#', '#.#'], [2, 2]],
    ['two that touch by a corner, as one', ['#..', '.#.', '..#'], [3]],
    ['a corner the other way', ['..#', '.#.', '#..'], [3]],
    ['the arms of a U that meet late', ['#.#', '#.#', '###'], [7]],
    ['a W of many joins', ['#.#.#', '#.#.#', '.#.#.'], [8]],
    ['the ends of two rows, which are no neighbours', ['..#', '#..', '...'], [1, 1]],
    ['a ring and its core', ['#####', '#...#', '#.#.#', '#...#', '#####'], [16, 1]]
  ])('finds %s', (_, rows, sizes) => {
    const result = connectedComponents(binaryOf(rows), rows[0]!.length, rows.length)
    expect(result.sizes).toEqual(sizes)
  })

  it('numbers them from the top', () => {
    const { labels } = connectedComponents(binaryOf(['..#', '#..', '#.#']), 3, 3)
    expect([...labels]).toEqual([0, 0, 1, 2, 0, 0, 2, 0, 3])
  })

  it('agrees with flooding on noise of any density', () => {
    const random = createRandom(5, 'noise')
    for (const density of [0.1, 0.3, 0.4, 0.5, 0.7, 0.95]) {
      const [width, height] = [37 + random.integer(20), 23 + random.integer(20)]
      const binary = Uint8Array.from({ length: width * height }, () => (random.uniform() < density ? 1 : 0))
      expect(connectedComponents(binary, width, height)).toEqual(flood(binary, width, height))
    }
  })
})
