import type { TrainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
import { cutOut } from '#core/learning/tiles'
import { UNKNOWN } from '#core/mask/values'

/** How a training image differs from its original: mirrored, then enlarged and turned about its middle. */
export interface Augmentation {
  flip: Flip
  /** Counter-clockwise, in degrees. */
  angle: number
  /** Above 1 enlarges. */
  zoom: number
  /** What every value is multiplied by. */
  brightness: number
}

/** No difference. */
export const UNCHANGED: Augmentation = {
  flip: { horizontal: false, vertical: false },
  angle: 0,
  zoom: 1,
  brightness: 1
}

/** Which mirror images a sample is replaced by. */
export interface Flip {
  horizontal: boolean
  vertical: boolean
}

/** What is drawn at random, and how far it may go. */
export type AugmentationLimits = Pick<TrainConfig, 'flips' | 'rotation' | 'zoom' | 'brightness'>

/**
 * How each of a step's `count` samples is changed: flips like the toss of a coin, the angle uniform to either side,
 * the zoom uniform in its logarithm, so that enlarging is as likely as shrinking, the brightness uniform about 1.
 *
 * @param step From 1.
 */
export function batchAugmentations(
  { flips, rotation, zoom, brightness }: AugmentationLimits,
  count: number,
  seed: number,
  step: number
): Augmentation[] {
  const mirrored = batchFlips(count, seed, step)
  const random = createRandom(seed, 'augmentation', step)
  const between = (low: number, high: number) => low + (high - low) * random.uniform()
  return mirrored.map((flip) => ({
    flip: flips ? flip : { horizontal: false, vertical: false },
    angle: between(-rotation, rotation),
    zoom: zoom ** between(-1, 1),
    brightness: between(1 - brightness, 1 + brightness)
  }))
}

/** How each of a step's `count` samples is mirrored. */
export function batchFlips(count: number, seed: number, step: number): Flip[] {
  const random = createRandom(seed, 'flips', step)
  return Array.from({ length: count }, () => ({
    horizontal: random.integer(2) === 1,
    vertical: random.integer(2) === 1
  }))
}

/** What augmentation looks at of a sample. */
export type Picture = Omit<Sample, 'imageId'>

/**
 * A changed copy of a crop of a sample. The image is interpolated bilinearly and the label takes the nearest pixel, so
 * that it stays three-valued; quarter turns and mirroring move pixels without mixing them. A turned or shrunk crop
 * shows what lies around it in the frame. Outside of the frame the image goes on as at its edge, and the label is
 * unknown: nothing is learned there.
 *
 * @param corner Of the crop in the sample's frame, at least 0; the sample's own if not given.
 * @param size Edge of the crop and of the copy.
 * @param image Where the image goes, `[size, size, 3]`. @param label Where the label goes, `[size, size]`.
 */
export function augment(
  sample: Picture,
  size: number,
  { flip, angle, zoom, brightness }: Augmentation,
  image: Uint8Array,
  label: Uint8Array,
  corner: Corner = { left: 0, top: 0 }
): void {
  if (angle === 0 && zoom === 1) {
    cutOut(sample.image, sample, 3, corner, size, image)
    cutOut(sample.label, sample, 1, corner, size, label)
    forgetBeyond(sample, corner, size, label)
    mirror(image, size, 3, flip)
    mirror(label, size, 1, flip)
  } else {
    copyTurned(sample, corner, size, { flip, angle, zoom }, image, label)
  }
  if (brightness !== 1) {
    const values = Uint8ClampedArray.from({ length: 256 }, (_, value) => value * brightness)
    for (let i = 0; i < image.length; i++) image[i] = values[image[i]!]!
  }
}

/** The upper left pixel of a crop in its frame. */
export interface Corner {
  left: number
  top: number
}

/** Makes unknown what a crop's label says beyond the frame. */
function forgetBeyond(
  { width, height }: Picture,
  { left, top }: Corner,
  size: number,
  label: Uint8Array
): void {
  const [columns, rows] = [Math.min(size, width - left), Math.min(size, height - top)]
  label.fill(UNKNOWN, rows * size)
  if (columns === size) return
  for (let y = 0; y < rows; y++) label.fill(UNKNOWN, y * size + columns, (y + 1) * size)
}

/** Mirrors `[size, size, channels]` in place. */
function mirror(pixels: Uint8Array, size: number, channels: number, flip: Flip): void {
  const width = size * channels
  if (flip.vertical) {
    const row = new Uint8Array(width)
    for (let upper = 0, lower = (size - 1) * width; upper < lower; upper += width, lower -= width) {
      row.set(pixels.subarray(upper, upper + width))
      pixels.copyWithin(upper, lower, lower + width)
      pixels.set(row, lower)
    }
  }
  if (!flip.horizontal) return
  for (let row = 0; row < pixels.length; row += width) {
    for (let a = row, b = row + width - channels; a < b; a += channels, b -= channels) {
      for (let c = 0; c < channels; c++) {
        const value = pixels[a + c]!
        pixels[a + c] = pixels[b + c]!
        pixels[b + c] = value
      }
    }
  }
}

/** Asks for each pixel of the copy where it was in the original. */
function copyTurned(
  sample: Picture,
  { left: originX, top: originY }: Corner,
  size: number,
  { flip, angle, zoom }: Pick<Augmentation, 'flip' | 'angle' | 'zoom'>,
  image: Uint8Array,
  label: Uint8Array
): void {
  const { image: from, width } = sample
  const [lastColumn, lastRow] = [width - 1, sample.height - 1]
  const middle = (size - 1) / 2
  const radians = (angle * Math.PI) / 180
  const cosine = Math.cos(radians) / zoom
  const sine = Math.sin(radians) / zoom
  const across = flip.horizontal ? -1 : 1
  const down = flip.vertical ? -1 : 1
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      const u = originX + middle + across * (cosine * (x - middle) - sine * (y - middle))
      const v = originY + middle + down * (sine * (x - middle) + cosine * (y - middle))
      const column = Math.round(u)
      const row = Math.round(v)
      const inside = column >= 0 && row >= 0 && column <= lastColumn && row <= lastRow
      label[at] = inside ? sample.label[row * width + column]! : UNKNOWN

      const inU = u < 0 ? 0 : u > lastColumn ? lastColumn : u
      const inV = v < 0 ? 0 : v > lastRow ? lastRow : v
      const left = inU | 0
      const top = inV | 0
      const right = inU - left
      const below = inV - top
      const a = 3 * (top * width + left)
      const b = left < lastColumn ? a + 3 : a
      const step = top < lastRow ? 3 * width : 0
      const c = a + step
      const d = b + step
      const shareD = right * below
      const shareB = right - shareD
      const shareC = below - shareD
      const shareA = 1 - right - shareC
      for (let k = 0; k < 3; k++) {
        image[3 * at + k] =
          shareA * from[a + k]! + shareB * from[b + k]! + shareC * from[c + k]! + shareD * from[d + k]! + 0.5
      }
    }
  }
}
