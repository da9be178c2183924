import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { JaccardError } from '#core/errors'

/** Whether SQLite refused for this reason; its detailed codes start with the general one. */
export function isSqliteFault(error: unknown, ...codes: string[]): boolean {
  return error instanceof Database.SqliteError && codes.some((code) => error.code.startsWith(code))
}

/** A project file whose content cannot be trusted. */
export function damaged(path: string, cause?: unknown): JaccardError {
  return new JaccardError(
    'bad-input',
    `The project "${basename(path)}" is damaged; go back to a copy of it.`,
    { cause }
  )
}

/** A project that cannot be written, and why. */
export function readOnly(path: string, cause?: unknown): JaccardError {
  return new JaccardError(
    'read-only',
    `The project "${basename(path)}" is open for reading only, so nothing can be changed in it.`,
    { cause }
  )
}

/** Something that a newer version of the program keeps in another way. */
export function tooNew(path: string, cause: unknown): JaccardError {
  return new JaccardError(
    'newer-version',
    `A part of "${basename(path)}" is kept in a way that this version of Jaccard does not know; update Jaccard.`,
    { cause }
  )
}

/** A full disk, where something was to be written. */
export function diskFull(path: string, cause?: unknown): JaccardError {
  return new JaccardError(
    'disk-full',
    `The disk is full, so the change to "${basename(path)}" was not saved; free some space and try again.`,
    { cause }
  )
}

/** What SQLite reports, as a sentence for the person where it can happen without a fault in the program. */
export function explained(path: string, error: unknown): unknown {
  if (isSqliteFault(error, 'SQLITE_FULL')) return diskFull(path, error)
  if (isSqliteFault(error, 'SQLITE_READONLY')) return readOnly(path, error)
  if (isSqliteFault(error, 'SQLITE_CORRUPT', 'SQLITE_NOTADB')) return damaged(path, error)
  if (isSqliteFault(error, 'SQLITE_BUSY', 'SQLITE_LOCKED')) {
    return new JaccardError(
      'conflict',
      `Another program is writing to "${basename(path)}"; try again when it has finished.`,
      { cause: error }
    )
  }
  if (isSqliteFault(error, 'SQLITE_IOERR', 'SQLITE_CANTOPEN')) {
    return new JaccardError(
      'bad-input',
      `The disk could not read or write "${basename(path)}"; check the disk, then open the project again.`,
      { cause: error }
    )
  }
  return error
}
