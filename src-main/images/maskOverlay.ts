import type { TilePatch } from '#core/api/values'
import type { Extent } from '#core/learning/frame'
import { decodeMask } from '#core/mask/codec'
import { pixelAt } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** RGBA; the colours of the window's theme, `--foreground` and `--unknown`, with the image shining through. */
const COLOURS: Record<number, readonly number[]> = {
  [FOREGROUND]: [0x37, 0xb3, 0xff, 0xa0],
  [UNKNOWN]: [0xff, 0xc2, 0xe0, 0xa0]
}

/**
 * A mask in a smaller size, to lie over its image. Takes the value at the middle of what each pixel stands for: only
 * tiles with paint are ever in memory, whatever the size of the image.
 *
 * @returns `[frame.height, frame.width, 4]`, RGBA, 0 to 255; transparent where the mask is background.
 */
export function maskOverlay({
  tiles,
  width,
  height,
  frame
}: Extent & { tiles: TilePatch[]; frame: Extent }): { pixels: Uint8Array } {
  const mask = decodeMask(width, height, tiles)
  const pixels = new Uint8Array(frame.width * frame.height * 4)
  for (let y = 0; y < frame.height; y++) {
    const fromY = Math.floor(((y + 0.5) * height) / frame.height)
    for (let x = 0; x < frame.width; x++) {
      const fromX = Math.floor(((x + 0.5) * width) / frame.width)
      const colour = COLOURS[pixelAt(mask, fromX, fromY)]
      if (colour) pixels.set(colour, (y * frame.width + x) * 4)
    }
  }
  return { pixels }
}
