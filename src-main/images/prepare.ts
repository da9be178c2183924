import type { TilePatch } from '#core/api/values'
import type { Extent, Preparation } from '#core/learning/frame'
import { decodeRgb } from './decode'
import type { ImageFile } from './open'
import { runPixelJob } from './pool.node'
import type { PixelWindow } from './window'

/** An image's frame: how a network sees it. */
export interface PreparedSample extends Extent {
  /** `[height, width, 3]`, RGB, 0 to 255. */
  image: Uint8Array
  /** `[height, width]`, three-valued mask. */
  label: Uint8Array
  /** The image's own pixels. */
  original: Extent
}

/**
 * An image's frame and the mask's, computed in a worker thread. Ask for as many at once as you
 * like: only a few are decoded at a time.
 *
 * @param source `tiles` as the mask is stored, none for an image without mask; `window` for samples of more than
 *   8 bits, where null takes the image's default one.
 * @throws JaccardError `bad-input` for an image that cannot be read or a mask that does not belong to it.
 */
export function prepareSample({
  tiles = [],
  preparation,
  window = null,
  ...file
}: ImageFile & {
  tiles?: TilePatch[]
  preparation: Preparation
  window?: PixelWindow | null
}): Promise<PreparedSample> {
  return runPixelJob('sample', async () => {
    const { data, width, height } = await decodeRgb(file, window)
    return { input: { rgb: data, width, height, tiles, preparation }, transfer: [data.buffer] }
  })
}
