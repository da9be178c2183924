import { square } from '#core/learning/frame'
import { resampleImage } from '#core/learning/resample'

/** Edge of a fingerprint, in cells. */
const EDGE = 16

/** Bytes of a fingerprint. */
export const FINGERPRINT_BYTES = EDGE * EDGE

/** A picture with less contrast than this, of 255, looks like nothing in particular. */
const LEAST_CONTRAST = 2

/** From this likeness on two images count as pictures of the same thing. */
export const ALIKE = 0.9

/**
 * What a picture looks like from afar: its luminance on a 16 × 16 grid, stretched to the full range. Another
 * encoding, size or brightness of the same picture hardly changes it.
 *
 * @param rgb `[height, width, 3]`, 0 to 255.
 * @returns `[16, 16]`, 0 to 255; all 0 for a picture without contrast.
 */
export function fingerprintOf(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const small = resampleImage(rgb, width, height, 3, square(EDGE))
  const luminance = Float32Array.from(
    { length: FINGERPRINT_BYTES },
    (_, i) => 0.299 * small[3 * i]! + 0.587 * small[3 * i + 1]! + 0.114 * small[3 * i + 2]!
  )
  const low = Math.min(...luminance)
  const range = Math.max(...luminance) - low
  if (range < LEAST_CONTRAST) return new Uint8Array(FINGERPRINT_BYTES)
  return Uint8Array.from(luminance, (value) => Math.round((255 * (value - low)) / range))
}

/**
 * A fingerprint made ready for comparison: the differences of neighbouring cells, across and down, as a vector of
 * length 1, so that edges count and smooth shading does not. All 0 for a picture without contrast.
 */
export function outlineOf(fingerprint: Uint8Array): Float32Array {
  const differences: number[] = []
  for (let i = 0; i < FINGERPRINT_BYTES; i++) {
    if ((i + 1) % EDGE !== 0) differences.push(fingerprint[i + 1]! - fingerprint[i]!)
    if (i + EDGE < FINGERPRINT_BYTES) differences.push(fingerprint[i + EDGE]! - fingerprint[i]!)
  }
  const length = Math.hypot(...differences) || 1
  return Float32Array.from(differences, (difference) => difference / length)
}

/** How alike two pictures are: the correlation of their outlines, −1 to 1; 0 where one has no contrast. */
export function likeness(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Cells between two looks whether two outlines differ too much already. */
const STRIDE = 16

/**
 * Whether `likeness` is at least `ALIKE`. Of unlike pictures only the first few cells are looked at, so that each
 * can be compared with thousands.
 */
export function isAlike(a: Float32Array, b: Float32Array): boolean {
  // Of vectors of length 1 the squared distance is 2 − 2 · likeness, and it only grows on the way.
  const limit = 2 - 2 * ALIKE
  let distance = 0
  for (let start = 0; start < a.length; start += STRIDE) {
    for (let i = start; i < start + STRIDE; i++) distance += (a[i]! - b[i]!) ** 2
    if (distance > limit) return false
  }
  return a.some((value) => value !== 0)
}
