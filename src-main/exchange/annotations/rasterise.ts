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

/**
 * The mask that shapes make. Where they overlap, foreground lies over unknown, and that over background.
 *
 * @param input `pictures`: the masks inside of boxes, by their number.
 */
export function rasterise(
  input: ImageShapes & { pictures: Bitmap[]; width: number; height: number }
): ComputedMask {
  const { kinds, values, width, height } = input
  const flat = new Uint8Array(width * height)
  for (const layer of [UNKNOWN, FOREGROUND]) {
    for (let shape = 0; shape < kinds.length; shape++) if (values[shape] === layer) paint(flat, input, shape)
  }
  return computed(flat, width, height)
}

function paint(flat: Uint8Array, input: Parameters<typeof rasterise>[0], shape: number): void {
  const { kinds, values, starts, numbers, relative, pictures, width, height } = input
  const value = values[shape]!
  const own = numbers.subarray(starts[shape], starts[shape + 1])
  switch (kinds[shape]) {
    case SHAPES.polygon: {
      const ring = relative ? own.map((share, i) => share * (i % 2 === 0 ? width : height)) : own
      return fillRegion(flat, width, polygonRegion([ring], width, height), value)
    }
    case SHAPES.circle:
      return fillRegion(flat, width, circleRegion(own[0]!, own[1]!, own[2]!, width, height), value)
    case SHAPES.runs:
      return fillRuns(flat, own, value)
    case SHAPES.picture:
      return fillPicture(flat, width, height, pictures[own[2]!]!, own[0]!, own[1]!, value)
  }
}

function fillRegion(flat: Uint8Array, width: number, region: Region | null, value: number): void {
  if (!region) return
  for (let row = 0; row < region.height; row++) {
    const [from, to] = [row * region.width, (region.y + row) * width + region.x]
    for (let column = 0; column < region.width; column++) {
      if (region.pixels[from + column]) flat[to + column] = value
    }
  }
}

/** @param runs Height, width, and run lengths down the columns, first of background. */
function fillRuns(flat: Uint8Array, runs: Float64Array, value: number): void {
  const [height, width] = [runs[0]!, runs[1]!]
  let [x, y] = [0, 0]
  for (let i = 2; i < runs.length; i++) {
    const isInside = i % 2 === 1
    for (let left = runs[i]!; left > 0;) {
      const end = Math.min(height, y + left)
      left -= end - y
      if (isInside) for (; y < end; y++) flat[y * width + x] = value
      ;[x, y] = end === height ? [x + 1, 0] : [x, end]
    }
  }
}

function fillPicture(
  flat: Uint8Array,
  width: number,
  height: number,
  picture: Bitmap,
  left: number,
  top: number,
  value: number
): void {
  for (let row = Math.max(0, -top); row < picture.height && top + row < height; row++) {
    for (let column = Math.max(0, -left); column < picture.width && left + column < width; column++) {
      if (picture.data[row * picture.width + column] === BACKGROUND) continue
      flat[(top + row) * width + left + column] = value
    }
  }
}
