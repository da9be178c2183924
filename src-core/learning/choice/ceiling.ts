import { frameOf, type Extent, type Framing } from '#core/learning/frame'
import { enlargeProbabilities, resampleLabel } from '#core/learning/resample'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** How finely a network sees and says: its view of an image, and the pixels of it per value of its coarsest output. */
export interface Resolution extends Framing {
  /** Of the grid that one transposed convolution enlarges to the logits; 1 where the network has none. */
  stride: number
}

/** Steps by which a coarse grid is fitted to a mask; more of them move no ceiling by 0.005. */
const ROUNDS = 4

/** Values between 0 and 1 told apart when the best threshold is looked for. */
const LEVELS = 256

/** Shares of an image's area by what the best map of a network has there: `LEVELS` of foreground, then of background. */
export type Reach = Float64Array

/**
 * What a network of this resolution could say of a mask at best, if it knew the mask.
 *
 * It sees the label as training does, at its input size by nearest neighbour. A network that ends in a transposed
 * convolution whose kernel is twice its stride says no more than a grid of one value per stride, enlarged about
 * bilinearly (FCN, Long et al. 2015); that grid is fitted to the label by back projection (Irani and Peleg 1991):
 * each cell takes the mean of what is missing over its area, a few times. The map is then enlarged to the image as
 * predictions are, and compared with the mask as it was painted.
 *
 * @param label `[height, width]`, three-valued mask; what is unknown counts nowhere.
 */
export function reachOf(
  label: Uint8Array,
  width: number,
  height: number,
  { stride, ...framing }: Resolution
): Reach {
  const frame = frameOf(framing, { width, height })
  const small = resampleLabel(label, width, height, frame)
  const map = stride === 1 ? Float32Array.from(small, valueOf) : fitted(small, frame, stride)
  const enlarged = enlargeProbabilities(map, frame, { width, height })
  const reach = new Float64Array(2 * LEVELS)
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(enlarged[i]! * LEVELS)))
    reach[label[i] === FOREGROUND ? level : LEVELS + level]! += 1 / label.length
  }
  return reach
}

/** Of an unknown pixel neither, so that it draws no edge. */
function valueOf(pixel: number): number {
  return pixel === UNKNOWN ? 0.5 : pixel
}

/** The best map that a grid of one value per stride makes of a label, `[height, width]`. */
function fitted(label: Uint8Array, frame: Extent, stride: number): Float32Array {
  const cells = { width: Math.ceil(frame.width / stride), height: Math.ceil(frame.height / stride) }
  const covered = { width: cells.width * stride, height: cells.height * stride }
  const grid = new Float32Array(cells.width * cells.height).fill(0.5)
  const known = new Float32Array(grid.length)
  const missing = new Float32Array(grid.length)
  const cellOf = (i: number) =>
    Math.floor(Math.floor(i / frame.width) / stride) * cells.width + Math.floor((i % frame.width) / stride)
  const mapOf = () => clipped(enlargeProbabilities(grid, cells, covered), covered, frame)
  for (let i = 0; i < label.length; i++) if (label[i] !== UNKNOWN) known[cellOf(i)]!++
  for (let round = 0; round < ROUNDS; round++) {
    const map = mapOf()
    missing.fill(0)
    for (let i = 0; i < label.length; i++) {
      if (label[i] !== UNKNOWN) missing[cellOf(i)]! += label[i]! - map[i]!
    }
    for (let cell = 0; cell < grid.length; cell++) {
      if (known[cell]) grid[cell]! += missing[cell]! / known[cell]!
    }
  }
  return mapOf()
}

/** The upper left part of a map. */
function clipped(map: Float32Array, from: Extent, to: Extent): Float32Array {
  if (from.width === to.width && from.height === to.height) return map
  const part = new Float32Array(to.width * to.height)
  for (let y = 0; y < to.height; y++) {
    part.set(map.subarray(y * from.width, y * from.width + to.width), y * to.width)
  }
  return part
}

/**
 * The greatest foreground IoU over all images at one threshold for all of them; 1 where nothing is foreground.
 *
 * @param reaches One per image, all of the same resolution.
 */
export function ceilingOf(reaches: Reach[]): number {
  const sums = new Float64Array(2 * LEVELS)
  let foreground = 0
  for (const reach of reaches) {
    for (let i = 0; i < reach.length; i++) {
      sums[i]! += reach[i]!
      if (i < LEVELS) foreground += reach[i]!
    }
  }
  if (foreground === 0) return 1
  let best = 0
  let found = 0
  let wrong = 0
  for (let level = LEVELS - 1; level >= 0; level--) {
    found += sums[level]!
    wrong += sums[LEVELS + level]!
    best = Math.max(best, found / (foreground + wrong))
  }
  return Math.min(1, best)
}
