import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { MaskExportFormat, MaskExportReport } from '#core/api/maskExport'
import type { ExportReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { encodeMaskPng } from '#main/images/encode'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { LABELLED, listImageRecords, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import { FOREGROUND_NAME } from './annotations/write'
import { cocoWriter } from './cocoFile'
import { fileNamesFor } from './names'
import { makeMaskFolder, throwIfExportCancelled } from './targetFolder'
import { writeShards } from './webdataset'
import { writing } from './writing'

/** Writes the masks of these images into a folder that exists. @returns The files in their order. */
export type WriteMasks = (
  project: Project,
  images: ImageRecord[],
  folder: string,
  signal: AbortSignal | undefined
) => Promise<ExportReport['files']>

const WRITERS: Record<MaskExportFormat, WriteMasks> = {
  png: fileByFile('.png', ({ tiles, width, height }) => encodeMaskPng(tiles, width, height)),
  labelme: fileByFile('.json', async (mask, { name }) => {
    const imagePath = relativePath(name)
    return (await runPixelJob('labelmeText', () => ({ input: { ...mask, imagePath } }))).bytes
  }),
  yolo: fileByFile('.txt', async (mask) => (await runPixelJob('yoloText', () => ({ input: mask }))).bytes, {
    name: 'data.yaml',
    text: `names:\n  0: ${FOREGROUND_NAME}\n`
  }),
  coco: cocoWriter('cocoRuns'),
  'coco-polygons': cocoWriter('cocoPolygons'),
  webdataset: writeShards
}

/**
 * Writes the masks of all complete and confirmed empty images, in the images' own size and under their base names (a
 * number behind those that several images share).
 *
 * - `png`: one channel, 255 foreground, 0 background. Unknown pixels become 0: a reader of masks, this program
 *   included, takes anything else for foreground.
 * - `coco`: `annotations.json` with run lengths, an annotation for each connected part; unknown pixels are a crowd,
 *   which readers of COCO leave out of their metrics as well.
 * - `coco-polygons`: the same with a polygon along the pixels' edges for each connected part; the crowd has run lengths.
 * - `labelme`: a polygon along the pixels' edges for each connected part; unknown pixels have the label `unknown`.
 * - `yolo`: the same polygons as lines of class 0; unknown pixels are background.
 * - `webdataset`: images and masks in shards by split, see `writeShards`.
 *
 * What `importMasks` makes of them is the same mask, but for unknown pixels in PNG and YOLO.
 *
 * @param folder Made where it does not exist. No file in it is replaced.
 * @throws JaccardError `bad-input` if no image is complete, `conflict` if a file of that name exists (nothing is
 *   written then), `read-only`, `disk-full`, `cancelled`.
 */
export async function exportMasks(
  project: Project,
  folder: string,
  format: MaskExportFormat,
  signal?: AbortSignal
): Promise<MaskExportReport> {
  const images = listImageRecords(project)
  const labelled = images.filter(({ state }) => LABELLED.includes(state))
  if (labelled.length === 0) {
    throw new JaccardError(
      'bad-input',
      'No image is complete or confirmed empty yet, so there are no masks to export; complete one first.'
    )
  }
  const target = resolve(folder)
  return {
    folder: target,
    format,
    files: await WRITERS[format](project, labelled, target, signal),
    images: labelled.length,
    unfinished: images.length - labelled.length,
    withUnknown: labelled.filter(({ known, width, height }) => known < width * height).length
  }
}

/** An image's name as a way from the folder of all images, which a reader may follow: it leads nowhere else. */
function relativePath(name: string): string {
  const parts = name.split(/[\\/]/)
  return parts.some((part) => part === '..' || part === '' || part.includes(':'))
    ? parts.at(-1)!
    : parts.join('/')
}

/** A writer of one file for each image, and of one more for all of them. */
function fileByFile(
  extension: string,
  encode: (mask: ReturnType<typeof readMask>, image: ImageRecord) => Promise<Uint8Array>,
  more?: { name: string; text: string }
): WriteMasks {
  return async (project, images, folder, signal) => {
    const names = fileNamesFor(
      images.map(({ baseName }) => baseName),
      extension
    )
    await makeMaskFolder(folder, more ? [...names, more.name] : names)
    const files: ExportReport['files'] = []
    const write = async (name: string, bytes: Uint8Array) => {
      await writing(folder, 'masks', () => writeFile(join(folder, name), bytes, { flag: 'wx' }))
      files.push({ name, bytes: bytes.length })
    }
    const encoded = inOrder(images, POOL_SIZE + 1, (image) => encode(readMask(project, image.id), image))
    for await (const bytes of encoded) {
      throwIfExportCancelled(signal, folder)
      await write(names[files.length]!, bytes)
    }
    if (more) await write(more.name, Buffer.from(more.text))
    return files
  }
}
