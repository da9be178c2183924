import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { JaccardError } from '#core/errors'
import type { PictureTile } from '#core/picture/pyramid'
import { createLine } from './latestFirst'
import { tileFileName, type WrittenTiles } from './pyramid'

/** The tiles of large images, made when they are first asked for and kept in a folder of this machine. */
export interface PyramidCache {
  /**
   * Sees to it that an image's tiles are there.
   *
   * @param key Of the image and its look; the same for the same tiles. Letters, digits and hyphens.
   * @param write Writes them into an empty folder. @throws what it throws, `disk-full` or `read-only`.
   */
  prepare(key: string, write: (folder: string) => Promise<WrittenTiles>, signal?: AbortSignal): Promise<void>
  /**
   * One tile's PNG file; null where it is missing or damaged, and then all tiles of the image are gone: they have to be
   * prepared again.
   */
  read(key: string, tile: PictureTile): Promise<Uint8Array | null>
}

/** Some ten images of 100 megapixels with much noise. */
const USUAL_LIMIT = 4e9

/** The last file to be written: without it the folder is nothing. */
const SUMS = 'tiles.json'
const sumsSchema = z.object({ sums: z.record(z.string(), z.int()), bytes: z.int() })

/** Half-made folders of a process that is gone; one at work has touched its own within this time. */
const ABANDONED_MILLISECONDS = 3600e3
const UNFINISHED = 'unfinished-'

/**
 * @param folder Is made when it is needed.
 * @param limit Bytes of all tiles; beyond, the images that were not shown for longest go, but never the latest.
 */
export function createPyramidCache(folder: string, limit = USUAL_LIMIT): PyramidCache {
  const line = createLine()
  /** The sums of the images at hand, so that they are read once. */
  const known = new Map<string, Record<string, number>>()
  const placeOf = (key: string) => join(folder, key)

  async function sumsOf(key: string): Promise<Record<string, number> | null> {
    const sums = known.get(key) ?? (await readSums(placeOf(key)))?.sums
    if (sums) known.set(key, sums)
    return sums ?? null
  }

  async function forget(key: string): Promise<void> {
    known.delete(key)
    await rm(placeOf(key), { recursive: true, force: true })
  }

  async function make(key: string, write: (folder: string) => Promise<WrittenTiles>): Promise<void> {
    let own: string | null = null
    try {
      await mkdir(folder, { recursive: true })
      own = await mkdtemp(join(folder, UNFINISHED))
      const written = await write(own)
      await writeFile(join(own, SUMS), JSON.stringify(written satisfies z.infer<typeof sumsSchema>))
      // Whatever lies there is not whole, or another process was faster with the same.
      await forget(key)
      await rename(own, placeOf(key))
    } catch (error) {
      if (own) await rm(own, { recursive: true, force: true })
      if (await sumsOf(key)) return
      throw unwritable(error, folder)
    }
    await makeRoom(key)
  }

  /** The oldest go, so that all that is left is within the limit. */
  async function makeRoom(latest: string): Promise<void> {
    const entries = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const at = placeOf(name)
        if (name.startsWith(UNFINISHED)) {
          const { mtimeMs } = await stat(at)
          if (Date.now() - mtimeMs > ABANDONED_MILLISECONDS) await rm(at, { recursive: true, force: true })
          return null
        }
        const bytes = (await readSums(at))?.bytes
        if (bytes === undefined) return null
        return { name, bytes, usedAt: (await stat(join(at, SUMS))).mtimeMs }
      })
    )
    let left = limit
    const latestFirst = entries.filter((entry) => entry !== null).sort((a, b) => b.usedAt - a.usedAt)
    for (const { name, bytes } of latestFirst) {
      left -= bytes
      if (left < 0 && name !== latest) await forget(name)
    }
  }

  return {
    async prepare(key, write, signal) {
      if (!(await sumsOf(key))) await line.ask(key, () => make(key, write), signal)
      const now = new Date()
      await utimes(join(placeOf(key), SUMS), now, now).catch(() => undefined)
    },
    async read(key, tile) {
      const name = tileFileName(tile)
      const sum = (await sumsOf(key))?.[name]
      const bytes = await readFile(join(placeOf(key), name)).catch(() => null)
      if (bytes && sum === crc32(bytes)) return bytes
      await forget(key)
      return null
    }
  }
}

async function readSums(place: string): Promise<z.infer<typeof sumsSchema> | null> {
  try {
    return sumsSchema.parse(JSON.parse(await readFile(join(place, SUMS), 'utf8')))
  } catch {
    return null
  }
}

function unwritable(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  const options = { cause: error }
  if (code === 'ENOSPC') {
    const sentence = `There is no room in "${folder}" to show this large image sharply; free some space there.`
    return new JaccardError('disk-full', sentence, options)
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    const sentence = `"${folder}" cannot be written, so this large image is not shown sharply; make the folder writable.`
    return new JaccardError('read-only', sentence, options)
  }
  return error
}
