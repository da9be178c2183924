import { rangeOfCounts } from '#core/learning/contrast'

/** What of the image's colours is shown; one channel is shown as grey. */
export const CHANNELS = ['all', 'red', 'green', 'blue', 'grey'] as const
export type Channel = (typeof CHANNELS)[number]

/** How an image is shown. It changes no pixel that trains. */
export interface Adjustment {
  /** −1 to 1: moves the middle of the range that is shown from white to black. */
  brightness: number
  /** −0.99 to 0.99: the range that is shown becomes wider or narrower; 0 shows all of it. */
  contrast: number
  /** 0.2 to 5; above 1 dark parts become lighter. */
  gamma: number
  channel: Channel
}

export const CONTRAST = { min: -0.99, max: 0.99 }
export const GAMMA = { min: 0.2, max: 5 }

/** The image as it is. */
export const AS_IT_IS: Adjustment = { brightness: 0, contrast: 0, gamma: 1, channel: 'all' }

export function isAsItIs({ brightness, contrast, gamma, channel }: Adjustment): boolean {
  return brightness === 0 && contrast === 0 && gamma === 1 && channel === 'all'
}

/**
 * What each sample becomes: with v in 0 to 1, ((v − middle) · slope + ½)^(1 / gamma), cut to 0 to 1, where the middle
 * is ½ − brightness / 2 and the slope tan((contrast + 1) · π / 4).
 *
 * @returns `[256]`, 0 to 255.
 */
export function lookupTable({ brightness, contrast, gamma }: Omit<Adjustment, 'channel'>): Uint8Array {
  const slope = slopeOf(contrast)
  const middle = 0.5 - brightness / 2
  return Uint8Array.from({ length: 256 }, (_, sample) => {
    const level = Math.min(1, Math.max(0, (sample / 255 - middle) * slope + 0.5))
    return Math.round(255 * level ** (1 / gamma))
  })
}

/** Shares of red, green and blue in a channel that is shown as grey (luma of ITU-R BT.709); null for all colours. */
export function channelWeights(channel: Channel): readonly [number, number, number] | null {
  const weights = {
    all: null,
    red: [1, 0, 0],
    green: [0, 1, 0],
    blue: [0, 0, 1],
    grey: [0.2126, 0.7152, 0.0722]
  } as const
  return weights[channel]
}

/**
 * How often each sample occurs in what a channel shows; of all colours, every one counts.
 *
 * @param pixels RGBA, 0 to 255.
 * @returns `[256]`
 */
export function histogram(pixels: Uint8ClampedArray | Uint8Array, channel: Channel): Uint32Array {
  const counts = new Uint32Array(256)
  const weights = channelWeights(channel)
  for (let i = 0; i < pixels.length; i += 4) {
    const [red, green, blue] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!]
    if (weights) counts[Math.round(red * weights[0] + green * weights[1] + blue * weights[2])]!++
    else {
      counts[red]!++
      counts[green]!++
      counts[blue]!++
    }
  }
  return counts
}

/** Of so many samples the darkest, and of as many the lightest, do not count: hot pixels; few small objects do. */
const IGNORED = 0.0005
/** Specks are counted in a sample, so somewhat more than were seen are left out. */
const MARGIN = 1.25
/** Shades less than this from black and from white are the whole range to the eye. */
const FULL = 2

/** What came of looking for contrast to be had. */
export interface Contrast {
  adjustment: Adjustment
  /** `full`: the image goes from black to white as it is; `flat`: it has one shade only. */
  found: 'spread' | 'full' | 'flat'
}

/**
 * Spreads the range that a histogram fills over all that a screen shows.
 *
 * @param specks The share of pixels that stand alone: these do not count either.
 */
export function fullContrast(counts: Uint32Array, channel: Channel, specks = 0): Contrast {
  const range = rangeOfCounts(counts, IGNORED + MARGIN * specks)
  const [low, high] = [range.low / 255, range.high / 255]
  const contrast = (4 / Math.PI) * Math.atan(1 / Math.max(high - low, 1 / 255)) - 1
  const adjustment = {
    brightness: 1 - (low + high),
    contrast: Math.min(CONTRAST.max, Math.max(0, contrast)),
    gamma: 1,
    channel
  }
  if (range.low === range.high) return { adjustment: { ...AS_IT_IS, channel }, found: 'flat' }
  const isFull = range.low < FULL && range.high > 255 - FULL
  return isFull ? { adjustment: { ...AS_IT_IS, channel }, found: 'full' } : { adjustment, found: 'spread' }
}

/** A pixel stands alone if it is so far from the middle one of those around it, and these are not. */
const APART = 32

/**
 * The share of pixels that stand alone in their surroundings, as hot and dead pixels of a sensor do, while the
 * smallest thing that a lens shows covers several.
 *
 * @param pixels RGBA, 0 to 255, `[height, width, 4]`.
 */
export function shareOfSpecks(pixels: Uint8ClampedArray | Uint8Array, width: number, height: number): number {
  let specks = 0
  const around: number[] = []
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      let isSpeck = false
      for (let channel = 0; channel < 3; channel++) {
        around.length = 0
        for (const step of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) {
          around.push(pixels[(at + step) * 4 + channel]!)
        }
        around.sort((a, b) => a - b)
        // A second one may be beside it.
        const [least, most] = [around[1]!, around[6]!]
        const value = pixels[at * 4 + channel]!
        isSpeck ||= value > most + APART || value < least - APART
      }
      if (isSpeck) specks++
    }
  }
  return specks / Math.max(1, (width - 2) * (height - 2))
}

function slopeOf(contrast: number): number {
  return Math.tan(((contrast + 1) * Math.PI) / 4)
}
