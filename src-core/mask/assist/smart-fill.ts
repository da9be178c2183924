import { learnColours, type ColourModel } from './colour-model'
import { connectedComponents } from '../components'
import { grow } from './disc'
import { fillHoles } from './parts'
import { toLab, type LabPicture, type Picture } from './picture'
import { FREE, SEED_BACKGROUND, SEED_FOREGROUND, walk } from './random-walker'

/** At most so many pixels are walked as a whole; larger pictures begin at a smaller scale. */
const COARSE_PIXELS = 1 << 15

/** So many pixels of the smaller scale to both sides of the edge found there are walked again at the larger one. */
const BAND = 2

/** Whether the picture ends with the image at each of its sides, or is cut out of it there. */
export interface ImageEnds {
  left: boolean
  top: boolean
  right: boolean
  bottom: boolean
}

/**
 * What lies between rough scribbles of foreground and of background: the pixels from which a random walker more
 * likely reaches foreground first (`random-walker.ts`). The walk is solved on the picture reduced by halves until
 * it is small, then from scale to scale up to the full one only in a band around the edge found so far (the scheme
 * of Lombaert et al., A Multilevel Banded Graph Cuts Method, 2005), so that the edge is exact to the pixel and a
 * large picture costs little more than a small one. What colours the scribbles cover counts along (`colour-model.ts`).
 *
 * Where the picture is cut out of the image, its rim counts as background; without a scribble of background so does
 * all of it.
 *
 * Of the result those parts are kept that a scribble of foreground touches, and holes stay where a scribble of
 * background is in them: objects are meant, not colours.
 *
 * @param seeds `[height, width]`: `SEED_FOREGROUND` and `SEED_BACKGROUND` where scribbled, else `FREE`.
 * @returns `[height, width]`, 1 where foreground; nothing without a scribble of foreground.
 */
export function smartFill(picture: Picture, seeds: Uint8Array, ends: ImageEnds): Uint8Array {
  if (!seeds.includes(SEED_FOREGROUND)) return new Uint8Array(seeds.length)
  const isScribbled = seeds.includes(SEED_BACKGROUND)
  const closed = isScribbled ? ends : { left: false, top: false, right: false, bottom: false }
  const lab = toLab(picture)
  const allSeeds = withRim(picture.width, picture.height, seeds, closed)
  // What the rim happens to cross says nothing about colours while there is something better.
  const colours = learnColours(lab, isScribbled ? seeds : allSeeds)
  return tidy(coarseToFine(lab, allSeeds, colours), seeds, picture.width, picture.height)
}

/** Keeps the parts and the holes that were scribbled on. */
function tidy(filled: Uint8Array, seeds: Uint8Array, width: number, height: number): Uint8Array {
  const meant = touched(filled, seeds, SEED_FOREGROUND, width, height)
  const rest = meant.map((value) => 1 - value)
  const background = touched(rest, seeds, SEED_BACKGROUND, width, height)
  return fillHoles(meant, width, height).map((value, at) => (background[at] ? 0 : value))
}

/** The parts of a binary picture, connected over sides and corners, that hold a seed of this kind. */
function touched(
  binary: Uint8Array,
  seeds: Uint8Array,
  kind: number,
  width: number,
  height: number
): Uint8Array {
  const { labels, sizes } = connectedComponents(binary, width, height)
  const isTouched = new Uint8Array(sizes.length + 1)
  labels.forEach((label, at) => {
    if (label && seeds[at] === kind) isTouched[label] = 1
  })
  return binary.map((_, at) => isTouched[labels[at]!]!)
}

/** The seeds with background along the sides where the image does not end. */
function withRim(width: number, height: number, seeds: Uint8Array, ends: ImageEnds): Uint8Array {
  const result = seeds.slice()
  const close = (at: number) => {
    if (result[at] === FREE) result[at] = SEED_BACKGROUND
  }
  for (let x = 0; x < width; x++) {
    if (!ends.top) close(x)
    if (!ends.bottom) close((height - 1) * width + x)
  }
  for (let y = 0; y < height; y++) {
    if (!ends.left) close(y * width)
    if (!ends.right) close(y * width + width - 1)
  }
  return result
}

function coarseToFine(picture: LabPicture, seeds: Uint8Array, colours: ColourModel): Uint8Array {
  const { width, height } = picture
  if (width * height <= COARSE_PIXELS) return sides(walk(picture, seeds, { prior: colours(picture, seeds) }))
  const half = halve(picture)
  const coarse = coarseToFine(half, halveSeeds(seeds, width, height), colours)
  const nearEdge = grow(edge(coarse, half.width, half.height), half.width, half.height, BAND)
  const settled = seeds.slice()
  for (let y = 0, at = 0; y < height; y++) {
    const row = (y >> 1) * half.width
    for (let x = 0; x < width; x++, at++) {
      const above = row + (x >> 1)
      if (settled[at] === FREE && !nearEdge[above])
        settled[at] = coarse[above] ? SEED_FOREGROUND : SEED_BACKGROUND
    }
  }
  return sides(walk(picture, settled, { prior: colours(picture, settled) }))
}

function sides(probabilities: Float32Array): Uint8Array {
  const result = new Uint8Array(probabilities.length)
  for (let at = 0; at < result.length; at++) result[at] = probabilities[at]! > 0.5 ? 1 : 0
  return result
}

/** 1 at the pixels with a neighbour, over a side, on the other side of the edge. */
function edge(binary: Uint8Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(binary.length)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (x + 1 < width && binary[at] !== binary[at + 1]) result[at] = result[at + 1] = 1
      if (y + 1 < height && binary[at] !== binary[at + width]) result[at] = result[at + width] = 1
    }
  }
  return result
}

function halve({ width, height, planes: [lightness, a, b] }: LabPicture): LabPicture {
  const shrink = (plane: Float32Array) => halvePlane(plane, width, height)
  return {
    width: (width + 1) >> 1,
    height: (height + 1) >> 1,
    planes: [shrink(lightness), shrink(a), shrink(b)]
  }
}

/** Half as wide and high, rounded up; each pixel the mean of the up to four that it covers. */
function halvePlane(plane: Float32Array, width: number, height: number): Float32Array {
  const [columns, rows] = [(width + 1) >> 1, (height + 1) >> 1]
  const means = new Float32Array(columns * rows)
  for (let y = 0, at = 0; y < rows; y++) {
    const top = 2 * y * width
    const bottom = Math.min(2 * y + 1, height - 1) * width
    for (let x = 0; x < columns; x++, at++) {
      const left = 2 * x
      const right = Math.min(left + 1, width - 1)
      means[at] =
        (plane[top + left]! + plane[top + right]! + plane[bottom + left]! + plane[bottom + right]!) / 4
    }
  }
  return means
}

/** A pixel is a seed if one of those that it covers is; where both kinds meet, foreground, the rarer one. */
function halveSeeds(seeds: Uint8Array, width: number, height: number): Uint8Array {
  const columns = (width + 1) >> 1
  const halved = new Uint8Array(columns * ((height + 1) >> 1))
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const to = (y >> 1) * columns + (x >> 1)
      if (seeds[at] !== FREE && halved[to] !== SEED_FOREGROUND) halved[to] = seeds[at]!
    }
  }
  return halved
}
