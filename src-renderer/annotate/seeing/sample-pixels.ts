/** Enough pixels for the ends of a histogram, few enough for a click. */
const EDGE = 256

/** Pixels from all over a picture, RGBA; none is a mixture of others. */
export function samplePixels(picture: HTMLImageElement): Uint8ClampedArray {
  const width = Math.min(EDGE, picture.naturalWidth)
  const height = Math.min(EDGE, picture.naturalHeight)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingEnabled = false
  context.drawImage(picture, 0, 0, width, height)
  return context.getImageData(0, 0, width, height).data
}
