import { setImmediate } from 'node:timers/promises'
import type { MaskChoice, MaskMatch, MaskPreview } from '#core/api/maskImport'
import type { ImportOutcome } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { ImageFile } from '#main/images/open'
import { POOL_SIZE } from '#main/images/pool.node'
import { findImagesByBaseName, findImagesBySha, getImage, type ImageRecord } from '#main/store/images'
import { hasTiles, replaceTiles } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import type { ComputedMask } from './annotations/colours'
import { namesClasses, namesIn } from './annotations/read'
import { openMaskFile, type FoundMask } from './maskFile'
import { baseNameOf, pageName, stemOf } from './names'

/** A file that is read when its turn comes. */
export interface WaitingFile {
  name: string
  /** @throws JaccardError `bad-input` */
  read(): Promise<Uint8Array>
}

/** More images than this that are not in the project are counted instead of listed. */
const MOST_LISTED = 3

/**
 * What a file of masks would bring, without writing anything. A file that cannot be used gives its reason.
 *
 * @throws JaccardError for what concerns the project and not the file.
 */
export async function previewMasks(project: Project, file: ImageFile): Promise<MaskPreview> {
  const empty: MaskPreview = { format: null, matches: [], classes: [], names: null }
  try {
    if (namesClasses(file.name)) return { ...empty, names: namesIn(file.name, file.bytes) }
    const { format, masks, classes } = await openMaskFile(file)
    const matches = (await findImages(project, masks)).map(matchOf)
    return { ...empty, format, matches, classes: await classes() }
  } catch (error) {
    const reason = reasonOf(error)
    return { ...empty, matches: [{ name: file.name, image: null, reason, note: null }] }
  }
}

function matchOf({ mask, image, reason, note }: Found): MaskMatch {
  const { outlined, missing } = mask.objects({})
  return {
    name: mask.label,
    image: image && { id: image.id, name: image.name, labelled: image.state !== 'untouched' },
    reason: reason ?? whyNothing(mask, outlined, missing),
    note: missing > 0 && outlined > 0 ? noteOn(image?.name ?? mask.label, missing) : note
  }
}

/**
 * Gives images the masks in these files, as the person chose; each mask is one edit that can be undone. An image with
 * foreground becomes complete, one without is confirmed empty, and one with objects that have no outline stays in
 * progress. What cannot be used is skipped with its reason.
 *
 * @param onOpened Told how many masks a file holds, when it was opened.
 * @throws JaccardError for what concerns the project and not a file: `read-only`, `disk-full`, `conflict`.
 */
export async function* importMasks(
  project: Project,
  files: Iterable<WaitingFile>,
  choice: MaskChoice,
  options: { signal?: AbortSignal; onOpened?: (masks: number) => void } = {}
): AsyncGenerator<ImportOutcome> {
  const { signal, onOpened = () => undefined } = options
  const computed = inOrder(findMasks(project, files, onOpened, signal), POOL_SIZE + 1, (found) =>
    compute(found, choice)
  )
  const given = new Set<number>()
  for await (const mask of computed) {
    if (signal?.aborted) return
    const outcome = storeMask(project, mask, choice, given)
    if (outcome.status === 'matched') given.add(outcome.imageId)
    yield outcome
  }
}

type Skipped = Extract<ImportOutcome, { status: 'skipped' }>

interface Matched {
  mask: FoundMask
  image: ImageRecord
  note: string | null
}

/** The masks of the files with their images, or why there is none. */
async function* findMasks(
  project: Project,
  files: Iterable<WaitingFile>,
  onOpened: (masks: number) => void,
  signal: AbortSignal | undefined
): AsyncGenerator<Matched | Skipped> {
  for (const { name, read } of files) {
    if (signal?.aborted) return
    if (namesClasses(name)) {
      onOpened(0)
      continue
    }
    let found: (Matched | Skipped)[]
    try {
      const { masks } = await openMaskFile({ name, bytes: await read() })
      found = (await findImages(project, masks)).map(({ mask, image, reason, note }) =>
        reason === null ? { mask, image: image!, note } : { status: 'skipped', name: mask.label, reason }
      )
    } catch (error) {
      found = [{ status: 'skipped', name, reason: reasonOf(error) }]
    }
    const skipped = found.filter((one) => 'status' in one).length
    if (found.length > skipped && skipped > MOST_LISTED) {
      found = found.filter((one) => !('status' in one))
      const reason = `${skipped.toLocaleString('en')} of the images in "${name}" were not found in the project, or do not fit.`
      found.push({ status: 'skipped', name, reason })
    }
    onOpened(found.length)
    yield* found
  }
}

async function compute(
  found: Matched | Skipped,
  choice: MaskChoice
): Promise<Skipped | (Matched & { computed: ComputedMask; missing: number })> {
  if ('status' in found) return found
  const { mask, image } = found
  const skipped = (reason: string): Skipped => ({ status: 'skipped', name: mask.label, reason })
  if (choice.leaveOut.includes(image.id)) return skipped(secondMask(mask, image))
  const { outlined, missing } = mask.objects(choice.roles)
  const nothing = whyNothing(mask, outlined, missing)
  if (nothing !== null) return skipped(nothing)
  try {
    return { ...found, missing, computed: await mask.compute(image.width, image.height, choice.roles) }
  } catch (error) {
    return skipped(reasonOf(error))
  }
}

