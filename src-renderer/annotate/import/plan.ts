import type { GivenFile } from './gather'

export interface ImportStep {
  kind: 'image' | 'mask'
  given: GivenFile
  /**
   * Under which the project knows the file: its way below the folder that was handed over, without `images` and
   * `masks`, so that an image and its mask have the same name whatever subfolder they are in.
   */
  name: string
}

/** What is to be done with the files that were handed over. */
export interface ImportPlan {
  /** Images come first: a mask needs its image. */
  steps: ImportStep[]
  skipped: { file: string; reason: string }[]
}

const MASK_FOLDER = /^(masks?|labels?)$/i
const KIND_FOLDER = /^(images?|masks?|labels?)$/i
const PICTURE = /\.(png|jpe?g|webp|tiff?)$/i
const ANNOTATIONS = /\.json$/i
/** YOLO's labels, or anything else. */
const TEXT = /\.txt$/i
/** What YOLO's classes are called. */
const CLASS_NAMES = /(^|\/)classes\.txt$|\.ya?ml$/i
/** What systems leave in folders; nobody means to import it. */
const LITTER = /^(\..*|thumbs\.db|desktop\.ini|__MACOSX)$/i

/**
 * Tells images from masks. Pictures in a folder named `masks`, `mask` or `labels` are masks where images come with
 * them; a mask folder on its own is taken for images, unless `as` says otherwise. JSON is a mask file, and so is a text
 * in a mask folder or with the name of an image.
 *
 * @param as What the person said that the files are; `detect` looks at the folders.
 * @param known Base names of the images that the project has.
 */
export function planImport(
  files: readonly GivenFile[],
  as: 'detect' | 'masks',
  known: ReadonlySet<string>
): ImportPlan {
  const named = files.filter(({ path }) => !path.split('/').some((part) => LITTER.test(part)))
  const pictures = named.filter(({ path }) => PICTURE.test(path))
  const besideImages = pictures.some(({ path }) => !isInMaskFolder(path))
  const isImage = ({ path }: GivenFile) =>
    PICTURE.test(path) && as !== 'masks' && !(besideImages && isInMaskFolder(path))
  const images = new Set([...known, ...pictures.map(({ path }) => baseName(path))])
  const isLabels = (path: string) =>
    TEXT.test(path) && (as === 'masks' || isInMaskFolder(path) || images.has(baseName(path)))
  const hasLabels = named.some(({ path }) => isLabels(path))
  const isMask = ({ path }: GivenFile) =>
    PICTURE.test(path) || ANNOTATIONS.test(path) || isLabels(path) || (hasLabels && CLASS_NAMES.test(path))

  const plan: ImportPlan = { steps: [], skipped: [] }
  const inOrder = [...named].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))
  const take = (kind: ImportStep['kind'], given: GivenFile) =>
    plan.steps.push({ kind, given, name: nameOf(given.path) })
  for (const given of inOrder) if (isImage(given)) take('image', given)
  for (const given of inOrder) {
    if (isImage(given)) continue
    if (isMask(given)) take('mask', given)
    else plan.skipped.push({ file: given.path, reason: 'It is neither a picture nor a file of masks.' })
  }
  return plan
}

function baseName(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/\.[^.]*$/, '')
    .normalize('NFC')
}

function nameOf(path: string): string {
  const parts = path.split('/')
  const folders = parts.slice(0, -1).filter((folder, i) => i > 0 && !KIND_FOLDER.test(folder))
  return [...folders, parts.at(-1)].join('/')
}

function isInMaskFolder(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((folder) => MASK_FOLDER.test(folder))
}
