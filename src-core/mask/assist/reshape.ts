import { isBackground, readRectangle, tileRectangle, type Mask, type Rectangle } from '../tiles'
import { BACKGROUND, FOREGROUND, UNKNOWN } from '../values'
import { grow, shrink, smooth } from './disc'
import { fillHoles, removeSpecks } from './parts'

/** What can be done to the shape of a whole mask; `amount` is pixels: a radius, or the size of a part. */
export interface Reshaping {
  kind: 'grow' | 'shrink' | 'smooth' | 'fill-holes' | 'remove-specks'
  /** The disc's radius; the largest hole that is filled; the smallest part that stays. */
  amount: number
}

const OPERATIONS: Record<
  Reshaping['kind'],
  (binary: Uint8Array, width: number, height: number, amount: number) => Uint8Array
> = { grow, shrink, smooth, 'fill-holes': fillHoles, 'remove-specks': removeSpecks }

/**
 * A mask's pixels in another shape. Unknown pixels stay unknown, and the others change only where they would
 * whatever the unknown ones are: each operation is increasing (more foreground in, more foreground out), so its
 * results with all unknown pixels as background and with all as foreground enclose all that are possible.
 *
 * @param pixels `[height, width]`, values of `values.ts`.
 */
export function reshape(
  pixels: Uint8Array,
  width: number,
  height: number,
  { kind, amount }: Reshaping
): Uint8Array {
  const operate = (binary: Uint8Array) => OPERATIONS[kind](binary, width, height, amount)
  const least = operate(pixels.map((value) => (value === FOREGROUND ? 1 : 0)))
  const most = pixels.includes(UNKNOWN)
    ? operate(pixels.map((value) => (value === BACKGROUND ? 0 : 1)))
    : least
  return pixels.map((value, at) => {
    if (value === UNKNOWN) return UNKNOWN
    return (value === FOREGROUND ? most[at] : least[at]) ? FOREGROUND : BACKGROUND
  })
}

/** The part of a mask that a reshaping can change, and what it is based on; null where all is background. */
export function areaOf(mask: Mask, { kind, amount }: Reshaping): Rectangle | null {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0]
  for (const [index, tile] of mask.tiles) {
    if (isBackground(tile)) continue
    const part = tileRectangle(mask.width, mask.height, index)
    left = Math.min(left, part.x)
    top = Math.min(top, part.y)
    right = Math.max(right, part.x + part.width)
    bottom = Math.max(bottom, part.y + part.height)
  }
  if (right === 0) return null
  // A rim of background all around, except where the image ends: a cut must not pass for the image's edge.
  const rim = reachOf({ kind, amount }) ?? 1
  const x = Math.max(0, left - rim)
  const y = Math.max(0, top - rim)
  return {
    x,
    y,
    width: Math.min(mask.width, right + rim) - x,
    height: Math.min(mask.height, bottom + rim) - y
  }
}

/** Pixels that are reshaped at a time: what that takes in between is many times as much. */
const BAND_PIXELS = 1 << 23

/** The whole mask reshaped: the part that may have changed, before and after, `[area.height, area.width]` each. */
export function reshapeMask(
  mask: Mask,
  reshaping: Reshaping
): { area: Rectangle; before: Uint8Array; after: Uint8Array } | null {
  const area = areaOf(mask, reshaping)
  if (!area) return null
  const before = readRectangle(mask, area)
  const { width, height } = area
  const reach = reachOf(reshaping) ?? height
  const rows = Math.max(reach, Math.ceil(BAND_PIXELS / width))
  const after = new Uint8Array(before.length)
  for (let top = 0; top < height; top += rows) {
    // With the rows above and below that its own depend on.
    const [from, to] = [Math.max(0, top - reach), Math.min(height, top + rows + reach)]
    const band = reshape(before.subarray(from * width, to * width), width, to - from, reshaping)
    const own = band.subarray((top - from) * width, (Math.min(height, top + rows) - from) * width)
    after.set(own, top * width)
  }
  return { area, before, after }
}

/** How far away what becomes of a pixel is decided, in pixels; null where it may be anywhere in the mask. */
function reachOf({ kind, amount }: Reshaping): number | null {
  return kind === 'fill-holes' || kind === 'remove-specks' ? null : 2 * Math.ceil(amount) + 1
}
