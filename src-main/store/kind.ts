import { closeSync, openSync, readSync } from 'node:fs'
import { JaccardError } from '#core/errors'

/** Marks a SQLite file as a Jaccard project: "Jacc" in ASCII. */
export const APPLICATION_ID = 0x4a616363

/**
 * Checks that a file is a Jaccard project by its first bytes, without SQLite, which would leave files beside one
 * that is none of ours.
 *
 * @throws JaccardError `not-found`, `bad-input`
 */
export function checkKind(file: string): void {
  const header = Buffer.alloc(100)
  let length: number
  try {
    const handle = openSync(file, 'r')
    try {
      length = readSync(handle, header, 0, header.length, 0)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new JaccardError('not-found', `There is no project "${file}"; check the name and the folder.`)
    }
    const reason = code === 'EISDIR' ? 'is a folder' : 'cannot be read'
    throw new JaccardError('bad-input', `"${file}" ${reason}; choose a Jaccard project file.`, {
      cause: error
    })
  }
  if (length === 0) {
    throw new JaccardError('bad-input', `"${file}" is empty (0 bytes); choose a Jaccard project file.`)
  }
  if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new JaccardError('bad-input', `"${file}" is not a Jaccard project but a file of another kind.`)
  }
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new JaccardError('bad-input', `"${file}" is a database of another program, not a Jaccard project.`)
  }
}
