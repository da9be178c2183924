import type { Sharp } from 'sharp'
import { fingerprintOf } from '#core/learning/fingerprint'
import { isLossy } from './formats'
import { openImage, PIXEL_LIMIT, readable, type ImageFile, type OpenImage } from './open'
import { runPixelJob } from './pool.node'
import { loadSharp, outputOf } from './sharp.node'
import { mayHideImage, robustWindow, windowWithoutSpecks, type PixelWindow } from './window'

/** Interleaved samples. */
export interface Picture {
  width: number
  height: number
  /** `[height, width, 3]`, RGB, 0 to 255. */
  data: Uint8Array<ArrayBuffer>
}

/** A binary mask. */
export interface Bitmap {
  width: number
  height: number
  /** `[height, width]`, 0 background, 1 foreground. */
  data: Uint8Array
}

/** The page, upright. */
function upright({ bytes, page, metadata }: OpenImage): Sharp {
  // Samples as they are stored, like a web page reads them; only CMYK cannot do without its profile.
  const ignoreIcc = metadata.space !== 'cmyk'
  return loadSharp()(bytes, { failOn: 'error', limitInputPixels: PIXEL_LIMIT, ignoreIcc, page }).autoOrient()
}

/** The colour space in which samples keep their values: of 16 bits there is an own one, floats pass in `srgb`. */
function colourSpace({ metadata }: OpenImage): 'rgb16' | 'srgb' {
  return metadata.space === 'grey16' || metadata.space === 'rgb16' ? 'rgb16' : 'srgb'
}

/** Enough pixels for steady percentiles. */
const WINDOW_EDGE = 512
/** Enough for a small object to have more than one pixel. */
const SPECKS_EDGE = 2048
/** Of the samples at that size every so many-th is enough, of all channels since it is no multiple of their number. */
const SPECKS_STRIDE = 17

/**
 * The window that an image of more than 8 bits gets when nobody chose one; null for 8 bits, which need none. Many hot
 * or dead pixels do not count where they would leave too few shades for all else.
 */
export async function defaultWindow(image: OpenImage): Promise<PixelWindow | null> {
  if (image.facts.bitDepth === 8) return null
  const samples = await scatteredSamples(image, WINDOW_EDGE)
  const window = robustWindow(samples)
  if (!mayHideImage(window, samples)) return window
  const calm = await scatteredSamples(image, SPECKS_EDGE, (pipeline) => pipeline.median(3))
  return windowWithoutSpecks(
    window,
    Float32Array.from({ length: Math.ceil(calm.length / SPECKS_STRIDE) }, (_, i) => calm[i * SPECKS_STRIDE]!)
  )
}

/** Samples from all over an image, none a mixture of others. @param edge Pixels along the longer edge, at most. */
async function scatteredSamples(
  image: OpenImage,
  edge: number,
  filter = (pipeline: Sharp) => pipeline
): Promise<Float32Array> {
  const size = {
    width: edge,
    height: edge,
    fit: 'inside',
    kernel: 'nearest',
    withoutEnlargement: true
  } as const
  const pipeline = filter(upright(image).flatten({ background: '#000' }).resize(size))
  const { data } = await samplesOf(
    image.name,
    pipeline.toColourspace(colourSpace(image)).raw({ depth: 'float' })
  )
  return new Float32Array(data.buffer)
}

/**
 * A pipeline whose raw output is 8-bit RGB; a caller may shrink it first. Transparent parts show black. Samples
 * of more than 8 bits pass through the window, or the image's default one.
 */
export async function rgbPipeline(image: OpenImage, window: PixelWindow | null): Promise<Sharp> {
  const pipeline = upright(image).flatten({ background: '#000' }).toColourspace(colourSpace(image))
  const range = image.facts.bitDepth === 8 ? null : (window ?? (await defaultWindow(image)))
  if (range) {
    const factor = 255 / (range.high - range.low)
    // The cast to bytes cuts off what is behind the point, hence the half.
    pipeline.linear(factor, 0.5 - range.low * factor)
  }
  return pipeline.raw({ depth: 'uchar' })
}

