import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { JaccardError } from '#core/errors'
import { hasTile, isLarge, type PictureTile } from '#core/picture/pyramid'
import { displayImage, maskThumbnail, thumbnail } from '#main/images/display'
import { PYRAMID_VERSION, writePyramid } from '#main/images/pyramid'
import { createPyramidCache } from '#main/images/pyramidCache'
import { getImage, readImageFile } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import type { Picture } from './web'

/** The images of the open project, as a window loads them by address. All throw JaccardError `not-found`. */
export interface Pictures {
  /** An image as a browser can show it, in full size. */
  display(imageId: number): Picture
  /** The same, with a longer edge of at most `edge` pixels. */
  thumbnail(imageId: number, edge: number): Picture
  /** What is painted, to lie over the thumbnail of the same edge. */
  mask(imageId: number, edge: number): Picture
  /** Resolves when the tiles of a large image are made; before that, a tile waits for them. */
  prepareTiles(imageId: number, signal: AbortSignal): Promise<void>
  /** A tile of a large image, with its pixels as `display` gives them. */
  tile(imageId: number, tile: PictureTile): Picture
}

/**
 * @param project The project that is open at the time of the call.
 * @param cache The folder for what can be made again.
 */
export function createPictures(project: () => Project, cache: string): Pictures {
  const pyramids = createPyramidCache(join(cache, 'tiles'))

  function find(imageId: number) {
    const opened = project()
    const { sha, page, windowLow, windowHigh, width, height, name } = getImage(opened, imageId)
    return {
      ...{ name, size: { width, height } },
      tag: page === 0 ? sha : `${sha}-page${page}`,
      window: windowLow === null || windowHigh === null ? null : { low: windowLow, high: windowHigh },
      file: () => readImageFile(opened, imageId)
    }
  }

  function findLarge(imageId: number) {
    const { name, size, tag, window, file } = find(imageId)
    if (!isLarge(size)) {
      throw new JaccardError(
        'not-found',
        `The image "${name}" is not large: it is shown whole, not by tiles.`
      )
    }
    const key = createHash('sha256')
      .update([tag, window?.low, window?.high, PYRAMID_VERSION].join())
      .digest('hex')
    const prepare = (signal?: AbortSignal) =>
      pyramids.prepare(key, async (folder) => writePyramid(await file(), window, folder), signal)
    return { name, size, key, prepare }
  }

  return {
    display: (imageId) => {
      const { tag, window, file } = find(imageId)
      return { tag, encode: async () => displayImage(await file(), window) }
    },
    thumbnail: (imageId, edge) => {
      const { tag, window, file } = find(imageId)
      return {
        tag: `${tag}-${edge}`,
        encode: async () => ({ bytes: await thumbnail(await file(), edge, window), type: 'image/webp' })
      }
    },
    mask: (imageId, edge) => {
      const opened = project()
      const { sha, revision } = getImage(opened, imageId)
      return {
        tag: `${sha}-${imageId}-${revision}-${edge}`,
        encode: async () => ({
          bytes: await maskThumbnail(readMask(opened, imageId), edge),
          type: 'image/png'
        })
      }
    },
    prepareTiles: async (imageId, signal) => findLarge(imageId).prepare(signal),
    tile: (imageId, tile) => {
      const { name, size, key, prepare } = findLarge(imageId)
      if (!hasTile(size, tile)) throw new JaccardError('not-found', `The image "${name}" has no such tile.`)
      return {
        tag: `${key}-${tile.level}-${tile.column}-${tile.row}`,
        encode: async () => {
          const read = () => pyramids.read(key, tile)
          const bytes = (await read()) ?? (await prepare().then(read))
          if (!bytes)
            throw new JaccardError('conflict', `The tiles of "${name}" were removed while they were read.`)
          return { bytes, type: 'image/png' }
        }
      }
    }
  }
}
