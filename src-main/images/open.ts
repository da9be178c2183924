import type { Metadata } from 'sharp'
import { JaccardError } from '#core/errors'
import { claimedPngSize, formatOf, type ImageFormat } from './formats'
import { loadSharp } from './sharp.node'

/** More pixels than any camera has, and few enough to be held in memory. */
export const PIXEL_LIMIT = 400e6

/** A file's bytes with the name by which the person knows it. */
export interface ImageFile {
  name: string
  bytes: Uint8Array
  /** Which page of a TIFF is meant, from 0; by default the first. */
  page?: number
}

export interface ImageFacts {
  format: ImageFormat
  /** Pixels, after EXIF orientation. */
  width: number
  height: number
  /** Bits of a sample once decoded: 8, 16 or 32. */
  bitDepth: number
  /** Pages of a TIFF, frames of an animation, of which the first one is used. */
  pages: number
  hasAlpha: boolean
}

/** A file whose header was read and found acceptable. */
export interface OpenImage extends ImageFile {
  facts: ImageFacts
  metadata: Metadata
}

const BITS: Partial<Record<NonNullable<Metadata['depth']>, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16
}

/**
 * Reads a file's header only; whether the rest is whole shows when it is decoded.
 *
 * @throws JaccardError `bad-input` for an empty, foreign, damaged or too large file.
 */
export async function openImage({ name, bytes, page = 0 }: ImageFile): Promise<OpenImage> {
  const format = formatOf(bytes, name)
  const claimed = format === 'png' ? claimedPngSize(bytes) : null
  if (claimed) checkSize(name, claimed.width, claimed.height)
  const metadata = await readable(name, () =>
    loadSharp()(bytes, { limitInputPixels: false, page }).metadata()
  )
  const { width, height } = metadata.autoOrient
  checkSize(name, width, height)
  const facts = {
    format,
    width,
    height,
    bitDepth: BITS[metadata.depth] ?? 32,
    pages: metadata.pages ?? 1,
    hasAlpha: metadata.hasAlpha
  }
  return { name, bytes, page, facts, metadata }
}

function checkSize(name: string, width: number, height: number): void {
  if (width * height <= PIXEL_LIMIT) return
  const [w, h, limit] = [width, height, PIXEL_LIMIT / 1e6].map((number) => number.toLocaleString('en'))
  throw new JaccardError(
    'bad-input',
    `"${name}" claims to be ${w} × ${h} pixels, more than the ${limit} megapixels that can be read; cut it into parts.`
  )
}

/** Runs a decoder and turns its failure into the sentence for a damaged file. */
export async function readable<T>(name: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (cause) {
    if (cause instanceof JaccardError) throw cause
    throw new JaccardError(
      'bad-input',
      `"${name}" is damaged or cut short and cannot be read; copy it again from where it came from.`,
      { cause }
    )
  }
}

/** What an image is, from its header. Errors: as `openImage`. */
export async function inspect(file: ImageFile): Promise<ImageFacts> {
  return (await openImage(file)).facts
}
