/**
 * An image at the scale at which a network sees it. Pure arithmetic, so that the app and an exported model on a web
 * page agree.
 */

/** Width and height in pixels. */
export interface Extent {
  width: number
  height: number
}

/** How large a network sees an image. */
export interface Framing {
  /** Edge of the network's input. */
  size: number
  /** Edge of the image's square that the input covers; null where the whole image is stretched to it. */
  crop: number | null
}

/** All that is done to an image before a network sees it. */
export interface Preparation extends Framing {
  /** Each image gets its full contrast: `learning/contrast.ts`. */
  autoContrast: boolean
}

/**
 * How many pixels an image has as the network sees it. Whole images are stretched to the network's square. With crops
 * every image keeps its proportions and has the same scale, size / crop, so its frame may be many inputs large or
 * smaller than one.
 *
 * @param image The image's own pixels.
 */
export function frameOf({ size, crop }: Framing, image: Extent): Extent {
  if (crop === null) return square(size)
  const scaled = (edge: number) => Math.max(1, Math.round((edge * size) / crop))
  return { width: scaled(image.width), height: scaled(image.height) }
}

export function square(size: number): Extent {
  return { width: size, height: size }
}
