import type { Database } from 'better-sqlite3'

/** One step from the version before to `version`. Never changed once released: files of that version exist. */
export interface Migration {
  version: number
  /** Runs inside a transaction, foreign keys unchecked until its end. */
  up(database: Database): void
}
