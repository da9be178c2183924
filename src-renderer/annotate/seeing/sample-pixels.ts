import type { Size } from '../view'

/** Enough pixels to each side for the ends of a histogram, few enough for a click. */
export const SAMPLE_EDGE = 256

/** Patches in a row, and rows of them. */
const PATCHES = 4

/** What is looked at of a picture to find its contrast. */
export interface PictureSample {
  /** Pixels from all over, RGBA; none is a mixture of others. */
  pixels: Uint8ClampedArray
  /** Patches from all over, in which neighbours are neighbours in the picture, as one of these RGBA pixels. */
  patches: Size & { pixels: Uint8ClampedArray }
}

/** A sample of a picture in one piece. */
export function samplePicture(picture: HTMLImageElement): PictureSample {
  const { naturalWidth, naturalHeight } = picture
  const [width, height] = [Math.min(SAMPLE_EDGE, naturalWidth), Math.min(SAMPLE_EDGE, naturalHeight)]
  const [w, h] = [Math.floor(width / PATCHES), Math.floor(height / PATCHES)]
  const patches = pixelsDrawn(width, height, (context) => {
    context.drawImage(picture, 0, 0)
    for (let i = 0; i < PATCHES ** 2; i++) {
      const [column, row] = [i % PATCHES, Math.floor(i / PATCHES)]
      const x = Math.floor((column * (naturalWidth - w)) / (PATCHES - 1))
      const y = Math.floor((row * (naturalHeight - h)) / (PATCHES - 1))
      context.drawImage(picture, x, y, w, h, column * w, row * h, w, h)
    }
  })
  return {
    pixels: pixelsDrawn(width, height, (context) => context.drawImage(picture, 0, 0, width, height)),
    patches: { pixels: patches, width, height }
  }
}

/**
 * A sample of a picture by some of its tiles, in rows from all over it.
 *
 * @param rows At least one, of one length of at most 8.
 */
export function sampleTiles(rows: readonly (readonly ImageBitmap[])[]): PictureSample {
  const columns = rows[0]!.length
  const few = SAMPLE_EDGE / 8
  const all = { width: columns * few, height: rows.length * few }
  const cell = SAMPLE_EDGE / PATCHES
  const patched = rows.filter(isEveryOther).map((tiles) => tiles.filter(isEveryOther))
  const patches = { width: patched[0]!.length * cell, height: patched.length * cell }
  return {
    pixels: pixelsDrawn(all.width, all.height, (context) =>
      rows.forEach((tiles, y) =>
        tiles.forEach((tile, x) => context.drawImage(tile, x * few, y * few, few, few))
      )
    ),
    patches: {
      ...patches,
      pixels: pixelsDrawn(patches.width, patches.height, (context) =>
        patched.forEach((tiles, y) =>
          tiles.forEach((tile, x) => {
            const [width, height] = [Math.min(cell, tile.width), Math.min(cell, tile.height)]
            context.drawImage(tile, 0, 0, width, height, x * cell, y * cell, cell, cell)
          })
        )
      )
    }
  }
}

function isEveryOther(_: unknown, place: number): boolean {
  return place % 2 === 0
}

/** The pixels, RGBA, of a canvas on which pictures are drawn without mixing theirs. */
function pixelsDrawn(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void
): Uint8ClampedArray {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingEnabled = false
  draw(context)
  return context.getImageData(0, 0, width, height).data
}
