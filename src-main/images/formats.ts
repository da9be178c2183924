import { JaccardError } from '#core/errors'

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'tiff'

/** File name endings of the formats that can be read, lower case. */
export const IMAGE_EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff']

/** How files start; a dot stands for any byte. Of TIFF and BigTIFF in either byte order. */
const SIGNATURES: [ImageFormat, string][] = [
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['webp', 'RIFF....WEBP'],
  ['tiff', 'II*\0'],
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0*'],
  ['tiff', 'MM\0+']
]

/**
 * What a file is by its first bytes, whatever it is called.
 *
 * @throws JaccardError `bad-input` for an empty file or another format.
 */
export function formatOf(bytes: Uint8Array, name: string): ImageFormat {
  if (bytes.length === 0) {
    throw new JaccardError(
      'bad-input',
      `"${name}" is empty (0 bytes); copy it again from where it came from.`
    )
  }
  const startsWith = (signature: string) =>
    [...signature].every((letter, i) => letter === '.' || bytes[i] === letter.charCodeAt(0))
  const format = SIGNATURES.find(([, signature]) => startsWith(signature))?.[0]
  if (!format) {
    throw new JaccardError(
      'bad-input',
      `"${name}" is not a PNG, JPEG, WebP or TIFF image, whatever its name says; convert it to one of these first.`
    )
  }
  return format
}

/** Width and height as a PNG file claims them, before anything else of it is believed; null if it is too short. */
export function claimedPngSize(bytes: Uint8Array): { width: number; height: number } | null {
  if (bytes.length < 24) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/**
 * Whether the pixels went through a lossy codec, so that a hard edge has ringing around it. Only JPEG and WebP
 * (whose lossy bitstream is a chunk named `VP8 `) are looked at.
 */
export function isLossy(bytes: Uint8Array, format: ImageFormat): boolean {
  if (format !== 'webp') return format === 'jpeg'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 12; at + 8 <= bytes.length;) {
    if (view.getUint32(at) === 0x56503820) return true
    const length = view.getUint32(at + 4, true)
    at += 8 + length + (length % 2)
  }
  return false
}
