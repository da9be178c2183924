import { MOST_COLOURS, NOT_BLACK, TRANSPARENT, usualRole, type MaskRole } from '#core/api/maskImport'
import { encodeCounted, type CountedTile } from '#core/mask/codec'
import { maskOf } from '#core/mask/tiles'
import { BACKGROUND, FOREGROUND, UNKNOWN, type MaskValue } from '#core/mask/values'

/** A picture's samples, by `readMaskSamples`. */
interface Samples {
  width: number
  height: number
  /** `[height, width, channels]` */
  samples: Uint8Array | Float32Array
  channels: number
  hasAlpha: boolean
  lossy: boolean
}

/** A mask that was computed, ready to be stored. */
export interface ComputedMask {
  tiles: CountedTile[]
  /** In pixels. */
  foreground: number
}

export const MASK_VALUES: Record<MaskRole, MaskValue> = {
  background: BACKGROUND,
  foreground: FOREGROUND,
  unknown: UNKNOWN
}

/** Code of a pixel that is fully transparent, and of a colour that has no name of its own. */
const CLEAR = -1
const NAMELESS = -2

/**
 * The colours of a mask's picture with their pixels, by their names. Where they are more than anyone would choose from,
 * or went through a lossy codec, all but black and transparent are one.
 */
export function maskColours(picture: Samples): { names: string[]; counts: number[] } {
  const codeOf = coder(picture)
  const counts = new Map<number, number>()
  const pixels = picture.width * picture.height
  let [last, run] = [NaN, 0]
  for (let i = 0; i < pixels; i++) {
    const code = codeOf(i)
    if (code === last) {
      run++
      continue
    }
    if (run > 0) counts.set(last, (counts.get(last) ?? 0) + run)
    ;[last, run] = [code, 1]
    if (counts.size > MOST_COLOURS + 2) return severalColours(pixels, codeOf)
  }
  counts.set(last, (counts.get(last) ?? 0) + run)
  const codes = [...counts.keys()].sort((a, b) => a - b)
  return { names: codes.map(nameOf), counts: codes.map((code) => counts.get(code)!) }
}

function severalColours(
  pixels: number,
  codeOf: (pixel: number) => number
): { names: string[]; counts: number[] } {
  const counts = { [TRANSPARENT]: 0, '0': 0, [NOT_BLACK]: 0 }
  for (let i = 0; i < pixels; i++) {
    const code = codeOf(i)
    counts[code === CLEAR ? TRANSPARENT : code === 0 ? '0' : NOT_BLACK]++
  }
  const present = Object.entries(counts).filter(([, count]) => count > 0)
  return { names: present.map(([name]) => name), counts: present.map(([, count]) => count) }
}

/**
 * The mask of a picture whose colours have these roles. A colour without one has that of `NOT_BLACK`, and without that
 * the usual one.
 */
export function maskOfColours({
  roles,
  ...picture
}: Samples & { roles: Record<string, MaskRole> }): ComputedMask {
  const codeOf = coder(picture)
  const { width, height } = picture
  const values = new Map<number, MaskValue>()
  const valueOf = (code: number) => {
    const name = nameOf(code)
    const usual = usualRole(name)
    return MASK_VALUES[roles[name] ?? (usual === 'background' ? usual : (roles[NOT_BLACK] ?? usual))]
  }
  const flat = new Uint8Array(width * height)
  let [last, value]: [number, MaskValue] = [NaN, BACKGROUND]
  for (let i = 0; i < flat.length; i++) {
    const code = codeOf(i)
    if (code !== last) {
      value = values.get(code) ?? valueOf(code)
      values.set(code, value)
      last = code
    }
    flat[i] = value
  }
  return computed(flat, width, height)
}

/** A flat mask, `[height, width]`, ready to be stored. */
export function computed(flat: Uint8Array, width: number, height: number): ComputedMask {
  const tiles = encodeCounted(maskOf(flat, width, height))
  return { tiles, foreground: tiles.reduce((sum, tile) => sum + tile.foreground, 0) }
}

/** A number for the colour of a pixel; 0 is black. */
function coder({ samples, channels, hasAlpha, lossy }: Samples): (pixel: number) => number {
  const colours = hasAlpha ? channels - 1 : channels
  const limit = lossy ? greatest(samples) / 2 : 0
  const nameless = lossy || !isWhole(samples)
  return (pixel) => {
    const at = pixel * channels
    if (hasAlpha && samples[at + colours] === 0) return CLEAR
    if (nameless) {
      for (let c = 0; c < colours; c++) if (samples[at + c]! > limit) return NAMELESS
      return 0
    }
    const first = samples[at]!
    if (colours < 3) return first
    const [second, third] = [samples[at + 1]!, samples[at + 2]!]
    if (first === second && second === third) return first
    return ((first + 1) * 65536 + second) * 65536 + third
  }
}

function nameOf(code: number): string {
  if (code === CLEAR) return TRANSPARENT
  if (code === NAMELESS) return NOT_BLACK
  if (code < 65536) return String(code)
  const parts = [Math.floor(code / 65536 ** 2) - 1, Math.floor(code / 65536) % 65536, code % 65536]
  const digits = Math.max(...parts) > 255 ? 4 : 2
  return `#${parts.map((part) => part.toString(16).padStart(digits, '0')).join('')}`
}

/** Whether samples are whole numbers that have names: not those of pictures with floating point. */
function isWhole(samples: Uint8Array | Float32Array): boolean {
  return (
    samples instanceof Uint8Array ||
    samples.every((sample) => Number.isInteger(sample) && sample >= 0 && sample < 65536)
  )
}

function greatest(samples: Uint8Array | Float32Array): number {
  let most = 0
  for (let i = 0; i < samples.length; i++) if (samples[i]! > most) most = samples[i]!
  return most
}
