import type { Figure } from './figure'
import { TEXT_SCALE, layOut } from './layout'
import { eachInk } from './lettering'

/** Not white, so that the edges of a mask can be seen. */
const PAPER = 228
const INK = 24

/**
 * A figure as pixels; pictures are enlarged by repeating their pixels, so that those of a mask stay what they are.
 *
 * @param blocks As for `layOut`.
 * @returns `pixels` `[height, width, 3]`, RGB.
 */
export function drawFigure({ figure, blocks }: { figure: Figure; blocks?: number }): {
  pixels: Uint8Array
  width: number
  height: number
} {
  const { width, height, pictures, texts } = layOut(figure, blocks)
  const pixels = new Uint8Array(3 * width * height).fill(PAPER)
  for (const { picture, ...box } of pictures) {
    const { rgb } = picture
    for (let y = 0; y < box.height; y++) {
      const row = Math.floor((y * picture.height) / box.height) * picture.width
      let at = 3 * ((box.y + y) * width + box.x)
      for (let x = 0; x < box.width; x++) {
        const from = 3 * (row + Math.floor((x * picture.width) / box.width))
        pixels[at++] = rgb[from]!
        pixels[at++] = rgb[from + 1]!
        pixels[at++] = rgb[from + 2]!
      }
    }
  }
  for (const { text, ...corner } of texts) {
    eachInk(text, TEXT_SCALE, (x, y) => {
      const at = 3 * ((corner.y + y) * width + corner.x + x)
      pixels.fill(INK, at, at + 3)
    })
  }
  return { pixels, width, height }
}
