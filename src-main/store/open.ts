import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { JaccardError } from '#core/errors'
import { damaged, diskFull, explained, isSqliteFault } from './faults'
import { APPLICATION_ID, checkKind } from './kind'
import { LATEST_VERSION, migrate, versionOf } from './migrations/index'
import { projectIn, type Project } from './project'

/** What SQLite says of a file, or of a folder, that takes no writes. */
const NOT_WRITABLE = ['SQLITE_READONLY', 'SQLITE_CANTOPEN']

const NEWER =
  'This project was made by a newer version of Jaccard and opens for reading only; update Jaccard to change it.'
const UNWRITABLE =
  'This project or its folder is read-only, so nothing can be changed; copy it elsewhere to work on it.'

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
    return (
      (options.readOnly ? undefined : await openForWriting(file)) ?? (await openForReading(file, options))
    )
  } catch (error) {
    throw explained(file, error)
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
    if (version === LATEST_VERSION) {
      return projectIn(database, { path: file, version, readOnly: false, notice: null })
    }
    const copy = await keepCopy(file, database, version)
    migrate(database)
    const notice = `The project was brought up to date; the file as it was is kept as "${basename(copy)}".`
    return projectIn(database, { path: file, version: LATEST_VERSION, readOnly: false, notice })
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Tried rather than asked: permissions, the file system and its mount all have their say. A transaction alone is
 * not enough, since SQLite quietly begins one for reading.
 */
function takesWrites(database: Database.Database): boolean {
  try {
    database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${versionOf(database)}; ROLLBACK`)
    return true
  } catch (error) {
    if (isSqliteFault(error, ...NOT_WRITABLE)) return false
    throw error
  }
}

async function openForReading(file: string, options: { readOnly?: boolean }): Promise<Project> {
  const { database, release } = await connectForReading(file)
  const close = () => {
    database.close()
    release()
  }
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
    const notice = version > LATEST_VERSION ? NEWER : options.readOnly ? null : UNWRITABLE
    return { ...projectIn(database, { path: file, version, readOnly: true, notice }), close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * Connects to the file itself or, in a folder where SQLite cannot put its index of the log, to a copy of file and
 * log in a temporary folder.
 */
async function connectForReading(
  file: string
): Promise<{ database: Database.Database; release: () => void }> {
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
    return { database: connect(file), release: () => undefined }
  } catch (error) {
    if (!isSqliteFault(error, ...NOT_WRITABLE)) throw error
  }
  const folder = await mkdtemp(join(tmpdir(), 'jaccard-'))
  const release = () => rmSync(folder, { recursive: true, force: true })
  try {
    return { database: connect(await copyInto(folder, file)), release }
  } catch (error) {
    release()
    throw error
  }
}

async function copyInto(folder: string, file: string): Promise<string> {
  const copy = join(folder, basename(file))
  try {
    await copyFile(file, copy)
    if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`)
  } catch (cause) {
    throw new JaccardError(
      'disk-full',
      `"${file}" is in a read-only folder and could not be copied to "${tmpdir()}"; make room there.`,
      { cause }
    )
  }
  return copy
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
