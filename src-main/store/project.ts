import type { Database, RunResult, Statement } from 'better-sqlite3'
import { explained, isSqliteFault, readOnly, tooNew } from './faults'
import { LATEST_VERSION } from './migrations'

/** What a statement takes: by position, or by name in one object. */
type Value = string | number | null | Uint8Array
type Parameters = Value[] | [Record<string, Value>]

/**
 * An open project file. Everything in it is read and written through these few methods, which cache statements
 * and turn what can go wrong with a file into a `JaccardError`. Calls are synchronous; keep each one small.
 */
export class Project {
  private readonly statements = new Map<string, Statement<unknown[]>>()

  constructor(
    readonly path: string,
    private readonly database: Database,
    /** The version of the file; above `LATEST_VERSION` some of it may not be readable. */
    readonly version: number,
    /** Nothing can be changed; `notice` says why. */
    readonly readOnly: boolean,
    /** One sentence that the person should read when the project opens: why it is read-only, what was upgraded. */
    readonly notice: string | null
  ) {}

  /** All rows of a query. */
  all<Row>(sql: string, ...parameters: Parameters): Row[] {
    return this.guarded(() => this.statement(sql).all(...parameters) as Row[])
  }

  /** The first row of a query. */
  get<Row>(sql: string, ...parameters: Parameters): Row | undefined {
    return this.guarded(() => this.statement(sql).get(...parameters) as Row | undefined)
  }

  /** Changes something. Several changes that belong together go into one `transaction`. */
  run(sql: string, ...parameters: Parameters): RunResult {
    if (this.readOnly) throw readOnly(this.path)
    return this.guarded(() => this.statement(sql).run(...parameters))
  }

  /** Does all of `work` or, if it throws, nothing. On return it is on the disk. May be nested. */
  transaction<Result>(work: () => Result): Result {
    if (this.readOnly) throw readOnly(this.path)
    return this.guarded(() => this.database.transaction(work).immediate())
  }

  /** Writes what is pending into the one file and lets go of it. */
  close(): void {
    this.database.close()
  }

  private statement(sql: string): Statement<unknown[]> {
    const cached = this.statements.get(sql)
    if (cached) return cached
    const statement = this.database.prepare(sql)
    this.statements.set(sql, statement)
    return statement
  }

  private guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      if (this.version > LATEST_VERSION && isSqliteFault(error, 'SQLITE_ERROR'))
        throw tooNew(this.path, error)
      throw explained(this.path, error)
    }
  }
}
