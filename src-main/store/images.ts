import { readFile } from 'node:fs/promises'
import type { ClassBalance, ImageState, ImageSummary, ProjectSummary, Split } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { damaged } from './faults'
import type { Project } from './project'

/** An image that is to be added; its size is that after EXIF orientation. */
export interface NewImage {
  /** As the person knows it; several images may have the same name. */
  name: string
  /** Without folder and extension; masks match by it. */
  baseName: string
  /** SHA-256 of `bytes`, from `sha256`. */
  sha: string
  bytes: Uint8Array
  /** Which page of the file it is, from 0; by default the first. */
  page?: number
  /** The file to read the bytes from later; null keeps them in the project. */
  linkedPath: string | null
  /** The format's short name: `png`, `jpeg`, `webp`, `tiff`. */
  format: string
  width: number
  height: number
  bitDepth: number
  /** The stored values shown as black and as white; null where the format's own range applies. */
  windowLow: number | null
  windowHigh: number | null
  /** What it looks like from afar, by `fingerprintOf`; null leaves that to later. */
  fingerprint: Uint8Array | null
}

/** What is known of an image, without its bytes and its mask. */
export interface ImageRecord extends ImageSummary {
  sha: string
  linkedPath: string | null
  /** Which page of the file it is, from 0. */
  page: number
  format: string
  windowLow: number | null
  windowHigh: number | null
  /** Pixels of the mask that are foreground. */
  foreground: number
  /** Pixels of the mask that are not unknown. */
  known: number
  /** It is in the bin, or was. */
  deleted: boolean
  /** It was deleted for good; only what runs need to name it is left. */
  erased: boolean
}

/** The states whose masks train and validate: unlabelled is not background. */
export const LABELLED: readonly ImageState[] = ['complete', 'confirmed-empty']
const IN_LABELLED = LABELLED.map((state) => `'${state}'`).join(', ')

/** SHA-256 in hexadecimal, computed beside the event loop. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Buffer.from(digest).toString('hex')
}

/** Adds an image, untouched and without a split. Equal bytes are kept once. @returns The image's id. */
export function insertImage(project: Project, image: NewImage): number {
  const { bytes, ...row } = image
  return project.transaction(() => {
    const isKept = project.get('SELECT 1 FROM blob WHERE sha = ?', row.sha) !== undefined
    if (row.linkedPath === null && !isKept) {
      project.run('INSERT INTO blob (sha, bytes) VALUES (?, ?)', row.sha, bytes)
    }
    const { lastInsertRowid } = project.run(
      `INSERT INTO image (name, base_name, sha, linked_path, page, format, width, height, bit_depth, window_low, window_high,
         fingerprint)
       VALUES (:name, :baseName, :sha, :linkedPath, :page, :format, :width, :height, :bitDepth, :windowLow, :windowHigh,
         :fingerprint)`,
      { page: 0, ...row }
    )
    return Number(lastInsertRowid)
  })
}

interface ImageRow extends Omit<
  ImageRecord,
  'splitOwnChoice' | 'foregroundShare' | 'known' | 'deleted' | 'erased'
> {
  splitOwnChoice: number
  deleted: number
  erased: number
  unknown: number
}

const SELECT = `
  SELECT id, name, base_name AS baseName, width, height, bit_depth AS bitDepth, state, split,
    split_own_choice AS splitOwnChoice, revision, sha, linked_path AS linkedPath, page, format,
    window_low AS windowLow, window_high AS windowHigh, deleted_at IS NOT NULL AS deleted, erased,
    (SELECT coalesce(sum(foreground), 0) FROM mask_tile WHERE image_id = image.id) AS foreground,
    (SELECT coalesce(sum(unknown), 0) FROM mask_tile WHERE image_id = image.id) AS unknown
  FROM image`

function recordOf({ unknown, ...row }: ImageRow): ImageRecord {
  const known = row.width * row.height - unknown
  return {
    ...row,
    known,
    splitOwnChoice: row.splitOwnChoice === 1,
    deleted: row.deleted === 1,
    erased: row.erased === 1,
    foregroundShare: known === 0 ? 0 : row.foreground / known
  }
}

function summaryOf(record: ImageRecord): ImageSummary {
  const { id, name, baseName, width, height, bitDepth, state, split } = record
  const { splitOwnChoice, foregroundShare, revision } = record
  return {
    id,
    name,
    baseName,
    width,
    height,
    bitDepth,
    state,
    split,
    splitOwnChoice,
    foregroundShare,
    revision
  }
}

/** Every image for the window, or those of some ids, in the order in which they were added; none of the bin. */
export function listImages(project: Project, ids?: readonly number[]): ImageSummary[] {
  if (!ids) return listImageRecords(project).map(summaryOf)
  return project
    .all<ImageRow>(
      `${SELECT} WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL ORDER BY id`,
      JSON.stringify(ids)
    )
    .map((row) => summaryOf(recordOf(row)))
}

/** Every image with all that is known of it, in the order in which they were added; none of the bin. */
export function listImageRecords(project: Project): ImageRecord[] {
  return project.all<ImageRow>(`${SELECT} WHERE deleted_at IS NULL ORDER BY id`).map(recordOf)
}

/** The images of these bytes, the first added first; none of the bin. */
export function findImagesBySha(project: Project, sha: string): ImageRecord[] {
  return project
    .all<ImageRow>(`${SELECT} WHERE sha = ? AND deleted_at IS NULL ORDER BY id`, sha)
    .map(recordOf)
}

/** The images that a mask of this base name belongs to, the first added first; none of the bin. */
export function findImagesByBaseName(project: Project, baseName: string): ImageRecord[] {
  return project
    .all<ImageRow>(`${SELECT} WHERE base_name = ? AND deleted_at IS NULL ORDER BY id`, baseName)
    .map(recordOf)
}

