import type { Prediction } from './model'

/** Foreground, as in the app: a blue that every common colour vision tells from most pictures. */
const [RED, GREEN, BLUE] = [0x37, 0xb3, 0xff]
const FILL_ALPHA = 110

/** The mask as a tint with an opaque outline, to lie over the picture. */
export function overlayOf({ width, height, mask }: Pick<Prediction, 'width' | 'height' | 'mask'>): ImageData {
  const image = new ImageData(width, height)
  // Large pictures are shown smaller, which a thin outline would not survive.
  const reach = Math.max(1, Math.round(Math.max(width, height) / 500))
  const inside = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height || mask[y * width + x] === 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (!mask[at]) continue
      const inner =
        inside(x - reach, y) && inside(x + reach, y) && inside(x, y - reach) && inside(x, y + reach)
      image.data[at * 4] = RED
      image.data[at * 4 + 1] = GREEN
      image.data[at * 4 + 2] = BLUE
      image.data[at * 4 + 3] = inner ? FILL_ALPHA : 255
    }
  }
  return image
}

/** The mask as a picture: white foreground, black background. */
export function blackAndWhite({
  width,
  height,
  mask
}: Pick<Prediction, 'width' | 'height' | 'mask'>): ImageData {
  const image = new ImageData(width, height)
  for (let i = 0; i < mask.length; i++) {
    image.data.fill(mask[i] ? 255 : 0, i * 4, i * 4 + 3)
    image.data[i * 4 + 3] = 255
  }
  return image
}
