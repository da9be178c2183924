import type { Migration } from './migration'

/** Races between two losses: each a group of runs on the same images. */
export const races: Migration = {
  version: 5,
  up(database) {
    database.exec(`
      CREATE TABLE race (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        status TEXT NOT NULL CHECK (status IN ('running', 'done', 'cancelled', 'failed', 'interrupted')),
        config TEXT NOT NULL,
        engine TEXT NOT NULL,
        chosen_because TEXT,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        message TEXT
      ) STRICT;

      -- What all runs of a race learn from and are judged by: as it was at the start.
      CREATE TABLE race_image (
        race_id INTEGER NOT NULL REFERENCES race (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
        sha TEXT NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (race_id, image_id)
      ) STRICT, WITHOUT ROWID;

      -- Two runs with the same seed, judged against each other: by the labels and predictions of that moment.
      CREATE TABLE race_pair (
        race_id INTEGER NOT NULL REFERENCES race (id) ON DELETE CASCADE,
        seed INTEGER NOT NULL,
        judged TEXT NOT NULL,
        PRIMARY KEY (race_id, seed)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE run ADD COLUMN race_id INTEGER REFERENCES race (id) ON DELETE SET NULL;
      CREATE INDEX run_by_race ON run (race_id);
    `)
  }
}
