import { createRandom } from '#core/learning/random'

/** A 95 % confidence interval. */
export interface Interval {
  low: number
  high: number
}

const CONFIDENCE = 0.95

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The mean of the two middle values of an even number of them; 0 without values. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2
}

/** The standard deviation of a sample, by n − 1; 0 of a single value. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / Math.max(1, values.length - 1))
}

/**
 * The interval of the mean of independent values by Student's t distribution (Student 1908), n − 1 degrees of
 * freedom; of paired differences this is the paired t test. Null for fewer than two values, which say nothing of
 * their spread.
 */
export function studentInterval(values: readonly number[]): Interval | null {
  const n = values.length
  if (n < 2) return null
  const mean = meanOf(values)
  const half = (studentQuantile(n - 1) * deviationOf(values)) / Math.sqrt(n)
  return { low: mean - half, high: mean + half }
}

/**
 * The t that a variable with Student's distribution leaves in 5 % of cases, in either direction.
 *
 * @param freedom Degrees of freedom, a whole number from 1.
 */
export function studentQuantile(freedom: number): number {
  // t = √ν tan θ, and the probability grows with θ.
  let [below, above] = [0, Math.PI / 2]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (below + above) / 2
    if (probabilityWithin(middle, freedom) < CONFIDENCE) below = middle
    else above = middle
  }
  return Math.sqrt(freedom) * Math.tan(below)
}

/** P(|T| < √ν tan θ) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
function probabilityWithin(theta: number, freedom: number): number {
  const cos = Math.cos(theta)
  const odd = freedom % 2 === 1
  let term = odd ? cos : 1
  let series = freedom === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cos * cos
    series += term
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * series) : Math.sin(theta) * series
}

/** Samples drawn by the bootstrap. */
const DRAWS = 2000

/**
 * The percentile interval of a statistic over other images that might have been taken instead (Efron 1979): images
 * are drawn with replacement, always the same ones. Null for fewer than two images.
 *
 * @param images How many there are.
 * @param statistic Of the images with these indices, which may repeat; the array is filled anew for every draw.
 */
export function bootstrapInterval(
  images: number,
  statistic: (indices: readonly number[]) => number
): Interval | null {
  if (images < 2) return null
  const random = createRandom(0, 'bootstrap')
  const indices = new Array<number>(images).fill(0)
  const drawn = Float64Array.from({ length: DRAWS }, () => {
    for (let i = 0; i < images; i++) indices[i] = random.integer(images)
    return statistic(indices)
  }).sort()
  const tail = Math.floor(((1 - CONFIDENCE) / 2) * DRAWS)
  return { low: drawn[tail]!, high: drawn[DRAWS - 1 - tail]! }
}
