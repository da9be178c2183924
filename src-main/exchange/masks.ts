import { mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ExportReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { encodeMaskPng } from '#main/images/encode'
import { POOL_SIZE } from '#main/images/pool.node'
import { LABELLED, listImageRecords } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import { fileNamesFor } from './names'
import { writing } from './writing'

export interface MaskExportReport extends ExportReport {
  /** Images that are neither complete nor confirmed empty: a mask of theirs would claim more than was looked at. */
  unfinished: number
  /** Written masks with unknown pixels, which are background in the file. */
  withUnknown: number
}

/**
 * Writes the masks of all complete and confirmed empty images as PNGs of one channel in the images' own size, 255
 * foreground, 0 background, under the images' base names (a number behind those that several images share).
 * Unknown pixels become 0: a reader of masks, this program included, takes anything else for foreground.
 *
 * @param folder Made where it does not exist. No file in it is replaced.
 * @throws JaccardError `bad-input` if no image is complete, `conflict` if a file of that name exists (nothing is
 *   written then), `read-only`, `disk-full`, `cancelled`.
 */
export async function exportMasks(
  project: Project,
  folder: string,
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
  const names = fileNamesFor(
    labelled.map(({ baseName }) => baseName),
    '.png'
  )
  const present = names.find((name) => existsSync(join(target, name)))
  if (present !== undefined) {
    throw new JaccardError(
      'conflict',
      `"${join(target, present)}" exists already and is not replaced; choose an empty folder for the masks.`
    )
  }
  const files: ExportReport['files'] = []
  const encoded = inOrder(labelled, POOL_SIZE + 1, ({ id, width, height }) =>
    encodeMaskPng(readMask(project, id).tiles, width, height)
  )
  await writing(target, 'masks', () => mkdir(target, { recursive: true }))
  for await (const bytes of encoded) {
    if (signal?.aborted) throw new JaccardError('cancelled', `The export to "${target}" was cancelled.`)
    const name = names[files.length]!
    await writing(target, 'masks', () => writeFile(join(target, name), bytes, { flag: 'wx' }))
    files.push({ name, bytes: bytes.length })
  }
  return {
    folder: target,
    files,
    unfinished: images.length - labelled.length,
    withUnknown: labelled.filter(({ known, width, height }) => known < width * height).length
  }
}
