/** Enough pixels for the ends of a histogram, few enough for a click. */
const EDGE = 256
/** Patches in a row, and rows of them. */
const PATCHES = 4

/** Pixels from all over a picture, RGBA; none is a mixture of others. */
export function samplePixels(picture: HTMLImageElement): Uint8ClampedArray {
  const width = Math.min(EDGE, picture.naturalWidth)
  const height = Math.min(EDGE, picture.naturalHeight)
  return drawn(width, height, (context) => context.drawImage(picture, 0, 0, width, height))
}

/** Patches from all over a picture, in which neighbours are neighbours in the picture, as one of these RGBA pixels. */
export function samplePatches(picture: HTMLImageElement): {
  pixels: Uint8ClampedArray
  width: number
  height: number
} {
  const { naturalWidth, naturalHeight } = picture
  const [width, height] = [Math.min(EDGE, naturalWidth), Math.min(EDGE, naturalHeight)]
  const [w, h] = [Math.floor(width / PATCHES), Math.floor(height / PATCHES)]
  const pixels = drawn(width, height, (context) => {
    context.drawImage(picture, 0, 0)
    for (let i = 0; i < PATCHES ** 2; i++) {
      const [column, row] = [i % PATCHES, Math.floor(i / PATCHES)]
      const x = Math.floor((column * (naturalWidth - w)) / (PATCHES - 1))
      const y = Math.floor((row * (naturalHeight - h)) / (PATCHES - 1))
      context.drawImage(picture, x, y, w, h, column * w, row * h, w, h)
    }
  })
  return { pixels, width, height }
}

function drawn(width: number, height: number, draw: (context: CanvasRenderingContext2D) => void) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingEnabled = false
  draw(context)
  return context.getImageData(0, 0, width, height).data
}
