import type { ReviewDetail } from '#core/api/values'
import type { Extent } from '#core/learning/frame'
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
 * @param target `[canvas.height, canvas.width]` pixels 0xAABBGGRR; wholly overwritten.
 * @param level Foreground where q ≥ level.
 * @param canvas The target's size, by default the prediction's; patterns are drawn at its fineness.
 */
export function paint(
  target: Uint32Array,
  view: View,
  detail: ReviewDetail,
  level: number,
  palette: Palette,
  canvas: Extent = detail
): void {
  if (view === 'judgement') paintJudgement(target, detail, level, palette, canvas)
  else {
    const colours = coloursOf(view, level, palette)
    const source = view === 'label' ? detail.label : detail.probabilities
    eachPixel(detail, canvas, (at, from) => {
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
  canvas: Extent
): void {
  const { label, probabilities } = detail
  const hit = pixel(palette.truePositive, 0.5)
  const [extraStrong, extraWeak] = [pixel(palette.falsePositive, 0.95), pixel(palette.falsePositive, 0.55)]
  const [missStrong, missWeak] = [pixel(palette.falseNegative, 1), pixel(palette.falseNegative, 0.5)]
  const veil = pixel(palette.unknown, 0.3)
  const period = patternPeriod(canvas.width)
  const half = period >> 1

  eachPixel(detail, canvas, (at, from, x, y) => {
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
  source: Extent,
  canvas: Extent,
  visit: (at: number, from: number, x: number, y: number) => void
): void {
  const columns = Int32Array.from({ length: canvas.width }, (_, x) =>
    Math.floor((x * source.width) / canvas.width)
  )
  for (let y = 0, at = 0; y < canvas.height; y++) {
    const row = Math.floor((y * source.height) / canvas.height) * source.width
    for (let x = 0; x < canvas.width; x++, at++) visit(at, row + columns[x]!, x, y)
  }
}

/**
 * How large a prediction is painted: `scale` canvas pixels per pixel, so that patterns stay fine, but no longer than
 * `most` along its longer edge, so that a large one follows the slider.
 *
 * @param scale A whole number.
 */
export function canvasFor({ width, height }: Extent, scale: number, most: number): Extent {
  const longer = Math.max(width, height)
  const factor = longer * scale <= most ? scale : Math.min(1, most / longer)
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}

/** The theme's colour of a custom property, `#rgb` or `#rrggbb`. */
export function rgbOf(hex: string): Rgb {
  const digits = hex.trim().replace('#', '')
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  const value = Number.parseInt(full.slice(0, 6), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
