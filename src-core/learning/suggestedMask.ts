import { createMask, TILE, TILE_PIXELS, tileColumns, type Mask } from '#core/mask/tiles'
import { FOREGROUND } from '#core/mask/values'
import type { Extent } from './frame'
import { enlargedRows } from './resample'

/**
 * What a prediction says is foreground, in the pixels of its image. A stored byte q stands for the middle of its step,
 * (q + ½) / 256, so on the frame itself this is q ≥ level. Row by row: of an image of any size only the tiles with
 * foreground are in memory.
 *
 * @param prediction `[height, width]` of the frame, quantised by `quantise.ts`.
 * @param image The image's own pixels.
 * @param level The threshold in 256ths, 1 to 255.
 */
export function suggestedMask(
  { probabilities, ...frame }: Extent & { probabilities: Uint8Array },
  image: Extent,
  level: number
): Mask {
  const mask = createMask(image.width, image.height)
  const columns = tileColumns(image.width)
  let y = 0
  for (const row of enlargedRows(probabilities, frame, image)) {
    const first = Math.floor(y / TILE) * columns
    for (let x = 0; x < row.length; x++) {
      if (row[x]! + 0.5 <= level) continue
      const index = first + Math.floor(x / TILE)
      let tile = mask.tiles.get(index)
      if (!tile) mask.tiles.set(index, (tile = new Uint8Array(TILE_PIXELS)))
      tile[(y % TILE) * TILE + (x % TILE)] = FOREGROUND
    }
    y++
  }
  return mask
}
