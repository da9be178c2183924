import type { TrainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
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

/**
 * A changed copy of a sample. The image is interpolated bilinearly and the label takes the nearest pixel, so that it
 * stays three-valued; quarter turns and mirroring move pixels without mixing them. Where the copy shows what lies
 * outside of the original, the image goes on as at its edge, and the label is unknown: nothing is learned there.
 *
 * @param sample Of `size`.
 * @param image Where the image goes, `[size, size, 3]`. @param label Where the label goes, `[size, size]`.
 */
export function augment(
  sample: Pick<Sample, 'image' | 'label'>,
  size: number,
  { flip, angle, zoom, brightness }: Augmentation,
  image: Uint8Array,
  label: Uint8Array
): void {
  if (angle === 0 && zoom === 1) {
    copyFlipped(sample.image, image, size, 3, flip)
    copyFlipped(sample.label, label, size, 1, flip)
  } else {
    copyTurned(sample, size, { flip, angle, zoom }, image, label)
  }
  if (brightness !== 1) {
    const values = Uint8ClampedArray.from({ length: 256 }, (_, value) => value * brightness)
    for (let i = 0; i < image.length; i++) image[i] = values[image[i]!]!
  }
}

/** Copies `[size, size, channels]`, mirrored. */
function copyFlipped(from: Uint8Array, to: Uint8Array, size: number, channels: number, flip: Flip): void {
  if (!flip.horizontal && !flip.vertical) {
    to.set(from)
    return
  }
  const width = size * channels
  for (let y = 0; y < size; y++) {
    const source = (flip.vertical ? size - 1 - y : y) * width
    const target = y * width
    if (!flip.horizontal) to.set(from.subarray(source, source + width), target)
    else {
      for (let x = 0; x < width; x += channels) {
        for (let c = 0; c < channels; c++) to[target + x + c] = from[source + width - channels - x + c]!
      }
    }
  }
}

/** Asks for each pixel of the copy where it was in the original. */
function copyTurned(
  sample: Pick<Sample, 'image' | 'label'>,
  size: number,
  { flip, angle, zoom }: Pick<Augmentation, 'flip' | 'angle' | 'zoom'>,
  image: Uint8Array,
  label: Uint8Array
): void {
  const from = sample.image
  const last = size - 1
  const middle = last / 2
  const radians = (angle * Math.PI) / 180
  const cosine = Math.cos(radians) / zoom
  const sine = Math.sin(radians) / zoom
  const across = flip.horizontal ? -1 : 1
  const down = flip.vertical ? -1 : 1
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      const u = middle + across * (cosine * (x - middle) - sine * (y - middle))
      const v = middle + down * (sine * (x - middle) + cosine * (y - middle))
      const column = Math.round(u)
      const row = Math.round(v)
      const inside = column >= 0 && row >= 0 && column <= last && row <= last
      label[at] = inside ? sample.label[row * size + column]! : UNKNOWN

      const inU = u < 0 ? 0 : u > last ? last : u
      const inV = v < 0 ? 0 : v > last ? last : v
      const left = inU | 0
      const top = inV | 0
      const right = inU - left
      const below = inV - top
      const a = 3 * (top * size + left)
      const b = left < last ? a + 3 : a
      const step = top < last ? 3 * size : 0
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
