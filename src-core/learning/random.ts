/** A reproducible sequence of random numbers. */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2⁻³². */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform in 0 … bound − 1; bound at most 2³². */
  integer(bound: number): number
  /** A new array with the values in random order (Fisher and Yates). */
  shuffle<T>(values: readonly T[]): T[]
}

/**
 * A generator of its own for every purpose: equal arguments give the same sequence, different ones unrelated
 * sequences, so that what one purpose draws never moves another. sfc32 (Doty-Humphrey, PractRand): 128 bits of
 * state, period at least 2³², passes PractRand and BigCrush.
 *
 * @param seed The run's seed.
 * @param stream What the numbers are for, and of which step: `createRandom(seed, 'dropout', step)`.
 */
export function createRandom(seed: number, ...stream: (string | number)[]): Random {
  const next = sfc32(JSON.stringify([seed, ...stream]))
  const uniform = () => next() / 2 ** 32
  const integer = (bound: number) => Math.floor(uniform() * bound)
  return {
    uniform,
    integer,
    // Box and Muller; 1 − u keeps the logarithm away from 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle(values) {
      const shuffled = [...values]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1)
        const value = shuffled[last]!
        shuffled[last] = shuffled[other]!
        shuffled[other] = value
      }
      return shuffled
    }
  }
}

/** Rounds before the first number, so that similar keys have nothing in common. */
const WARM_UP = 20

function sfc32(key: string): () => number {
  let a = hash(key, 0x9e3779b9)
  let b = hash(key, 0x243f6a88)
  let c = hash(key, 0xb7e15162)
  let counter = 1
  const next = () => {
    const value = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + value) | 0
    return value >>> 0
  }
  for (let round = 0; round < WARM_UP; round++) next()
  return next
}

/** A 32-bit hash of a text; the multipliers are those of MurmurHash3's finaliser. */
function hash(text: string, start: number): number {
  let value = start
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x85ebca6b)
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
    value ^= value >>> 16
  }
  return value
}
