/** A smooth random surface over the plane, values about −1 to 1. */
export type Noise = (x: number, y: number) => number

/** A random number in [0, 1) for each point of the integer grid, the same at every call. */
function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}

const fade = (t: number) => t * t * t * (t * (t * 6 - 15) + 10)
const mix = (a: number, b: number, t: number) => a + (b - a) * t

/** Value noise: random numbers on the integer grid, smoothly joined. */
function valueNoise(seed: number): Noise {
  return (x, y) => {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const across = fade(x - column)
    const upper = mix(lattice(column, row, seed), lattice(column + 1, row, seed), across)
    const lower = mix(lattice(column, row + 1, seed), lattice(column + 1, row + 1, seed), across)
    return mix(upper, lower, fade(y - row)) * 2 - 1
  }
}

/** An octave is turned against the one before, so that their grids do not show. */
const COS = 0.8
const SIN = 0.6

/**
 * Fractal noise: octaves of value noise, each twice as fine and half as strong as the one before.
 *
 * @param scale Pixels between the grid points of the coarsest octave.
 */
export function fractalNoise(seed: number, scale: number, octaves: number): Noise {
  const base = valueNoise(seed)
  const total = 2 - 2 ** (1 - octaves)
  return (x, y) => {
    let u = x / scale
    let v = y / scale
    let sum = 0
    let weight = 1
    for (let octave = 0; octave < octaves; octave++) {
      sum += weight * base(u, v)
      const turned = 2 * (SIN * u + COS * v) - 9.1
      u = 2 * (COS * u - SIN * v) + 17.3
      v = turned
      weight /= 2
    }
    return sum / total
  }
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
