import type { ReviewDetail } from '#core/api/values'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** A colour as one little-endian pixel of an ImageData: 0xAABBGGRR. */
type Pixel = number

export type Rgb = readonly [red: number, green: number, blue: number]

/** The colours that pictures of masks and judgements use, from the theme. */
export interface Palette {
  foreground: Rgb
  unknown: Rgb
  truePositive: Rgb
  falsePositive: Rgb
  falseNegative: Rgb
}

/** What a picture of a prediction shows. */
export type View = 'judgement' | 'prediction' | 'probability' | 'label'

const pixel = ([red, green, blue]: Rgb, alpha: number): Pixel =>
  ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0

const CLEAR: Pixel = 0
const NIGHT: Pixel = pixel([16, 18, 21], 1)

/**
 * Paints one view of a prediction, nearest neighbour.
 *
 * @param target `[size * scale, size * scale]` pixels 0xAABBGGRR; wholly overwritten.
 * @param level Foreground where q ≥ level.
 * @param scale Target pixels per network pixel, a whole number; patterns are drawn at the target's fineness.
 */
export function paint(
  target: Uint32Array,
  view: View,
  detail: ReviewDetail,
  level: number,
  palette: Palette,
  scale = 1
): void {
  if (view === 'judgement') paintJudgement(target, detail, level, palette, scale)
  else {
    const colours = coloursOf(view, level, palette)
    const source = view === 'label' ? detail.label : detail.probabilities
    eachPixel(detail.size, scale, (at, from) => {
      target[at] = colours[source[from]!]!
    })
  }
}

/** The colour of every value that the view's source can have. */
function coloursOf(
  view: 'prediction' | 'probability' | 'label',
  level: number,
  palette: Palette
): Uint32Array {
  const colours = new Uint32Array(256)
  const foreground = pixel(palette.foreground, 1)
  for (let q = 0; q < 256; q++) {
    if (view === 'probability') colours[q] = pixel([q, q, q], 1)
    else if (view === 'prediction') colours[q] = q >= level ? foreground : NIGHT
    else colours[q] = q === FOREGROUND ? foreground : q === UNKNOWN ? pixel(palette.unknown, 1) : NIGHT
  }
  return colours
}

/**
 * True positives plain, false positives in stripes that rise, false negatives in a dotted grid: told apart without
 * colour too. True negatives stay clear; what is unknown gets a veil.
 */
function paintJudgement(
  target: Uint32Array,
  detail: ReviewDetail,
  level: number,
  palette: Palette,
  scale: number
): void {
  const { size, label, probabilities } = detail
  const hit = pixel(palette.truePositive, 0.5)
  const [extraStrong, extraWeak] = [pixel(palette.falsePositive, 0.95), pixel(palette.falsePositive, 0.55)]
  const [missStrong, missWeak] = [pixel(palette.falseNegative, 1), pixel(palette.falseNegative, 0.5)]
  const veil = pixel(palette.unknown, 0.3)
  const period = patternPeriod(size * scale)
  const half = period >> 1

  eachPixel(size, scale, (at, from, x, y) => {
    const value = label[from]!
    const predicted = probabilities[from]! >= level
    if (value === UNKNOWN) target[at] = veil
    else if (value === FOREGROUND) {
      if (predicted) target[at] = hit
      else target[at] = x % period < half && y % period < half ? missStrong : missWeak
    } else if (predicted) target[at] = (x + y) % period < half ? extraStrong : extraWeak
    else target[at] = CLEAR
  })
}

/** Pixels after which a pattern repeats: wide enough to be seen in a small picture, fine enough for thin errors. */
export function patternPeriod(width: number): number {
  return Math.max(4, 2 * Math.round(Math.sqrt(width) / 4))
}

function eachPixel(
  size: number,
  scale: number,
  visit: (at: number, from: number, x: number, y: number) => void
): void {
  const width = size * scale
  for (let y = 0, at = 0; y < width; y++) {
    const row = Math.floor(y / scale) * size
    for (let x = 0; x < width; x++, at++) visit(at, row + Math.floor(x / scale), x, y)
  }
}

/** The theme's colour of a custom property, `#rgb` or `#rrggbb`. */
export function rgbOf(hex: string): Rgb {
  const digits = hex.trim().replace('#', '')
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  const value = Number.parseInt(full.slice(0, 6), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