function storeMask(
  project: Project,
  found: Awaited<ReturnType<typeof compute>>,
  { replace }: MaskChoice,
  given: Set<number>
): ImportOutcome {
  if ('status' in found) return found
  const { mask, computed, missing, note } = found
  if (given.has(found.image.id)) {
    return { status: 'skipped', name: mask.label, reason: secondMask(mask, found.image) }
  }
  // As it is now: the person may have painted since.
  const { id, name, width, height, state: before } = getImage(project, found.image.id)
  const state = missing > 0 ? 'in-progress' : computed.foreground > 0 ? 'complete' : 'confirmed-empty'
  if (before !== 'untouched' && !replace && !(before === state && hasTiles(project, id, computed.tiles))) {
    const reason = `${mask.subject} is left out: "${name}" has a label already; choose to replace labels to take it.`
    return { status: 'skipped', name: mask.label, reason }
  }
  replaceTiles(project, id, { width, height, tiles: computed.tiles }, { tool: 'import', state })
  return {
    status: 'matched',
    name: mask.label,
    imageId: id,
    note: missing > 0 ? noteOn(name, missing) : note
  }
}

function secondMask({ subject }: FoundMask, { name }: ImageRecord): string {
  return `${subject} is left out: "${name}" gets another mask of this import already.`
}

function whyNothing({ subject }: FoundMask, outlined: number, missing: number): string | null {
  if (outlined > 0 || missing === 0) return null
  return `${subject} has only points, lines or boxes, which have no inside; draw outlines around the objects.`
}

function noteOn(image: string, missing: number): string {
  const objects = missing === 1 ? 'One object' : `${missing} objects`
  return `${objects} of "${image}" without an outline (a point, line or box) could not be taken; the image stays in progress.`
}

/** A mask with its image, or with the reason why it cannot be used. */
interface Found {
  mask: FoundMask
  image: ImageRecord | null
  reason: string | null
  /** What is worth knowing of the match. */
  note: string | null
}

/** Masks that are looked up before the host does something else. */
const AT_ONCE = 200

async function findImages(project: Project, masks: FoundMask[]): Promise<Found[]> {
  const found: Found[] = []
  for (const mask of masks) {
    found.push({ mask, ...findImage(project, mask), note: null })
    if (found.length % AT_ONCE === 0) await setImmediate()
  }
  const first = found.find(({ image, reason }) => image !== null && reason === null)
  if (first?.mask.page) first.note = noteOnPages(first.mask.page.of, countPages(project, first.image!))
  return found
}

/** How many of the pages of this image's file are in the project. */
function countPages(project: Project, { sha }: ImageRecord): number {
  return findImagesBySha(project, sha).length
}

function noteOnPages(ofMask: number, ofImage: number): string | null {
  if (ofMask === ofImage) return null
  return `The mask has ${ofMask} pages, but its image ${ofImage} in this project; each page takes the mask of its own number.`
}

function findImage(project: Project, mask: FoundMask): Pick<Found, 'image' | 'reason'> {
  const { subject, size, fault } = mask
  for (const name of mask.imageNames.map((given) => given.replaceAll('\\', '/'))) {
    const images = findImagesByBaseName(project, baseNameOf(name))
    if (images.length === 0) continue
    const [image, ...others] = closest(images, name)
    if (others.length > 0) {
      const reason = `${subject} may belong to any of ${images.length} images called "${baseNameOf(name)}"; rename them apart.`
      return { image: null, reason }
    }
    if (size && (size.width !== image!.width || size.height !== image!.height)) {
      const reason =
        `${subject} is ${size.width} × ${size.height} pixels, but its image "${image!.name}" ` +
        `${image!.width} × ${image!.height}; make them the same size.`
      return { image: image!, reason }
    }
    return { image: image!, reason: fault }
  }
  return { image: null, reason: fault ?? whyNoImage(project, mask) }
}

function whyNoImage(project: Project, { subject, page, imageNames }: FoundMask): string {
  if (page && page.number > 0) {
    return `${subject} has no image, since the project has none called "${baseNameOf(imageNames[0]!)}".`
  }
  const [name] = imageNames
  const [firstPage] = page ? [] : findImagesByBaseName(project, baseNameOf(pageName(name!, 0)))
  if (firstPage) {
    const pages = countPages(project, firstPage)
    return `${subject} has one page, but its image ${pages}; call it "${pageName(name!, 0)}" after the page that it belongs to.`
  }
  return `${subject} has no image; give it the name of its image, whatever the extension.`
}

/** Of several images with one base name those whose way there fits best. */
function closest(images: ImageRecord[], name: string): ImageRecord[] {
  const stem = stemOf(name)
  const tests: ((image: ImageRecord) => boolean)[] = [
    (image) => image.name === name,
    (image) => stemOf(image.name) === stem,
    (image) => stem.endsWith(`/${stemOf(image.name)}`) || stemOf(image.name).endsWith(`/${stem}`)
  ]
  for (const test of tests) {
    const fitting = images.filter(test)
    if (fitting.length > 0) return fitting
  }
  return images
}

/** A file's fault as its reason; any other fault is thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof JaccardError && error.code === 'bad-input') return error.message
  throw error
}
