import type { Migration } from './migration'

/** Weights of a run at some of its steps, without the optimiser: they show its course, nothing goes on from them. */
export const keptWeights: Migration = {
  version: 4,
  up(database) {
    database.exec(`
      CREATE TABLE kept_weights (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step INTEGER NOT NULL CHECK (step > 0),
        weights BLOB NOT NULL,
        PRIMARY KEY (run_id, step)
      ) STRICT
    `)
  }
}
