import type { LabPicture } from './picture'

/** What is known of a pixel before the walk. */
export const FREE = 0
export const SEED_FOREGROUND = 1
export const SEED_BACKGROUND = 2

export interface WalkOptions {
  /** How much an edge in the picture keeps the walker from crossing it; 0 not at all. */
  beta?: number
  /** Where the solver stops: the residual in relation to the right side, both in the Euclidean norm. */
  tolerance?: number
  /** How probable foreground is by the pixel alone, `[height, width]`, 0 to 1. */
  prior?: Float32Array
  /** What the prior counts for, beside sides that weigh 1 in an even picture. */
  priorWeight?: number
}

/**
 * The probability that a random walker that starts at a pixel reaches a foreground seed before a background seed
 * (Grady, Random Walks for Image Segmentation, 2006). He steps over the sides of pixels, with a weight of
 * exp(−β · d²/mean d²) where d is the distance of the two colours in CIELAB (Grady's equation 1; the mean over all
 * sides takes the place of his normalisation by the greatest, which a single bright speck would rule). The
 * probabilities are the solution of the combinatorial Dirichlet problem L x = b (his equation 10), found by
 * conjugate gradients with the modified incomplete Cholesky factorisation of level 0 (Gustafsson 1978) in front. A
 * prior is one side more for each pixel, to seeds of its own (Grady, Multilabel Random Walker Image Segmentation
 * Using Prior Models, 2005).
 *
 * @param seeds `[height, width]`: `FREE`, `SEED_FOREGROUND` or `SEED_BACKGROUND`; at least one seed. Only the free
 *   pixels cost time.
 * @returns `[height, width]`, 0 to 1; exactly 1 and 0 at the seeds.
 */
export function walk(picture: LabPicture, seeds: Uint8Array, options: WalkOptions = {}): Float32Array {
  const { beta = 1, tolerance = 1e-4, prior, priorWeight = 0.05 } = options
  const system = buildSystem(picture, seeds, beta)
  if (prior) addPrior(system, seeds, prior, priorWeight)
  const solution = solve(system, tolerance)
  const probabilities = new Float32Array(seeds.length)
  for (let at = 0, node = 0; at < seeds.length; at++) {
    if (seeds[at] === FREE) probabilities[at] = Math.min(1, Math.max(0, solution[node++]!))
    else probabilities[at] = seeds[at] === SEED_FOREGROUND ? 1 : 0
  }
  return probabilities
}

/**
 * The equations of the free pixels, numbered row by row: so the free pixel right of number i is i + 1. The matrix
 * is symmetric.
 */
interface System {
  /** Sum of the weights of all of a pixel's sides. */
  diagonal: Float64Array
  /** Weight of the side to the right, and to the pixel below, where that is free; else 0. */
  right: Float64Array
  below: Float64Array
  /** The number of the pixel below, where that is free; else the pixel's own. */
  lower: Int32Array
  /** What comes in from foreground seeds beside the pixel. */
  known: Float64Array
}

/** No side is impassable, or parts without a seed would have no answer. */
const LEAST_WEIGHT = 1e-5

function buildSystem(picture: LabPicture, seeds: Uint8Array, beta: number): System {
  const { width } = picture
  const count = seeds.reduce((sum, seed) => sum + (seed === FREE ? 1 : 0), 0)
  const system: System = {
    diagonal: new Float64Array(count),
    right: new Float64Array(count),
    below: new Float64Array(count),
    lower: Int32Array.from({ length: count }, (_, i) => i),
    known: new Float64Array(count)
  }
  const { diagonal, right, below, lower, known } = system
  const weightOf = weights(picture, beta)
  const [foreground, background] = [-1, -2]
  const numbers = new Int32Array(seeds.length)
  let next = 0
  for (let at = 0; at < seeds.length; at++) {
    numbers[at] = seeds[at] === FREE ? next++ : seeds[at] === SEED_FOREGROUND ? foreground : background
  }
  /** A side of the picture: adds its weight to the equations of both pixels. */
  const join = (p: number, q: number, offDiagonal: Float64Array) => {
    const a = numbers[p]!
    const b = numbers[q]!
    if (a < 0 && b < 0) return
    const weight = weightOf(p, q)
    if (a >= 0) diagonal[a]! += weight
    if (b >= 0) diagonal[b]! += weight
    if (a >= 0 && b >= 0) {
      offDiagonal[a] = weight
      if (offDiagonal === below) lower[a] = b
    } else if (Math.min(a, b) === foreground) {
      known[Math.max(a, b)]! += weight
    }
  }
  for (let at = 0, x = 0; at < seeds.length; at++, x = x + 1 === width ? 0 : x + 1) {
    if (x + 1 < width) join(at, at + 1, right)
    if (at + width < seeds.length) join(at, at + width, below)
  }
  return system
}

