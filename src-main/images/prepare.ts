import type { TilePatch } from '#core/api/values'
import { decodeRgb } from './decode'
import type { ImageFile } from './open'
import { runPixelJob } from './pool.node'
import type { PixelWindow } from './window'

/** An image at the network's input size. */
export interface PreparedSample {
  /** `[size, size, 3]`, RGB, 0 to 255. */
  image: Uint8Array
  /** `[size, size]`, three-valued mask. */
  label: Uint8Array
  /** The image's own size in pixels. */
  width: number
  height: number
}

/**
 * An image and its mask at the network's input size, computed in a worker thread. Ask for as many at once as you
 * like: only a few are decoded at a time.
 *
 * @param source `tiles` as the mask is stored, none for an image without mask; `window` for samples of more than
 *   8 bits, where null takes the image's default one.
 * @throws JaccardError `bad-input` for an image that cannot be read or a mask that does not belong to it.
 */
export function prepareSample({
  tiles = [],
  size,
  window = null,
  ...file
}: ImageFile & { tiles?: TilePatch[]; size: number; window?: PixelWindow | null }): Promise<PreparedSample> {
  return runPixelJob('sample', async () => {
    const { data, width, height } = await decodeRgb(file, window)
    return { input: { rgb: data, width, height, tiles, size }, transfer: [data.buffer] }
  })
}
