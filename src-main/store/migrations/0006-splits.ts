import type { Migration } from './migration'

/** What images look like, by which near-duplicates are found, and every look at the test set. */
export const splits: Migration = {
  version: 6,
  up(database) {
    database.exec(`
      -- [16, 16], what the image looks like from afar; NULL until it was computed.
      ALTER TABLE image ADD COLUMN fingerprint BLOB CHECK (fingerprint IS NULL OR length(fingerprint) = 256);

      -- A look stays when its run is removed: what was seen was seen.
      CREATE TABLE test_look (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER REFERENCES run (id) ON DELETE SET NULL,
        images INTEGER NOT NULL CHECK (images > 0),
        looked_at TEXT NOT NULL
      ) STRICT;
    `)
  }
}
