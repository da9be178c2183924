import { JaccardError } from '#core/errors'
import type { Region } from '#core/mask/paint'
import { circleRegion, polygonRegion } from '#core/mask/shapes'
import { BACKGROUND, FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { Bitmap } from '#main/images/decode'
import { SHAPES, type AnnotatedImage, type Annotations } from './annotations'
import { computed, type ComputedMask } from './colours'

/** The shapes of one image, in columns as in `Annotations`. */
export interface ImageShapes {
  kinds: Uint8Array
  /** By shape, the value of the mask inside of it. */
  values: Uint8Array
  starts: Uint32Array
  numbers: Float64Array
  relative: boolean
}

/** The part of `annotations` that one image needs. @param valueOf The mask's value for each class. */
export function shapesOf(
  annotations: Annotations,
  { start, end }: AnnotatedImage,
  valueOf: (className: string) => number
): ImageShapes {
  const { kinds, classOf, starts, numbers, classes, relative } = annotations
  const [first, last] = [starts[start]!, starts[end]!]
  return {
    kinds: kinds.slice(start, end),
    values: Uint8Array.from(classOf.subarray(start, end), (number) => valueOf(classes[number]!)),
    starts: starts.slice(start, end + 1).map((at) => at - first),
    numbers: numbers.slice(first, last),
    relative
  }
}

/** Steps that drawing one image may take, some minutes' worth: far beyond what a person draws. */
const MOST_STEPS = 1e11

/**
 * The mask that shapes make. Where they overlap, foreground lies over unknown, and that over background.
 *
 * @param input `pictures`: the masks inside of boxes, by their number; `subject`: the mask in a sentence.
 * @throws JaccardError `bad-input` for shapes that would take for ever.
 */
export function rasterise(
  input: ImageShapes & { pictures: Bitmap[]; subject: string; width: number; height: number }
): ComputedMask {
  const { kinds, values, width, height } = input
  const flat = new Uint8Array(width * height)
  let steps = 0
  for (const layer of [UNKNOWN, FOREGROUND]) {
    for (let shape = 0; shape < kinds.length; shape++) {
      if (values[shape] !== layer) continue
      steps += paint(flat, input, shape)
      if (steps > MOST_STEPS) throw tooMuch(input.subject)
    }
  }
  return computed(flat, width, height)
}

function tooMuch(subject: string): JaccardError {
  return new JaccardError(
    'bad-input',
    `${subject} has too many and too large shapes to be drawn; leave some out.`
  )
}

/** @returns The steps that it took. */
function paint(flat: Uint8Array, input: Parameters<typeof rasterise>[0], shape: number): number {
  const { kinds, values, starts, numbers, relative, pictures, width, height } = input
  const value = values[shape]!
  const own = numbers.subarray(starts[shape], starts[shape + 1])
  switch (kinds[shape]) {
    case SHAPES.polygon: {
      const ring = relative ? own.map((share, i) => share * (i % 2 === 0 ? width : height)) : own
      const rows = rowsCrossed(ring, height)
      if (rows > MOST_STEPS) throw tooMuch(input.subject)
      return rows + fillRegion(flat, width, polygonRegion([ring], width, height), value)
    }
    case SHAPES.circle:
      return fillRegion(flat, width, circleRegion(own[0]!, own[1]!, own[2]!, width, height), value)
    case SHAPES.runs:
      return fillRuns(flat, own, value)
    case SHAPES.picture:
      return fillPicture(flat, width, height, pictures[own[2]!]!, own[0]!, own[1]!, value)
    default:
      return 0
  }
}

/** At most, by the edges of a polygon together. */
function rowsCrossed(ring: Float64Array, height: number): number {
  let rows = 0
  for (let i = 3; i < ring.length; i += 2) rows += Math.min(height, Math.abs(ring[i]! - ring[i - 2]!))
  return rows
}

function fillRegion(flat: Uint8Array, width: number, region: Region | null, value: number): number {
  if (!region) return 0
  for (let row = 0; row < region.height; row++) {
    const [from, to] = [row * region.width, (region.y + row) * width + region.x]
    for (let column = 0; column < region.width; column++) {
      if (region.pixels[from + column]) flat[to + column] = value
    }
  }
  return region.pixels.length
}

/** @param runs Height, width, and run lengths down the columns, first of background. */
function fillRuns(flat: Uint8Array, runs: Float64Array, value: number): number {
  const height = runs[0]!
  const width = runs[1]!
  let [x, y, painted] = [0, 0, 0]
  for (let i = 2; i < runs.length; i++) {
    const isInside = i % 2 === 1
    if (isInside) painted += runs[i]!
    for (let left = runs[i]!; left > 0;) {
      const end = Math.min(height, y + left)
      left -= end - y
      if (isInside) for (; y < end; y++) flat[y * width + x] = value
      ;[x, y] = end === height ? [x + 1, 0] : [x, end]
    }
  }
  return runs.length + painted
}

function fillPicture(
  flat: Uint8Array,
  width: number,
  height: number,
  picture: Bitmap,
  left: number,
  top: number,
  value: number
): number {
  for (let row = Math.max(0, -top); row < picture.height && top + row < height; row++) {
    for (let column = Math.max(0, -left); column < picture.width && left + column < width; column++) {
      if (picture.data[row * picture.width + column] === BACKGROUND) continue
      flat[(top + row) * width + left + column] = value
    }
  }
  return picture.data.length
}