/** The samples that a pipeline yields, in a buffer of their own. */
function samplesOf(name: string, pipeline: Sharp): ReturnType<typeof outputOf> {
  return readable(name, () => outputOf(pipeline))
}

/** Runs a pipeline that yields RGB, or one channel of it. */
export async function runRgb(name: string, pipeline: Sharp): Promise<Picture> {
  const { data, info } = await samplesOf(name, pipeline)
  return { width: info.width, height: info.height, data }
}

/**
 * All pixels of an image as 8-bit RGB, upright by its EXIF orientation. Grey becomes RGB, CMYK
 * is converted, other colour profiles are not applied, transparent parts show black.
 *
 * @param window For samples of more than 8 bits; null takes the image's default one.
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function decodeRgb(file: ImageFile, window: PixelWindow | null = null): Promise<Picture> {
  const image = await openImage(file)
  return runRgb(file.name, await rgbPipeline(image, window))
}

/** Edge of the picture that `verifyPixels` looks at. */
const VERIFY_EDGE = 64

/** What is learned of an image's pixels when it is imported. */
export interface VerifiedPixels {
  /** Of an image of more than 8 bits, as `defaultWindow`. */
  window: PixelWindow | null
  /** What it looks like from afar, `fingerprintOf`. */
  fingerprint: Uint8Array
}

/**
 * Reads all of an image without keeping it, so that a file which is damaged anywhere is found.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function verifyPixels(image: OpenImage): Promise<VerifiedPixels> {
  const window = await defaultWindow(image)
  const pipeline = await rgbPipeline(image, window)
  const size = { width: VERIFY_EDGE, height: VERIFY_EDGE, fit: 'inside' as const }
  const { data, width, height } = await runRgb(image.name, pipeline.resize(size))
  return { window, fingerprint: fingerprintOf(data, width, height) }
}

/** The samples of a picture that is a mask. */
export interface MaskSamples {
  width: number
  height: number
  /** `[height, width, channels]`, one channel of colour or three, then alpha where `hasAlpha`. */
  samples: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>
  channels: number
  hasAlpha: boolean
  /** They went through a lossy codec: black has ringing. */
  lossy: boolean
}

/**
 * A mask's picture, upright, its samples as they are stored.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function readMaskSamples(file: ImageFile): Promise<MaskSamples> {
  const image = await openImage(file)
  const { width, height, bitDepth, format, hasAlpha } = image.facts
  const { data, info } = await samplesOf(
    file.name,
    upright(image)
      .toColourspace(ownColourSpace(image))
      .raw({ depth: bitDepth === 8 ? 'uchar' : 'float' })
  )
  const samples = bitDepth === 8 ? data : new Float32Array(data.buffer)
  return { width, height, samples, channels: info.channels, hasAlpha, lossy: isLossy(file.bytes, format) }
}

/**
 * A mask from an image file: foreground is every pixel that is not black, down to 1 of 65,535, unless it is fully
 * transparent. In lossy files black has ringing, so there it takes half of the brightest sample.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function decodeMaskImage(file: ImageFile): Promise<Bitmap> {
  let size = { width: 0, height: 0 }
  const { pixels } = await runPixelJob('binarise', async () => {
    const { width, height, ...input } = await readMaskSamples(file)
    size = { width, height }
    return { input, transfer: [input.samples.buffer] }
  })
  return { ...size, data: pixels }
}

/** As `colourSpace`, but one channel where the file has one. */
function ownColourSpace(image: OpenImage): string {
  const space = colourSpace(image)
  if (image.metadata.channels > 1) return space
  return space === 'rgb16' ? 'grey16' : 'b-w'
}

/**
 * A file that holds one image and no other pages, for programs that read only the first: the file itself, or the page
 * of a TIFF, upright, with its samples as they are.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function onePage(file: ImageFile): Promise<Uint8Array> {
  const image = await openImage(file)
  if (image.facts.pages === 1) return file.bytes
  const pipeline = upright(image).toColourspace(ownColourSpace(image))
  const predictor = image.facts.bitDepth === 32 ? 'float' : 'horizontal'
  const { data } = await samplesOf(file.name, pipeline.tiff({ compression: 'deflate', predictor }))
  return data
}
