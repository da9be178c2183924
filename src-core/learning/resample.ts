import type { Extent } from './frame'

/**
 * The way of a picture into the network and back: scaled to its frame, and a probability map of the frame scaled to
 * the picture. Pure arithmetic on arrays, so that the app and an exported model on a web page feed
 * the network the very same bytes.
 */

/** For each output pixel the run of input pixels that it mixes, and their weights, which sum to 1. */
interface Taps {
  first: Int32Array
  count: Int32Array
  /** `[to, stride]`, row i holding `count[i]` weights. */
  weights: Float64Array
  stride: number
}

/**
 * A triangle filter around each output pixel's centre. Its half-width is one pixel of the coarser of the two
 * grids: shrinking averages over all the area that an output pixel covers, enlarging is bilinear. Weights that
 * would fall outside of the picture are left out and the rest rescaled.
 */
function triangleTaps(from: number, to: number): Taps {
  const scale = from / to
  const support = Math.max(1, scale)
  const stride = Math.ceil(2 * support) + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Float64Array(to * stride)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    const start = Math.max(0, Math.ceil(centre - support - 0.5))
    const end = Math.min(from - 1, Math.floor(centre + support - 0.5))
    let sum = 0
    for (let j = start; j <= end; j++) {
      const weight = 1 - Math.abs(j + 0.5 - centre) / support
      weights[i * stride + j - start] = weight
      sum += weight
    }
    for (let k = 0; k <= end - start; k++) weights[i * stride + k]! /= sum
    first[i] = start
    count[i] = end - start + 1
  }
  return { first, count, weights, stride }
}

/**
 * An image at the scale at which the network sees it: a separable triangle filter (area-true when shrinking, bilinear
 * with half-pixel centres when enlarging), rounded to bytes.
 *
 * @param pixels `[height, width, channels]`, 0 to 255, RGB or RGBA; alpha is not looked at.
 * @param to The frame.
 * @returns `[to.height, to.width, 3]`, RGB, 0 to 255.
 */
export function resampleImage(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 3 | 4,
  to: Extent
): Uint8Array {
  const across = triangleTaps(width, to.width)
  const down = triangleTaps(height, to.height)
  const row = new Float64Array(to.width * 3)
  const result = new Uint8Array(to.width * to.height * 3)
  // Each input row is narrowed once and added to the output rows that it belongs to; those come in order, and only
  // those that are not complete yet are kept.
  const open: Float64Array[] = []
  let firstOpen = 0
  for (let y = 0; y < height; y++) {
    narrowRow(pixels, y * width * channels, channels, across, row)
    for (let i = firstOpen; i < to.height && down.first[i]! <= y; i++) {
      const weight = down.weights[i * down.stride + y - down.first[i]!]!
      const sums = (open[i - firstOpen] ??= new Float64Array(row.length))
      for (let k = 0; k < row.length; k++) sums[k]! += weight * row[k]!
    }
    while (firstOpen < to.height && down.first[firstOpen]! + down.count[firstOpen]! <= y + 1) {
      const sums = open.shift()!
      const base = firstOpen++ * row.length
      for (let k = 0; k < row.length; k++) result[base + k] = Math.floor(sums[k]! + 0.5)
    }
  }
  return result
}

function narrowRow(
  pixels: Uint8Array | Uint8ClampedArray,
  base: number,
  channels: number,
  { first, count, weights, stride }: Taps,
  row: Float64Array
): void {
  for (let i = 0; i < first.length; i++) {
    let red = 0
    let green = 0
    let blue = 0
    let at = base + first[i]! * channels
    const end = i * stride + count[i]!
    for (let k = i * stride; k < end; k++) {
      const weight = weights[k]!
      red += weight * pixels[at]!
      green += weight * pixels[at + 1]!
      blue += weight * pixels[at + 2]!
      at += channels
    }
    row[i * 3] = red
    row[i * 3 + 1] = green
    row[i * 3 + 2] = blue
  }
}

/** The input pixel in whose area the centre of each output pixel lies. */
function nearest(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to))
}

/**
 * A mask at the scale at which the network sees its image: each pixel takes the value at its centre, so the values
 * stay what they are.
 *
 * @param label `[height, width]`, three-valued mask.
 * @returns `[to.height, to.width]`, three-valued mask.
 */
export function resampleLabel(label: Uint8Array, width: number, height: number, to: Extent): Uint8Array {
  const columns = nearest(width, to.width)
  const result = new Uint8Array(to.width * to.height)
  nearest(height, to.height).forEach((y, i) => {
    for (let j = 0; j < to.width; j++) result[i * to.width + j] = label[y * width + columns[j]!]!
  })
  return result
}

/** For each output pixel the two input pixels that its centre lies between, and the share of the second. */
function bilinearTaps(from: number, to: number): { low: Int32Array; high: Int32Array; share: Float64Array } {
  const low = new Int32Array(to)
  const high = new Int32Array(to)
  const share = new Float64Array(to)
  for (let i = 0; i < to; i++) {
    const position = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    low[i] = Math.floor(position)
    high[i] = Math.min(from - 1, low[i]! + 1)
    share[i] = position - low[i]!
  }
  return { low, high, share }
}

/**
 * A prediction scaled back to its image, bilinear with half-pixel centres. Whatever the unit of the map
 * (0 to 1, or the stored bytes), the result has the same.
 *
 * @param map `[from.height, from.width]`.
 * @returns `[to.height, to.width]`.
 */
export function enlargeProbabilities(map: Float32Array | Uint8Array, from: Extent, to: Extent): Float32Array {
  const result = new Float32Array(to.width * to.height)
  let at = 0
  for (const row of enlargedRows(map, from, to)) {
    result.set(row, at)
    at += to.width
  }
  return result
}

/**
 * As `enlargeProbabilities`, row by row, for images whose pixels would take too much memory as numbers.
 *
 * @returns One `[to.width]` after the other, all in the same array.
 */
export function* enlargedRows(
  map: Float32Array | Uint8Array,
  from: Extent,
  to: Extent
): Generator<Float32Array> {
  const across = bilinearTaps(from.width, to.width)
  const down = bilinearTaps(from.height, to.height)
  const between = new Float64Array(from.width)
  const row = new Float32Array(to.width)
  for (let y = 0; y < to.height; y++) {
    const upper = down.low[y]! * from.width
    const lower = down.high[y]! * from.width
    const share = down.share[y]!
    for (let x = 0; x < from.width; x++) {
      between[x] = map[upper + x]! * (1 - share) + map[lower + x]! * share
    }
    for (let x = 0; x < to.width; x++) {
      const right = across.share[x]!
      row[x] = between[across.low[x]!]! * (1 - right) + between[across.high[x]!]! * right
    }
    yield row
  }
}
