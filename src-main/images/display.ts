import type { TilePatch } from '#core/api/values'
import type { Extent } from '#core/learning/frame'
import { rgbPipeline, runRgb } from './decode'
import { encodeRgbPng, fileOf } from './encode'
import { openImage, type ImageFile, type OpenImage } from './open'
import { runPixelJob } from './pool.node'
import { loadSharp } from './sharp.node'
import type { PixelWindow } from './window'

/** An image file for a browser. */
export interface DisplayImage {
  type: 'image/png' | 'image/jpeg' | 'image/webp'
  bytes: Uint8Array
}

/**
 * An image as the window shows it: the file itself where every browser shows it upright and with all its values,
 * else an 8-bit PNG of what `decodeRgb` sees.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function displayImage(
  file: ImageFile,
  window: PixelWindow | null = null
): Promise<DisplayImage> {
  const image = await openImage(file)
  const { format } = image.facts
  if (format !== 'tiff' && isPlain(image)) return { type: `image/${format}`, bytes: file.bytes }
  const { data, width, height } = await runRgb(file.name, await rgbPipeline(image, window))
  return { type: 'image/png', bytes: await encodeRgbPng(data, width, height) }
}

/** 8 bits, in a colour space of the web, and turned by EXIF only in JPEG, where browsers agree about it. */
function isPlain({ facts, metadata }: OpenImage): boolean {
  const turned = (metadata.orientation ?? 1) !== 1
  return facts.bitDepth === 8 && metadata.space !== 'cmyk' && !(turned && facts.format !== 'jpeg')
}

/**
 * A small picture of an image, upright, that fits into a square; images that are smaller stay as they are.
 * Reads every pixel, so a damaged file does not pass.
 *
 * @param edge The square's edge in pixels.
 * @returns A WebP file.
 * @throws JaccardError `bad-input` for a file that cannot be read in full.
 */
export async function thumbnail(
  file: ImageFile,
  edge: number,
  window: PixelWindow | null = null
): Promise<Uint8Array> {
  const image = await openImage(file)
  const pipeline = await rgbPipeline(image, window)
  const { data, width, height } = await runRgb(
    file.name,
    pipeline.resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
  )
  return fileOf(loadSharp()(data, { raw: { width, height, channels: 3 } }).webp({ quality: 80 }))
}

/**
 * A small picture of a mask to lie over the image's `thumbnail` of the same edge.
 *
 * @returns A PNG file, transparent where the mask is background.
 * @throws JaccardError `bad-input` for damaged tiles.
 */
export async function maskThumbnail(
  { tiles, width, height }: Extent & { tiles: TilePatch[] },
  edge: number
): Promise<Uint8Array> {
  const scale = Math.min(1, edge / Math.max(width, height))
  const frame = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale))
  }
  const { pixels } = await runPixelJob('maskOverlay', () => ({ input: { tiles, width, height, frame } }))
  return fileOf(loadSharp()(pixels, { raw: { ...frame, channels: 4 } }).png())
}
