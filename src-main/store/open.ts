import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { JaccardError } from '#core/errors'
import { damaged, diskFull, explained, isSqliteFault } from './faults'
import { LATEST_VERSION, migrate, versionOf } from './migrations'
import { Project } from './project'

/** Marks a SQLite file as a Jaccard project: "Jacc" in ASCII. */
export const APPLICATION_ID = 0x4a616363

/** How long a call waits for another process that is writing. */
const BUSY_MILLISECONDS = 5_000

/** Tables that hold little beside large bytes; their bytes are checked when they are read. */
const LARGE_TABLES = ['blob', 'edit_tile', 'checkpoint', 'prediction']

/**
 * Makes a new project file and opens it.
 *
 * @throws JaccardError `conflict` where something of that name exists, `not-found` without the folder,
 *   `read-only` where the folder takes no files, `disk-full`.
 */
export async function createProject(path: string): Promise<Project> {
  const file = resolve(path)
  try {
    closeSync(openSync(file, 'wx'))
  } catch (error) {
    throw notCreated(file, error)
  }
  try {
    const database = new Database(file)
    try {
      // Before the write-ahead log exists, so that the file itself says what it is.
      database.pragma(`application_id = ${APPLICATION_ID}`)
      migrate(database)
      database.pragma('journal_mode = WAL')
    } finally {
      database.close()
    }
  } catch (error) {
    rmSync(file, { force: true })
    throw explained(file, error)
  }
  return openProject(file)
}

function notCreated(file: string, error: unknown): JaccardError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EEXIST') {
    return new JaccardError('conflict', `"${file}" exists already; open it, or choose another name.`)
  }
  if (code === 'ENOSPC') return diskFull(file, error)
  const folder = dirname(file)
  if (!existsSync(folder)) {
    return new JaccardError('not-found', `The folder "${folder}" does not exist; make it, or choose another.`)
  }
  return new JaccardError(
    statSync(folder).isDirectory() ? 'read-only' : 'bad-input',
    `"${basename(file)}" cannot be created in "${folder}"; choose a folder that you can write to.`,
    { cause: error }
  )
}

/**
 * Opens a project file. One of an older version is brought up to date, after a copy of it was put beside it. One
 * that cannot be written, or was made by a newer version of Jaccard, opens read-only; `notice` says why.
 *
 * @param options.readOnly Open for reading although it could be written.
 * @throws JaccardError `not-found`, or `bad-input` for a file that is no Jaccard project or is damaged.
 */
export async function openProject(path: string, options: { readOnly?: boolean } = {}): Promise<Project> {
  const file = resolve(path)
  checkKind(file)
  try {
    return (options.readOnly ? undefined : await openForWriting(file)) ?? openForReading(file, options)
  } catch (error) {
    throw explained(file, error)
  }
}

/** Looks at the file without SQLite, which would leave files beside one that is none of ours. */
function checkKind(file: string): void {
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

/** Nothing if the file cannot be written, or must not be since it is newer than this program. */
async function openForWriting(file: string): Promise<Project | undefined> {
  const database = new Database(file, { fileMustExist: true, timeout: BUSY_MILLISECONDS })
  try {
    if (!takesWrites(database) || versionOf(database) > LATEST_VERSION) {
      database.close()
      return undefined
    }
    checkIntegrity(file, database)
    // In this order: entering write-ahead logging relaxes `synchronous`.
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    const version = versionOf(database)
    if (version === LATEST_VERSION) return new Project(file, database, version, false, null)
    const copy = await keepCopy(file, database, version)
    migrate(database)
    const notice = `The project was brought up to date; the file as it was is kept as "${basename(copy)}".`
    return new Project(file, database, LATEST_VERSION, false, notice)
  } catch (error) {
    database.close()
    throw error
  }
}

/** Tried rather than asked: permissions, the file system and its mount all have their say. */
function takesWrites(database: Database.Database): boolean {
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return true
  } catch (error) {
    if (isSqliteFault(error, 'SQLITE_READONLY', 'SQLITE_CANTOPEN')) return false
    throw error
  }
}

function openForReading(file: string, options: { readOnly?: boolean }): Project {
  const database = connectForReading(file)
  try {
    const version = versionOf(database)
    if (version < LATEST_VERSION) {
      throw new JaccardError(
        'read-only',
        `"${file}" was made by an older version of Jaccard and cannot be brought up to date here; ` +
          'copy it to a folder that you can write to.'
      )
    }
    checkIntegrity(file, database)
    database.pragma('trusted_schema = OFF')
    const notice =
      version > LATEST_VERSION
        ? 'This project was made by a newer version of Jaccard and opens for reading only; update Jaccard to change it.'
        : options.readOnly
          ? null
          : 'This project or its folder is read-only, so nothing can be changed; copy it elsewhere to work on it.'
    return new Project(file, database, version, true, notice)
  } catch (error) {
    database.close()
    throw error
  }
}

function connectForReading(file: string): Database.Database {
  const connect = (name: string) => {
    const database = new Database(name, { readonly: true, timeout: BUSY_MILLISECONDS })
    try {
      versionOf(database)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  }
  try {
    return connect(file)
  } catch (error) {
    if (!isSqliteFault(error, 'SQLITE_READONLY', 'SQLITE_CANTOPEN')) throw error
    // SQLite wants to put its index of the log beside the file. In a folder that takes none, and with nothing in
    // the log, it can be told that the file will not change.
    if (!existsSync(`${file}-wal`) || statSync(`${file}-wal`).size === 0) {
      return connect(`${pathToFileURL(file).href}?immutable=1`)
    }
    throw new JaccardError(
      'read-only',
      `"${file}" was not closed properly and its folder is read-only; ` +
        'copy it, together with the files beside it, to a folder that you can write to.',
      { cause: error }
    )
  }
}

function checkIntegrity(file: string, database: Database.Database): void {
  if (versionOf(database) < 1) throw damaged(file)
  const tables = database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all()
  for (const table of tables) {
    if (LARGE_TABLES.includes(table)) continue
    const result = database.pragma(`quick_check("${table.replaceAll('"', '""')}")`, { simple: true })
    if (result !== 'ok') throw damaged(file, result)
  }
}

/** A copy of the project as it is now, beside it, under a name that no file has. */
async function keepCopy(file: string, database: Database.Database, version: number): Promise<string> {
  let copy = `${file}.v${version}-backup`
  for (let number = 2; existsSync(copy); number++) copy = `${file}.v${version}-backup-${number}`
  const partial = `${copy}.partial`
  try {
    await database.backup(partial)
    renameSync(partial, copy)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  return copy
}