/** The weight of the side between two pixels. */
function weights({ width, height, planes }: LabPicture, beta: number): (p: number, q: number) => number {
  const [lightness, a, b] = planes
  const distance2 = (p: number, q: number) =>
    (lightness[p]! - lightness[q]!) ** 2 + (a[p]! - a[q]!) ** 2 + (b[p]! - b[q]!) ** 2
  const pixels = width * height
  let sum = 0
  for (let at = 0, x = 0; at < pixels; at++, x = x + 1 === width ? 0 : x + 1) {
    if (x + 1 < width) sum += distance2(at, at + 1)
    if (at + width < pixels) sum += distance2(at, at + width)
  }
  const sides = 2 * pixels - width - height
  const scale = sum > 0 ? (beta * sides) / sum : 0
  return (p, q) => Math.exp(-scale * distance2(p, q)) + LEAST_WEIGHT
}

function addPrior({ diagonal, known }: System, seeds: Uint8Array, prior: Float32Array, weight: number): void {
  let node = 0
  for (let at = 0; at < seeds.length; at++) {
    if (seeds[at] !== FREE) continue
    diagonal[node]! += weight
    known[node]! += weight * prior[at]!
    node++
  }
}

/** More than any picture needed; a walk that has not converged by then is as good as it gets. */
const MOST_ITERATIONS = 2000

/** Preconditioned conjugate gradients (Hestenes and Stiefel 1952). */
function solve(system: System, tolerance: number): Float64Array {
  const { known } = system
  const count = known.length
  const factor = factorise(system)
  const solution = new Float64Array(count)
  const residual = known.slice()
  const conditioned = new Float64Array(count)
  const image = new Float64Array(count)
  precondition(system, factor, residual, conditioned)
  const direction = conditioned.slice()
  const goal = tolerance ** 2 * dot(known, known)
  let slope = dot(residual, conditioned)
  for (let i = 0; i < MOST_ITERATIONS && dot(residual, residual) > goal; i++) {
    multiply(system, direction, image)
    const step = slope / dot(direction, image)
    for (let k = 0; k < count; k++) {
      solution[k]! += step * direction[k]!
      residual[k]! -= step * image[k]!
    }
    precondition(system, factor, residual, conditioned)
    const next = dot(residual, conditioned)
    const ratio = next / slope
    slope = next
    for (let k = 0; k < count; k++) direction[k] = conditioned[k]! + ratio * direction[k]!
  }
  return solution
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function multiply({ diagonal, right, below, lower }: System, x: Float64Array, product: Float64Array): void {
  for (let i = 0; i < x.length; i++) product[i] = diagonal[i]! * x[i]!
  for (let i = 0; i < x.length; i++) {
    if (right[i] !== 0) {
      product[i]! -= right[i]! * x[i + 1]!
      product[i + 1]! -= right[i]! * x[i]!
    }
    if (below[i] !== 0) {
      product[i]! -= below[i]! * x[lower[i]!]!
      product[lower[i]!]! -= below[i]! * x[i]!
    }
  }
}

/** How much of the dropped fill-in goes to the diagonal, and how small a pivot may become. */
const MODIFIED = 0.97
const LEAST_PIVOT = 0.25

/** The inverse diagonal of the factor; the rest of the factor follows from it and the matrix. */
function factorise({ diagonal, right, below, lower }: System): Float64Array {
  const pivots = diagonal.slice()
  for (let i = 0; i < pivots.length; i++) {
    if (pivots[i]! < LEAST_PIVOT * diagonal[i]!) pivots[i] = diagonal[i]!
    const dropped = MODIFIED * right[i]! * below[i]!
    if (right[i] !== 0) pivots[i + 1]! -= (right[i]! ** 2 + dropped) / pivots[i]!
    if (below[i] !== 0) pivots[lower[i]!]! -= (below[i]! ** 2 + dropped) / pivots[i]!
  }
  return pivots.map((pivot) => 1 / Math.sqrt(pivot))
}

/** Solves with the factor and its transpose: one sweep down, one up. */
function precondition(
  { right, below, lower }: System,
  inverse: Float64Array,
  residual: Float64Array,
  result: Float64Array
): void {
  result.set(residual)
  for (let i = 0; i < result.length; i++) {
    result[i]! *= inverse[i]!
    const passed = inverse[i]! * result[i]!
    if (right[i] !== 0) result[i + 1]! += right[i]! * passed
    if (below[i] !== 0) result[lower[i]!]! += below[i]! * passed
  }
  for (let i = result.length - 1; i >= 0; i--) {
    let value = result[i]!
    if (right[i] !== 0) value += right[i]! * inverse[i]! * result[i + 1]!
    if (below[i] !== 0) value += below[i]! * inverse[i]! * result[lower[i]!]!
    result[i] = value * inverse[i]!
  }
}
