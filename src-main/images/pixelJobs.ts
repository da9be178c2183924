import type { TilePatch } from '#core/api/values'
import { measureLabel } from '#core/learning/choice/measure'
import type { Resolution } from '#core/learning/choice/ceiling'
import { autoContrast, rangeOf } from '#core/learning/contrast'
import { frameOf, type Extent, type Preparation } from '#core/learning/frame'
import { enlargeProbabilities, resampleImage, resampleLabel } from '#core/learning/resample'
import { suggestedMask } from '#core/learning/suggestedMask'
import { decodeMask, encodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import { maskColours, maskOfColours } from '#main/exchange/annotations/colours'
import { rasterise } from '#main/exchange/annotations/rasterise'
import { readAnnotations } from '#main/exchange/annotations/read'
import { labelmeText, yoloText } from '#main/exchange/annotations/write'
import { cocoPolygons, cocoRuns } from '#main/exchange/annotations/writeCoco'
import { halve } from './halve'
import { maskOverlay } from './maskOverlay'
import { drawFigure } from '#main/exchange/report/draw'
import { judgeSample } from '#main/exchange/report/judge'
import { samplePicture } from '#main/exchange/sample/picture'
import { raceComparison, raceHistograms } from '#main/training/racePixels'

/** Samples as they are in a file, `[height, width, channels]`. */
type Samples = Uint8Array | Float32Array

/** The loops over pixels that would hold up a host, as pure functions for the worker threads of `pool.node.ts`. */
export const pixelJobs = {
  /** An image's frame and its label's. */
  sample({
    rgb,
    width,
    height,
    tiles,
    preparation
  }: {
    rgb: Uint8Array
    width: number
    height: number
    tiles: TilePatch[]
    preparation: Preparation
  }) {
    const label = flatten(decodeMask(width, height, tiles))
    const original = { width, height }
    const frame = frameOf(preparation, original)
    const image = resampleImage(rgb, width, height, 3, frame)
    return {
      ...frame,
      original,
      image: preparation.autoContrast ? autoContrast(image) : image,
      label: resampleLabel(label, width, height, frame)
    }
  },

  /** An image's darkest and brightest values. */
  range({ rgb }: { rgb: Uint8Array }) {
    return rangeOf(rgb)
  },

  /** A mask scaled to a frame. */
  label({
    tiles,
    width,
    height,
    frame
  }: {
    tiles: TilePatch[]
    width: number
    height: number
    frame: Extent
  }) {
    return { label: resampleLabel(flatten(decodeMask(width, height, tiles)), width, height, frame) }
  },

  /** What a mask says about the network that it needs. */
  measure({
    tiles,
    width,
    height,
    resolutions
  }: {
    tiles: TilePatch[]
    width: number
    height: number
    resolutions: Resolution[]
  }) {
    return measureLabel(flatten(decodeMask(width, height, tiles)), width, height, resolutions)
  },

  /** 1 where a sample of colour is above zero (in lossy files: above half of the greatest) and alpha is not zero. */
  binarise({
    samples,
    channels,
    hasAlpha,
    lossy
  }: {
    samples: Samples
    channels: number
    hasAlpha: boolean
    lossy: boolean
  }) {
    const colours = hasAlpha ? channels - 1 : channels
    const limit = lossy ? greatest(samples) / 2 : 0
    const pixels = new Uint8Array(samples.length / channels)
    for (let i = 0; i < pixels.length; i++) {
      const at = i * channels
      if (hasAlpha && samples[at + colours] === 0) continue
      for (let c = 0; c < colours; c++) if (samples[at + c]! > limit) pixels[i] = FOREGROUND
    }
    return { pixels }
  },

  /** Masks from other programs. */
  maskColours,
  maskOfColours,
  readAnnotations,
  rasterise,

  /** Masks for other programs. */
  labelmeText,
  yoloText,
  cocoRuns,
  cocoPolygons,

  /** Encoded tiles as a picture, 255 where they have this value, 0 elsewhere. */
  maskPicture({
    tiles,
    width,
    height,
    value
  }: {
    tiles: TilePatch[]
    width: number
    height: number
    value: MaskValue
  }) {
    const pixels = flatten(decodeMask(width, height, tiles))
    return { pixels: pixels.map((pixel) => (pixel === value ? 255 : 0)) }
  },

  /** The next coarser level of a pyramid of tiles. */
  halve,

  /** A small mask to lie over its image, `[frame.height, frame.width, 4]`, RGBA. */
  maskOverlay,

  /** A prediction over its image: probabilities 0 to 65,535, and 255 where they are above the threshold. */
  prediction({
    probabilities,
    frame,
    width,
    height,
    threshold
  }: {
    probabilities: Float32Array
    frame: Extent
    width: number
    height: number
    threshold: number
  }) {
    const enlarged = enlargeProbabilities(probabilities, frame, { width, height })
    const mask = new Uint8Array(enlarged.length)
    const shades = new Uint16Array(enlarged.length)
    for (let i = 0; i < enlarged.length; i++) {
      mask[i] = enlarged[i]! > threshold ? 255 : 0
      shades[i] = Math.round(enlarged[i]! * 65535)
    }
    return { mask, probabilities: shades }
  },

  /** A stored prediction as encoded tiles of its image. */
  suggest({
    prediction,
    width,
    height,
    level
  }: Extent & { prediction: Extent & { probabilities: Uint8Array }; level: number }) {
    return { tiles: encodeMask(suggestedMask(prediction, { width, height }, level)) }
  },

  /** Two predictions of an image of a race, by its label. */
  raceHistograms,
  raceComparison,

  /** A picture of the sample project. */
  samplePicture,

  /** A figure of a report. */
  drawFigure,

  /** A prediction of a report beside its label. */
  judgeSample
}

function greatest(samples: Samples): number {
  let most = 0
  for (let i = 0; i < samples.length; i++) if (samples[i]! > most) most = samples[i]!
  return most
}

export type PixelJobs = typeof pixelJobs
export type PixelJob = keyof PixelJobs
export type JobInput<Job extends PixelJob> = Parameters<PixelJobs[Job]>[0]
export type JobOutput<Job extends PixelJob> = ReturnType<PixelJobs[Job]>
