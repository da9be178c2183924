import type { Picture } from '#core/mask/assist/picture'
import type { Rectangle } from '#core/mask/tiles'
import { isLarge, levelFor, tileInImage, tilesUnder } from '#core/picture/pyramid'
import { loadTile, preparingUrl, tileUrl } from '../picture/tile-address'
import type { Source } from './assistant'
import type { SourceAddress } from './protocol'

/** So many tiles are decoded at a time. */
const AT_ONCE = 6

/**
 * The pixels of the open image, for a worker. An image in one piece is decoded once and held; of a large one every
 * question loads the tiles that it is about, at the level that is as fine as it asks for, and keeps none.
 *
 * @throws Error where it cannot be read.
 */
export function openSource(image: SourceAddress): Promise<Source> {
  return isLarge(image.size) ? openTiles(image) : openWhole(image)
}

async function openWhole({ url }: SourceAddress): Promise<Source> {
  const bitmap = await createImageBitmap(await (await answered(url)).blob())
  return {
    width: bitmap.width,
    height: bitmap.height,
    read(area, factor) {
      const context = canvasFor(area, factor)
      const { width, height } = context.canvas
      context.drawImage(
        bitmap,
        ...([area.x, area.y, width * factor, height * factor] as const),
        ...([0, 0, width, height] as const)
      )
      return Promise.resolve(readPixels(context))
    }
  }
}

async function openTiles({ size, tiles: address }: SourceAddress): Promise<Source> {
  await answered(preparingUrl(address))
  return {
    ...size,
    async read(area, factor) {
      const tiles = tilesUnder(size, levelFor(size, 1 / factor), area)
      const context = canvasFor(area, factor)
      const draw = async (): Promise<void> => {
        for (let tile; (tile = tiles.pop());) {
          const picture = await loadTile(tileUrl(address, tile))
          const { x, y, width, height } = tileInImage(size, tile)
          const scale = 2 ** tile.level
          context.drawImage(
            picture,
            ...([0, 0, width / scale, height / scale] as const),
            ...([(x - area.x) / factor, (y - area.y) / factor, width / factor, height / factor] as const)
          )
          picture.close()
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, draw))
      return readPixels(context)
    }
  }
}

async function answered(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The image could not be read for this tool (${response.status}).`)
  return response
}

/** A canvas for a part of an image at a smaller scale. */
function canvasFor(area: Rectangle, factor: number): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(Math.ceil(area.width / factor), Math.ceil(area.height / factor))
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  return context
}

function readPixels(context: OffscreenCanvasRenderingContext2D): Picture {
  const { width, height } = context.canvas
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}
