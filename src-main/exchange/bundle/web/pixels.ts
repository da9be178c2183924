/** Whatever a web page may hold a picture in. */
export type Picture = Blob | ImageData | CanvasImageSource

/**
 * The pixels of a picture at its own size, transparent parts on black, as the app reads them. Files come without
 * colour conversion, turned upright as their EXIF orientation says; elements as the browser decoded them.
 *
 * @returns RGBA, alpha 255 throughout.
 * @throws Error if the browser cannot decode the picture or may not read it, as with an image of another site.
 */
export async function pixelsOf(picture: Picture): Promise<ImageData> {
  if (picture instanceof ImageData) return onBlack(picture)
  if (picture instanceof Blob) {
    const bitmap = await createImageBitmap(picture, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none'
    }).catch((cause: unknown) => {
      throw new Error('The browser cannot read this file as a picture.', { cause })
    })
    try {
      return draw(bitmap, bitmap.width, bitmap.height)
    } finally {
      bitmap.close()
    }
  }
  if (typeof HTMLImageElement !== 'undefined' && picture instanceof HTMLImageElement) await picture.decode()
  const [width, height] = sizeOf(picture)
  return draw(picture, width, height)
}

function onBlack(image: ImageData): ImageData {
  const result = new ImageData(image.width, image.height)
  for (let i = 0; i < result.data.length; i += 4) {
    const alpha = image.data[i + 3]!
    for (let k = i; k < i + 3; k++) result.data[k] = (image.data[k]! * alpha) / 255
    result.data[i + 3] = 255
  }
  return result
}

function draw(source: CanvasImageSource, width: number, height: number): ImageData {
  // Without alpha a canvas starts black and stays opaque.
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true
  })
  if (!context) throw new Error('The browser cannot make a canvas to read the picture.')
  context.drawImage(source, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}

function sizeOf(source: CanvasImageSource): [width: number, height: number] {
  if ('naturalWidth' in source) return [source.naturalWidth, source.naturalHeight]
  if ('videoWidth' in source) return [source.videoWidth, source.videoHeight]
  if ('displayWidth' in source) return [source.displayWidth, source.displayHeight]
  if (typeof source.width === 'number' && typeof source.height === 'number')
    return [source.width, source.height]
  throw new Error('This element has no size in pixels; hand over an image, a canvas or a file.')
}
