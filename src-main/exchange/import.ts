import { resolve } from 'node:path'
import { USUAL_CHOICE } from '#core/api/maskImport'
import type { ImportOutcome, ImportProgress, ImportReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { verifyPixels } from '#main/images/decode'
import { openImage, type ImageFile } from '#main/images/open'
import { imagePages } from '#main/images/pages'
import { POOL_SIZE } from '#main/images/pool.node'
import { findInBin, restoreImages } from '#main/store/bin'
import { findImagesBySha, insertImage, sha256, type NewImage } from '#main/store/images'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import { findMaskFiles, findPictures, readFound, type FoundFile } from './importFiles'
import { isAnnotationFile } from './maskFile'
import { importMasks } from './maskImport'
import { baseNameOf, pageName } from './names'

/** A file that was examined: what is to be stored, or why it cannot be. */
type Examined<Content> = { name: string; content: Content } | { name: string; reason: string }

/**
 * Adds an image. One whose bytes are in the project already is not added again, one in the bin is restored;
 * one that cannot be read is skipped with a sentence that says why. Of a TIFF with several pages each is an image.
 *
 * @throws JaccardError for what concerns the project and not the file: `read-only`, `disk-full`, `conflict`.
 */
export async function addImage(project: Project, file: ImageFile): Promise<ImportOutcome> {
  return storeImages(project, await examined(file.name, () => examineImage(file, null)))
}

/**
 * Imports the pictures in a folder and its subfolders and, from a second folder or one file, their masks, as
 * `importMasks` does while nobody has decided anything. What cannot be used is skipped, with its reason in the report;
 * the rest goes on. When the signal comes, what is in stays in.
 *
 * @param folders.link Keep where the images lie instead of their bytes.
 * @returns Progress for each file, at last the report.
 * @throws JaccardError `not-found` for a folder that cannot be read, `bad-input` for one without pictures or for
 *   masks in the images' own folder that are pictures, and as `addImage` does.
 */
export async function* importFolder(
  project: Project,
  { images, masks, link }: { images: string; masks: string | null; link: boolean },
  signal?: AbortSignal
): AsyncGenerator<ImportProgress> {
  const maskFiles = masks === null ? [] : await maskFilesOf(masks, images)
  const imageFiles = await findPictures(images, masks)
  if (imageFiles.length === 0) {
    throw new JaccardError(
      'bad-input',
      `The folder "${resolve(images)}" holds no pictures; choose another one.`
    )
  }
  const outcomes: ImportOutcome[] = []
  let total = imageFiles.length + maskFiles.length

  function* done(outcome: ImportOutcome): Generator<ImportProgress> {
    outcomes.push(outcome)
    yield { type: 'progress', done: outcomes.length, total, name: outcome.name }
  }

  const examineFile = (file: FoundFile) =>
    examined(file.name, async () =>
      examineImage({ name: file.name, bytes: await readFound(file) }, link ? file.path : null)
    )
  for await (const image of inOrder(imageFiles, POOL_SIZE + 1, examineFile)) {
    if (signal?.aborted) break
    yield* done(storeImages(project, image))
  }
  const waiting = maskFiles.map((file) => ({ name: file.name, read: () => readFound(file) }))
  const onOpened = (count: number) => (total += count - 1)
  if (!signal?.aborted) {
    for await (const mask of importMasks(project, waiting, USUAL_CHOICE, { signal, onOpened }))
      yield* done(mask)
  }
  yield { type: 'finished', report: reportOf(outcomes, signal?.aborted ?? false) }
}

/** In the images' own folder only annotations can be told from images. */
async function maskFilesOf(masks: string, images: string): Promise<FoundFile[]> {
  const files = await findMaskFiles(masks, images)
  if (resolve(masks) !== resolve(images)) return files
  const annotations = files.filter(({ name }) => isAnnotationFile(name))
  if (annotations.length > 0) return annotations
  throw new JaccardError(
    'bad-input',
    'Images and masks are in one folder; put the masks into a folder of their own.'
  )
}

/** What an import brought, from what became of each file. */
export function reportOf(outcomes: ImportOutcome[], cancelled: boolean): ImportReport {
  const count = (status: ImportOutcome['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length
  return {
    added: outcomes.reduce((sum, one) => sum + (one.status === 'added' ? 1 + one.others.length : 0), 0),
    duplicates: count('duplicate'),
    masksMatched: count('matched'),
    skipped: outcomes.flatMap((outcome) =>
      outcome.status === 'skipped' ? [{ file: outcome.name, reason: outcome.reason }] : []
    ),
    notes: outcomes.flatMap((outcome) =>
      'note' in outcome && outcome.note !== null ? [{ file: outcome.name, note: outcome.note }] : []
    ),
    cancelled
  }
}

/** A file's fault becomes its reason; any other fault is thrown on. */
async function examined<Content>(name: string, examine: () => Promise<Content>): Promise<Examined<Content>> {
  try {
    return { name, content: await examine() }
  } catch (error) {
    if (error instanceof JaccardError && error.code === 'bad-input') return { name, reason: error.message }
    throw error
  }
}

/** @returns The file's pages, each an image. */
async function examineImage(file: ImageFile, linkedPath: string | null): Promise<NewImage[]> {
  const opened = await openImage(file)
  const sha = await sha256(file.bytes)
  const pages = await imagePages(opened)
  const images: NewImage[] = []
  for (const page of pages) {
    const image = page === 0 ? opened : await openImage({ ...file, page })
    const { window, fingerprint } = await verifyPixels(image)
    const { format, width, height, bitDepth } = image.facts
    const name = pages.length === 1 ? file.name : pageName(file.name, page)
    images.push({
      name,
      baseName: baseNameOf(name),
      sha,
      bytes: file.bytes,
      page,
      linkedPath,
      format,
      width,
      height,
      bitDepth,
      windowLow: window?.low ?? null,
      windowHigh: window?.high ?? null,
      fingerprint
    })
  }
  return images
}

/** All pages of a file in one transaction, so that none is there without the others. */
function storeImages(project: Project, file: Examined<NewImage[]>): ImportOutcome {
  const { name } = file
  if ('reason' in file) return { status: 'skipped', name, reason: file.reason }
  const pages = file.content
  const [first] = pages
  const present = findImagesBySha(project, first!.sha)
  const isPresent = (image: NewImage) => present.some(({ page }) => page === image.page)
  const missing = pages.filter((image) => !isPresent(image))
  if (missing.length === 0) return { status: 'duplicate', name, imageId: present[0]!.id }
  let restored = 0
  const [imageId, ...others] = project.transaction(() =>
    missing.map((image) => {
      const deleted = findInBin(project, image.sha, image.page)
      if (deleted === null) return insertImage(project, image)
      restoreImages(project, [deleted])
      restored++
      return deleted
    })
  )
  const notes = [
    ...(pages.length > 1 ? [`"${name}" has ${pages.length} pages; each is an image of its own.`] : []),
    ...(restored > 0 ? [`"${name}" was in the bin and is back as it was.`] : [])
  ]
  return { status: 'added', name, imageId: imageId!, others, note: notes.join(' ') || null }
}
