import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  levelCount,
  PICTURE_TILE,
  tileInLevel,
  tilesUnder,
  type PictureSize,
  type PictureTile
} from '#core/picture/pyramid'
import { rgbPipeline, runRgb } from './decode'
import { fileOf } from './encode'
import { openImage, type ImageFile } from './open'
import { POOL_SIZE, runPixelJob } from './pool.node'
import { loadSharp } from './sharp.node'
import type { PixelWindow } from './window'

/** Samples of a level, `[height, width, channels]`. */
interface Level extends PictureSize {
  data: Uint8Array<ArrayBuffer>
  channels: 1 | 3
}

/** What was written: of each tile's file, by its name, the CRC-32, and the bytes of all. */
export interface WrittenTiles {
  sums: Record<string, number>
  bytes: number
}

/** How much work a tile's file is worth: noise hardly gets smaller by more, and it is read from this machine. */
const COMPRESSION = 2

/** The name of a tile's file. */
export function tileFileName({ level, column, row }: PictureTile): string {
  return `${level}-${column}-${row}.png`
}

/**
 * Writes the tiles of an image into a folder as PNG files, with the pixels of `decodeRgb`: upright, and of more than
 * 8 bits through one window over the whole image. Grey images become grey files.
 *
 * In memory is one level with the next smaller one: the decoded image, as for everything else that is done with it.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read in full. Rejects with Node's error where the folder
 *   cannot be written.
 */
export async function writePyramid(
  file: ImageFile,
  window: PixelWindow | null,
  folder: string
): Promise<WrittenTiles> {
  const written: WrittenTiles = { sums: {}, bytes: 0 }
  let samples = await decodeLevel(file, window)
  const size = { width: samples.width, height: samples.height }
  for (let level = 0; level < levelCount(size); level++) {
    if (level > 0) samples = await halve(samples)
    const tiles = tilesUnder(size, level, { x: 0, y: 0, ...size })
    const write = async (): Promise<void> => {
      for (let tile; (tile = tiles.pop());) {
        const bytes = await encodeTile(samples, tileInLevel(size, tile))
        const name = tileFileName(tile)
        await writeFile(join(folder, name), bytes)
        written.sums[name] = crc32(bytes)
        written.bytes += bytes.length
      }
    }
    await Promise.all(Array.from({ length: POOL_SIZE + 1 }, write))
  }
  return written
}

/** One channel where the file has one. */
async function decodeLevel(file: ImageFile, window: PixelWindow | null): Promise<Level> {
  const image = await openImage(file)
  const { channels, hasAlpha } = image.metadata
  const isGrey = channels - (hasAlpha ? 1 : 0) === 1
  const pipeline = await rgbPipeline(image, window)
  const decoded = await runRgb(file.name, isGrey ? pipeline.extractChannel(0) : pipeline)
  return { ...decoded, channels: isGrey ? 1 : 3 }
}

async function halve({ data, width, height, channels }: Level): Promise<Level> {
  const { pixels } = await runPixelJob('halve', () => ({
    input: { pixels: data, width, height, channels },
    transfer: [data.buffer]
  }))
  return { data: pixels, width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels }
}

function encodeTile(level: Level, { x, y, width, height }: { x: number; y: number } & PictureSize) {
  const { data, channels } = level
  const row = width * channels
  const pixels = new Uint8Array(height * row)
  for (let i = 0; i < height; i++) {
    const from = ((y + i) * level.width + x) * channels
    pixels.set(data.subarray(from, from + row), i * row)
  }
  const picture = loadSharp()(pixels, { raw: { width, height, channels } })
  return fileOf(
    (channels === 1 ? picture.toColourspace('b-w') : picture).png({
      compressionLevel: COMPRESSION,
      adaptiveFiltering: false
    })
  )
}

/** Raised when the files change their look or their names: what an older version made is not taken for them. */
export const PYRAMID_VERSION = `1-${PICTURE_TILE}`
