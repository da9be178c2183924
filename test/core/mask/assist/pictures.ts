import type { Picture } from '#core/mask/assist/picture'
import type { Region } from '#core/mask/paint'
import { createRandom } from '#core/learning/random'

/** A grey picture from rows of characters: `.` is dark, `#` is light, a digit d is 25 · d. */
export function grey(...rows: string[]): Picture {
  const values = rows
    .join('')
    .split('')
    .map((char) => (char === '.' ? 10 : char === '#' ? 240 : 25 * Number(char)))
  return picture(rows[0]!.length, rows.length, (at) => [values[at]!, values[at]!, values[at]!])
}

/** Patches of random colours with noise on them, the same for the same seed. */
export function patches(width: number, height: number, seed: number): Picture {
  const random = createRandom(seed, 'patches')
  const colours = Array.from({ length: 16 }, () => [0, 1, 2].map(() => 20 + random.integer(210)))
  return picture(width, height, (at) => {
    const patch =
      Math.floor((4 * (at % width)) / width) + 4 * Math.floor((4 * Math.floor(at / width)) / height)
    return colours[patch]!.map((value) => value + random.integer(20))
  })
}

export function picture(width: number, height: number, colourAt: (at: number) => readonly number[]): Picture {
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let at = 0; at < width * height; at++) data.set(colourAt(at), at * 4)
  return { width, height, data }
}

/** A binary mask from rows of characters: `#` is 1, `?` is 2, anything else 0. */
export function bits(...rows: string[]): Uint8Array {
  return Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : char === '?' ? 2 : 0))
}

/** The rows of characters of a mask. */
export function rowsOf(mask: Uint8Array, width: number): string[] {
  const chars = Array.from(mask, (value) => '.#?'[value]!)
  return Array.from({ length: mask.length / width }, (_, y) =>
    chars.slice(y * width, (y + 1) * width).join('')
  )
}

/** A region as a mask of the whole picture. */
export function spread(region: Region, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height)
  region.pixels.forEach((bit, i) => {
    const x = region.x + (i % region.width)
    const y = region.y + Math.floor(i / region.width)
    mask[y * width + x] = bit
  })
  return mask
}

/** A random mask; `values` says of how many values, `share` how many pixels are not 0. */
export function randomMask(pixels: number, seed: number, share = 0.4, values: 2 | 3 = 2): Uint8Array {
  const random = createRandom(seed, 'mask')
  return Uint8Array.from({ length: pixels }, () =>
    random.uniform() < share ? 1 + random.integer(values - 1) : 0
  )
}
