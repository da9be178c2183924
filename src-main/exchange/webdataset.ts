import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportReport } from '#core/api/values'
import { UNKNOWN } from '#core/mask/values'
import { onePage } from '#main/images/decode'
import { encodeMaskPng } from '#main/images/encode'
import { POOL_SIZE } from '#main/images/pool.node'
import { readImageFile, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import type { WriteMasks } from './masks'
import { fileNamesFor } from './names'
import { TAR_END, tarEntry } from './tar'
import { makeMaskFolder, throwIfExportCancelled } from './targetFolder'
import { writing } from './writing'

/** A shard is closed when it is larger, in bytes. */
const SHARD = 500e6

const EXTENSIONS: Record<string, string> = { jpeg: 'jpg', tiff: 'tif' }

/**
 * Writes images and masks as a data set in WebDataset's layout: TAR files `train-000000.tar` and so on for each split.
 * A sample is the image's own bytes (of a file with several pages the one page), `mask.png` (255 foreground, upright as the image is shown), `unknown.png` (255
 * unknown) where there are unknown pixels, and `json` with name, size, split and state, all under one key.
 */
export const writeShards: WriteMasks = async (project, images, folder, signal) => {
  const splitOf = ({ split }: ImageRecord) => split ?? 'train'
  const splits = [...new Set(images.map(splitOf))]
  await makeMaskFolder(
    folder,
    splits.map((split) => shardName(split, 0))
  )
  const files: ExportReport['files'] = []
  const keys = fileNamesFor(
    // A key ends at its first dot.
    images.map(({ baseName }) => baseName.replaceAll('.', '_')),
    ''
  )
  const keyOf = new Map(images.map(({ id }, i) => [id, keys[i]!]))
  for (const split of splits) {
    const members = images.filter((image) => splitOf(image) === split)
    const samples = inOrder(members, POOL_SIZE + 1, (image) =>
      sampleOf(project, image, keyOf.get(image.id)!, split)
    )
    let shard: Shard | null = null
    try {
      for await (const entries of samples) {
        throwIfExportCancelled(signal, folder)
        if (shard && shard.bytes > SHARD) {
          files.push(await shard.finish())
          shard = null
        }
        const number = files.filter(({ name }) => name.startsWith(`${split}-`)).length
        shard ??= await openShard(folder, shardName(split, number))
        await shard.write(entries)
      }
      if (shard) files.push(await shard.finish())
    } finally {
      await shard?.release()
    }
  }
  return files
}

function shardName(split: string, number: number): string {
  return `${split}-${String(number).padStart(6, '0')}.tar`
}

/** The entries of one sample. */
async function sampleOf(
  project: Project,
  image: ImageRecord,
  key: string,
  split: string
): Promise<Uint8Array[]> {
  const { id, name, width, height, state, format, known } = image
  const { tiles } = readMask(project, id)
  const unknown = width * height - known
  const file = await readImageFile(project, id)
  // A TIFF may have more pages, which are images of their own.
  const bytes = format === 'tiff' ? await onePage(file) : file.bytes
  const entries = [
    ...tarEntry(`${key}.${EXTENSIONS[format] ?? format}`, bytes),
    ...tarEntry(`${key}.mask.png`, await encodeMaskPng(tiles, width, height))
  ]
  if (unknown > 0)
    entries.push(...tarEntry(`${key}.unknown.png`, await encodeMaskPng(tiles, width, height, UNKNOWN)))
  const facts = { name, width, height, split, state, unknownPixels: unknown }
  return [...entries, ...tarEntry(`${key}.json`, Buffer.from(JSON.stringify(facts)))]
}

interface Shard {
  /** So far. */
  bytes: number
  write(parts: Uint8Array[]): Promise<void>
  /** Writes the end. */
  finish(): Promise<ExportReport['files'][number]>
  /** Closes the file, whole or not. */
  release(): Promise<void>
}

async function openShard(folder: string, name: string): Promise<Shard> {
  const file = await writing(folder, 'data set', () => open(join(folder, name), 'wx'))
  const shard: Shard = {
    bytes: 0,
    write: (parts) =>
      writing(folder, 'data set', async () => {
        for (const part of parts) await file.writeFile(part)
        shard.bytes += parts.reduce((sum, part) => sum + part.length, 0)
      }),
    finish: async () => {
      await shard.write([TAR_END])
      await shard.release()
      return { name, bytes: shard.bytes }
    },
    release: () => file.close()
  }
  return shard
}
