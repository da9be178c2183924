import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { JaccardError } from '#core/errors'
import { IMAGE_EXTENSIONS } from '#main/images/formats'
import { namesClasses } from './annotations/read'
import { isAnnotationFile } from './maskFile'

/** Pictures that cannot be read but that the person may expect to be imported: they are named in the report. */
const OTHER_PICTURES = [
  '.gif',
  '.bmp',
  '.heic',
  '.heif',
  '.avif',
  '.jp2',
  '.jxl',
  '.svg',
  '.dcm',
  '.dng',
  '.cr2',
  '.nef'
]

/** SQLite keeps no more in one place. */
const FILE_LIMIT = 1e9

/** A picture's file in a folder that is being imported. */
export interface FoundFile {
  path: string
  /** Relative to the folder, with `/` between its parts. */
  name: string
}

/**
 * The pictures in a folder and its subfolders, in the natural order of their names (2 before 10). Hidden files and
 * folders, and files that do not look like pictures, are left out.
 *
 * @param except A folder that is left out where it is inside.
 * @throws JaccardError `not-found` for what is no readable folder.
 */
export function findPictures(folder: string, except: string | null): Promise<FoundFile[]> {
  return findFiles(folder, except, isPicture)
}

/**
 * The files that may hold masks: pictures, annotations of other programs and names of classes, in a folder and its
 * subfolders, or this one file. Order, exceptions and errors as of `findPictures`.
 */
export async function findMaskFiles(place: string, except: string | null): Promise<FoundFile[]> {
  const info = await stat(place).catch(() => null)
  if (info?.isFile()) return [{ path: resolve(place), name: basename(place) }]
  return findFiles(place, except, (name) => isPicture(name) || isAnnotationFile(name) || namesClasses(name))
}

async function findFiles(
  folder: string,
  except: string | null,
  isWanted: (name: string) => boolean
): Promise<FoundFile[]> {
  const root = resolve(folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new JaccardError('not-found', `The folder "${root}" cannot be read; choose another one.`, { cause })
  })
  const excluded = except !== null && resolve(except).startsWith(root + sep) ? resolve(except) + sep : null
  const found = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => excluded === null || !path.startsWith(excluded))
    .map((path) => ({ path, name: relative(root, path).replaceAll(sep, '/') }))
    .filter(({ name }) => isWanted(name) && !/(^|\/)\./.test(name))
  const order = new Intl.Collator('en', { numeric: true })
  return found.sort((a, b) => order.compare(a.name, b.name) || (a.name < b.name ? -1 : 1))
}

function isPicture(name: string): boolean {
  const lower = name.toLowerCase()
  return [...IMAGE_EXTENSIONS, ...OTHER_PICTURES].some((extension) => lower.endsWith(extension))
}

/**
 * A found file's bytes.
 *
 * @throws JaccardError `bad-input` for what cannot be read or is too large to be kept.
 */
export async function readFound({ path, name }: FoundFile): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size <= FILE_LIMIT) return await readFile(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new JaccardError('bad-input', `"${name}" cannot be read from the disk (${code}); check the file.`, {
      cause
    })
  }
  throw new JaccardError('bad-input', `"${name}" is larger than 1 GB; save it smaller, or cut it into parts.`)
}
