import type { LabPicture } from './picture'
import { FREE, SEED_BACKGROUND, SEED_FOREGROUND } from './random-walker'

/** Kinds of colour that each side of an edge may consist of. */
const CLUSTERS = 6
const ROUNDS = 8
/** Scribbled pixels that are looked at, evenly spread; more would not change the clusters. */
const SAMPLES = 4000
/** Squared spread of a cluster at the least, in CIELAB: the noise of 8 bits. */
const LEAST_SPREAD2 = 2

interface Colours {
  /** `[k, 3]` */
  means: Float64Array
  shares: Float64Array
}

/**
 * How probable foreground is at the free pixels of a picture, by their colour alone.
 *
 * @returns `[height, width]`, 0 to 1; at seeds without meaning.
 */
export type ColourModel = (picture: LabPicture, seeds: Uint8Array) => Float32Array

/**
 * Learns from the colours under scribbles: the posterior of two mixtures of equally wide Gaussians in CIELAB, one
 * for each kind of scribble, with equal priors. The Gaussians are the clusters of k-means (as in Li et al., Lazy
 * Snapping, 2004), their width is how far scribbled pixels are from their cluster.
 *
 * @param seeds `[height, width]`; with scribbles of one kind only the probability is 0.5 everywhere.
 */
export function learnColours({ planes }: LabPicture, seeds: Uint8Array): ColourModel {
  const foreground = sample(seeds, SEED_FOREGROUND)
  const background = sample(seeds, SEED_BACKGROUND)
  if (foreground.length === 0 || background.length === 0) {
    return (_, { length }) => new Float32Array(length).fill(0.5)
  }
  const inside = cluster(planes, foreground)
  const outside = cluster(planes, background)
  const spread2 = Math.max(
    LEAST_SPREAD2,
    (meanDistance2(planes, foreground, inside) + meanDistance2(planes, background, outside)) / 2
  )
  // The squared distance is spread over three dimensions.
  const scale = -1.5 / spread2
  return (picture, free) => {
    const result = new Float32Array(free.length)
    for (let at = 0; at < free.length; at++) {
      if (free[at] !== FREE) continue
      const a = density(picture.planes, at, inside, scale)
      const b = density(picture.planes, at, outside, scale)
      result[at] = (a + LEAST_DENSITY) / (a + b + 2 * LEAST_DENSITY)
    }
    return result
  }
}

/** A colour unlike all that was scribbled says nothing. */
const LEAST_DENSITY = 1e-12

function sample(seeds: Uint8Array, kind: number): Int32Array {
  const places: number[] = []
  seeds.forEach((seed, at) => seed === kind && places.push(at))
  const step = Math.max(1, places.length / SAMPLES)
  return Int32Array.from(
    { length: Math.floor(places.length / step) },
    (_, i) => places[Math.floor(i * step)]!
  )
}

function cluster(planes: LabPicture['planes'], places: Int32Array): Colours {
  const count = Math.min(CLUSTERS, places.length)
  const byLightness = places.slice().sort((p, q) => planes[0][p]! - planes[0][q]!)
  const means = new Float64Array(count * 3)
  const shares = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const at = byLightness[Math.floor(((k + 0.5) * places.length) / count)]!
    for (let c = 0; c < 3; c++) means[k * 3 + c] = planes[c]![at]!
  }
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(count * 3)
    shares.fill(0)
    for (const at of places) {
      const k = nearest(planes, at, means)
      shares[k]!++
      for (let c = 0; c < 3; c++) sums[k * 3 + c]! += planes[c]![at]!
    }
    for (let i = 0; i < sums.length; i++) {
      const members = shares[Math.floor(i / 3)]!
      if (members > 0) means[i] = sums[i]! / members
    }
  }
  return { means, shares: shares.map((members) => members / places.length) }
}

function distance2(planes: LabPicture['planes'], at: number, means: Float64Array, k: number): number {
  const dl = planes[0][at]! - means[k * 3]!
  const da = planes[1][at]! - means[k * 3 + 1]!
  const db = planes[2][at]! - means[k * 3 + 2]!
  return dl * dl + da * da + db * db
}

function nearest(planes: LabPicture['planes'], at: number, means: Float64Array): number {
  let best = 0
  let least = Infinity
  for (let k = 0; k * 3 < means.length; k++) {
    const distance = distance2(planes, at, means, k)
    if (distance < least) [least, best] = [distance, k]
  }
  return best
}

function meanDistance2(planes: LabPicture['planes'], places: Int32Array, { means }: Colours): number {
  let sum = 0
  for (const at of places) sum += distance2(planes, at, means, nearest(planes, at, means))
  return sum / places.length
}

function density(
  planes: LabPicture['planes'],
  at: number,
  { means, shares }: Colours,
  scale: number
): number {
  let sum = 0
  for (let k = 0; k < shares.length; k++)
    sum += shares[k]! * Math.exp(scale * distance2(planes, at, means, k))
  return sum
}
