import { displayImage, maskThumbnail, thumbnail } from '#main/images/display'
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
}

/** @param project The project that is open at the time of the call. */
export function createPictures(project: () => Project): Pictures {
  function find(imageId: number) {
    const opened = project()
    const { sha, page, windowLow, windowHigh } = getImage(opened, imageId)
    return {
      tag: page === 0 ? sha : `${sha}-page${page}`,
      window: windowLow === null || windowHigh === null ? null : { low: windowLow, high: windowHigh },
      file: () => readImageFile(opened, imageId)
    }
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
    }
  }
}
