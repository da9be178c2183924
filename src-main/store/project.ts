import type { Database, RunResult, Statement } from 'better-sqlite3'
import { explained, isSqliteFault, readOnly, tooNew } from './faults'
import { LATEST_VERSION } from './migrations/index'

/** What a statement takes: by position, or by name in one object. */
type Value = string | number | null | Uint8Array
type Parameters = Value[] | [Record<string, Value>]

export interface ProjectInfo {
  /** Absolute. */
  readonly path: string
  /** The version of the file; above `LATEST_VERSION` some of it may not be readable. */
  readonly version: number
  /** Nothing can be changed; `notice` says why. */
  readonly readOnly: boolean
  /** One sentence that the person should read when the project opens: why it is read-only, what was upgraded. */
  readonly notice: string | null
}

/**
 * An open project file. Everything in it is read and written through these few methods, which keep statements
 * prepared and turn what can go wrong with a file into a `JaccardError`. Calls are synchronous; keep each small.
 */
export interface Project extends ProjectInfo {
  /** All rows of a query. */
  all<Row>(sql: string, ...parameters: Parameters): Row[]
  /** The first row of a query. */
  get<Row>(sql: string, ...parameters: Parameters): Row | undefined
  /** Changes something. Changes that belong together go into one `transaction`. */
  run(sql: string, ...parameters: Parameters): RunResult
  /** Does all of `work` or, if it throws, nothing; on return it is on the disk. May be nested. */
  transaction<Result>(work: () => Result): Result
  /** Writes what is pending into the one file and lets go of it. */
  close(): void
}

/** The project in an open database of a known version. */
export function projectIn(database: Database, info: ProjectInfo): Project {
  const statements = new Map<string, Statement<unknown[]>>()

  function prepared(sql: string): Statement<unknown[]> {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  function guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      if (info.version > LATEST_VERSION && isSqliteFault(error, 'SQLITE_ERROR'))
        throw tooNew(info.path, error)
      throw explained(info.path, error)
    }
  }

  function changing<Result>(work: () => Result): Result {
    if (info.readOnly) throw readOnly(info.path)
    return guarded(work)
  }

  return {
    ...info,
    all: <Row>(sql: string, ...parameters: Parameters) =>
      guarded(() => prepared(sql).all(...parameters) as Row[]),
    get: <Row>(sql: string, ...parameters: Parameters) =>
      guarded(() => prepared(sql).get(...parameters) as Row | undefined),
    run: (sql, ...parameters) => changing(() => prepared(sql).run(...parameters)),
    transaction: (work) => changing(() => database.transaction(work).immediate()),
    close: () => void database.close()
  }
}
