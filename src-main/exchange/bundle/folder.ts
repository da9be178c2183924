import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { JaccardError, messageOf } from '#core/errors'
import { FILES, preprocess } from './format'

/**
 * Writes an exported model as one step: either the whole new folder is there, or what was there before. Only an
 * empty folder or an earlier exported model is replaced.
 *
 * @returns The folder's absolute path.
 * @throws JaccardError `conflict` if the folder holds anything else, `read-only` if it may not be written,
 * `disk-full`, and `bad-input` if it cannot be written for another reason.
 */
export async function writeBundle(folder: string, files: Map<string, Uint8Array>): Promise<string> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const occupied = await checkTarget(target)
  const beside = (purpose: string) =>
    join(dirname(target), `.${basename(target)}.${purpose}-${randomBytes(4).toString('hex')}`)
  const fresh = beside('new')
  try {
    await mkdir(dirname(target), { recursive: true })
    await mkdir(fresh)
    for (const [name, bytes] of files) await writeFile(join(fresh, name), bytes)
    if (!occupied) {
      await rename(fresh, target)
      return target
    }
    const old = beside('old')
    await rename(target, old)
    try {
      await rename(fresh, target)
    } catch (error) {
      await rename(old, target)
      throw error
    }
    await rm(old, { recursive: true, force: true })
    return target
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined)
    throw whyNot(target, error)
  }
}

/** Whether something that may be replaced is there. */
async function checkTarget(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => null)
  if (!found) return false
  if (!found.isDirectory()) {
    throw new JaccardError('conflict', `${target} is a file; choose a folder for the exported model.`)
  }
  const entries = await readdir(target).catch((error: unknown) => {
    throw whyNot(target, error)
  })
  const own = await namesOfBundle(target)
  const foreign = entries.find((name) => !own.has(name))
  if (foreign !== undefined) {
    throw new JaccardError(
      'conflict',
      `${target} holds files that are not of an exported model, such as ${foreign}; choose an empty or a new folder.`
    )
  }
  return true
}

/** The names of the files that an exported model consists of by its own account; none in any other folder. */
async function namesOfBundle(folder: string): Promise<Set<string>> {
  const text = await readFile(join(folder, FILES.preprocess), 'utf8').catch(() => '')
  try {
    return new Set([...Object.keys(preprocess.parse(JSON.parse(text)).files), ...Object.values(FILES)])
  } catch {
    return new Set()
  }
}

function whyNot(target: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof JaccardError || code === undefined) return error
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new JaccardError('read-only', `${target} may not be written; choose another folder.`, {
      cause: error
    })
  }
  if (code === 'ENOSPC') {
    const sentence = `The disk is full, so the model was not written to ${target}; free some space and try again.`
    return new JaccardError('disk-full', sentence, { cause: error })
  }
  return new JaccardError('bad-input', `The model could not be written to ${target}: ${messageOf(error)}.`, {
    cause: error
  })
}