/** An image, wherever it is. @throws JaccardError `not-found` */
export function getImage(project: Project, id: number): ImageRecord {
  const row = project.get<ImageRow>(`${SELECT} WHERE id = ?`, id)
  if (!row) throw new JaccardError('not-found', `The project has no image ${id}; it may have been removed.`)
  return recordOf(row)
}

/** @throws JaccardError `not-found` */
export function getImageSummary(project: Project, id: number): ImageSummary {
  return summaryOf(getImage(project, id))
}

/**
 * An image's file, as decoders take it. Errors: as of `readImageBytes`.
 */
export async function readImageFile(
  project: Project,
  id: number
): Promise<{ name: string; bytes: Uint8Array; page: number }> {
  const { name, page } = getImage(project, id)
  return { name, bytes: await readImageBytes(project, id), page }
}

/**
 * The bytes of an image's file, with all of its pages, as they were added, checked by their hash.
 *
 * @throws JaccardError `not-found` where a linked file or the image itself is gone, `conflict` where it has changed, `bad-input` where
 *   the project is damaged.
 */
export async function readImageBytes(project: Project, id: number): Promise<Uint8Array> {
  const image = getImage(project, id)
  if (image.erased) {
    throw new JaccardError('not-found', `The image "${image.name}" was deleted for good; add its file again.`)
  }
  if (image.linkedPath !== null) return readLinked(image.linkedPath, image)
  const row = project.get<{ bytes: Uint8Array }>('SELECT bytes FROM blob WHERE sha = ?', image.sha)
  if (!row || (await sha256(row.bytes)) !== image.sha) throw damaged(project.path)
  return row.bytes
}

async function readLinked(path: string, { name, sha }: ImageRecord): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new JaccardError(
      'not-found',
      `The image "${name}" is linked to "${path}", which cannot be read; put the file back there.`,
      { cause }
    )
  })
  if ((await sha256(bytes)) === sha) return bytes
  throw new JaccardError(
    'conflict',
    `The linked file "${path}" has changed since it was added as "${name}"; put the old file back, or add it anew.`
  )
}

/** Keeps what an image looks like, for one that was added before that was kept. */
export function setFingerprint(project: Project, id: number, fingerprint: Uint8Array): void {
  project.run('UPDATE image SET fingerprint = ? WHERE id = ?', fingerprint, id)
}

/** The labelled images of which it is not known what they look like. */
export function imagesWithoutFingerprint(project: Project): number[] {
  return project
    .all<{ id: number }>(
      `SELECT id FROM image WHERE fingerprint IS NULL AND deleted_at IS NULL AND state IN (${IN_LABELLED})
       ORDER BY id`
    )
    .map(({ id }) => id)
}

/**
 * Marks images as untouched, in progress, complete, or confirmed empty.
 *
 * @throws JaccardError `conflict` for confirming as empty what has foreground; then no state changes.
 */
export function setState(project: Project, ids: number[], state: ImageState): ImageSummary[] {
  return project.transaction(() =>
    ids.map((id) => {
      const image = getImage(project, id)
      if (state === 'confirmed-empty' && image.foreground > 0) {
        throw new JaccardError(
          'conflict',
          `The mask of "${image.name}" has foreground; erase it before confirming that there is none.`
        )
      }
      project.run('UPDATE image SET state = ? WHERE id = ?', state, id)
      return summaryOf({ ...image, state })
    })
  )
}

/** Puts images into a split by the person's own choice; null takes that back and leaves the split to be drawn. */
export function setSplit(project: Project, ids: number[], split: Split | null): ImageSummary[] {
  return project.transaction(() =>
    ids.map((id) => {
      project.run(
        'UPDATE image SET split = ?, split_own_choice = ? WHERE id = ?',
        split,
        split === null ? 0 : 1,
        id
      )
      return getImageSummary(project, id)
    })
  )
}

/** Images by state, the labelled ones by split with their class balance, and those in the bin. */
export function countImages(project: Project): ProjectSummary['images'] {
  const byState = { untouched: 0, 'in-progress': 0, complete: 0, 'confirmed-empty': 0 }
  let total = 0
  for (const { state, images } of project.all<{ state: ImageState; images: number }>(
    'SELECT state, count(*) AS images FROM image WHERE deleted_at IS NULL GROUP BY state'
  )) {
    byState[state] = images
    total += images
  }
  return { total, byState, bySplit: classBalance(project), inBin: countBin(project) }
}

/** How many images are in the bin and can be restored. */
export function countBin(project: Project): number {
  return project.get<{ images: number }>(
    'SELECT count(*) AS images FROM image WHERE deleted_at IS NOT NULL AND erased = 0'
  )!.images
}

/** Per split, its labelled images and their share of foreground, over the known pixels of all of them. */
export function classBalance(project: Project): Record<Split, ClassBalance> {
  const empty = (): ClassBalance => ({ images: 0, foregroundShare: null })
  const balance = { train: empty(), validation: empty(), test: empty() }
  for (const row of project.all<{ split: Split; images: number; foreground: number; known: number }>(`
    WITH tiles AS (
      SELECT image_id, sum(foreground) AS foreground, sum(unknown) AS unknown FROM mask_tile GROUP BY image_id
    )
    SELECT split, count(*) AS images, coalesce(sum(foreground), 0) AS foreground,
      sum(width * height - coalesce(unknown, 0)) AS known
    FROM image LEFT JOIN tiles ON image_id = image.id
    WHERE split IS NOT NULL AND deleted_at IS NULL AND state IN (${IN_LABELLED})
    GROUP BY split`)) {
    const { split, images, foreground, known } = row
    balance[split] = { images, foregroundShare: known === 0 ? null : foreground / known }
  }
  return balance
}
