import type { Migration } from './migration'

/** Why a run's engine was chosen, where the choice was left to the program. */
export const engineChoice: Migration = {
  version: 3,
  up(database) {
    database.exec('ALTER TABLE run ADD COLUMN chosen_because TEXT')
  }
}
