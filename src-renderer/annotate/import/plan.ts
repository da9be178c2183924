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
/** What systems leave in folders; nobody means to import it. */
const LITTER = /^(\..*|thumbs\.db|desktop\.ini|__MACOSX)$/i

/**
 * Tells images from masks. Files in a folder named `masks`, `mask` or `labels` are masks where images come with
 * them; a mask folder on its own is taken for images, unless `as` says otherwise.
 *
 * @param as What the person said that the files are; `detect` looks at the folders.
 */
export function planImport(files: readonly GivenFile[], as: 'detect' | 'masks'): ImportPlan {
  const plan: ImportPlan = { steps: [], skipped: [] }
  const named = files.filter(({ path }) => !path.split('/').some((part) => LITTER.test(part)))
  const pictures = named.filter(({ path }) => PICTURE.test(path))
  for (const { path } of named) {
    if (!PICTURE.test(path)) {
      plan.skipped.push({ file: path, reason: 'It is no PNG, JPEG, WebP or TIFF file.' })
    }
  }
  const besideImages = pictures.some(({ path }) => !isInMaskFolder(path))
  const isMask = ({ path }: GivenFile) => as === 'masks' || (besideImages && isInMaskFolder(path))
  const inOrder = [...pictures].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))
  const take = (kind: ImportStep['kind'], given: GivenFile) =>
    plan.steps.push({ kind, given, name: nameOf(given.path) })
  for (const given of inOrder) if (!isMask(given)) take('image', given)
  for (const given of inOrder) if (isMask(given)) take('mask', given)
  return plan
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
