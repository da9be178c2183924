import type { Database } from 'better-sqlite3'
import { schema } from './0001-schema'
import { tileCounts } from './0002-tile-counts'
import { engineChoice } from './0003-engine-choice'
import { keptWeights } from './0004-kept-weights'
import { races } from './0005-races'
import { splits } from './0006-splits'
import { frames } from './0007-frames'
import { bin } from './0008-bin'
import { pages } from './0009-pages'

const migrations = [schema, tileCounts, engineChoice, keptWeights, races, splits, frames, bin, pages]

/** The version of project files that this program writes. */
export const LATEST_VERSION = migrations.length

/** The version of an open project file, 0 for an empty one. */
export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/**
 * Brings a project file up to a version, all steps in one transaction: afterwards it is either at that version or
 * as it was. Does nothing for a file that is there already, for example through another process.
 */
export function migrate(database: Database, to = LATEST_VERSION): void {
  // A migration that rebuilds a table drops the old one, which must not cascade. Has no effect in a transaction.
  database.pragma('foreign_keys = OFF')
  try {
    database
      .transaction(() => {
        for (const migration of migrations.slice(versionOf(database), to)) {
          migration.up(database)
          database.pragma(`user_version = ${migration.version}`)
        }
        const broken = database.pragma('foreign_key_check') as unknown[]
        if (broken.length)
          throw new Error(`A migration left ${broken.length} rows without what they refer to.`)
      })
      .immediate()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}
