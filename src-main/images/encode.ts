import type { Sharp } from 'sharp'
import type { TilePatch } from '#core/api/values'
import type { Extent } from '#core/learning/frame'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import { runPixelJob } from './pool.node'
import { loadSharp, outputOf } from './sharp.node'

/**
 * A pipeline's file in memory of its own: what `toBuffer` gives is a part of the library's memory where that is
 * WebAssembly.
 */
export async function fileOf(pipeline: Sharp): Promise<Uint8Array<ArrayBuffer>> {
  return (await outputOf(pipeline)).data
}

/** A grey PNG with one channel of as many bits as the pixels have, 8 or 16, from `[height, width]`. */
export function encodeGreyPng(
  pixels: Uint8Array | Uint16Array,
  width: number,
  height: number
): Promise<Uint8Array<ArrayBuffer>> {
  const raw = { width, height, channels: 1 } as const
  const colourspace = pixels instanceof Uint16Array ? 'grey16' : 'b-w'
  return fileOf(loadSharp()(pixels, { raw }).toColourspace(colourspace).png())
}

/** A PNG of RGB pixels, `[height, width, 3]`. */
export function encodeRgbPng(
  data: Uint8Array,
  width: number,
  height: number
): Promise<Uint8Array<ArrayBuffer>> {
  return fileOf(loadSharp()(data, { raw: { width, height, channels: 3 } }).png())
}

/** A stored mask as a PNG of one channel: 255 where it has this value, 0 elsewhere. */
export async function encodeMaskPng(
  tiles: TilePatch[],
  width: number,
  height: number,
  value: MaskValue = FOREGROUND
): Promise<Uint8Array> {
  const { pixels } = await runPixelJob('maskPicture', () => ({ input: { tiles, width, height, value } }))
  return encodeGreyPng(pixels, width, height)
}

/**
 * A prediction over its image at the image's own size, as two PNGs of one channel.
 *
 * @param prediction `probabilities` `[height, width]` of the frame, 0 to 1; `width` and `height` of the image.
 * @returns `mask`, 8 bits: 255 where the probability is above the threshold, else 0; `probabilities`, 16 bits:
 * 65,535 stands for 1, so that they can be compared with another program's to 1e-5.
 */
export async function encodePrediction(prediction: {
  probabilities: Float32Array
  frame: Extent
  width: number
  height: number
  threshold: number
}): Promise<{ mask: Uint8Array; probabilities: Uint8Array }> {
  const { width, height } = prediction
  const { mask, probabilities } = await runPixelJob('prediction', () => ({ input: prediction }))
  const [maskPng, probabilitiesPng] = await Promise.all([
    encodeGreyPng(mask, width, height),
    encodeGreyPng(probabilities, width, height)
  ])
  return { mask: maskPng, probabilities: probabilitiesPng }
}
