import type { Migration } from './migration'

/** Predictions of whole images at their own proportions; those before are square. */
export const frames: Migration = {
  version: 7,
  up(database) {
    database.exec(`
      -- Quantised probabilities [height, width] of the best checkpoint, deflated.
      CREATE TABLE prediction_of_frame (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        data BLOB NOT NULL,
        PRIMARY KEY (run_id, image_id)
      ) STRICT;
      INSERT INTO prediction_of_frame (run_id, image_id, width, height, data)
        SELECT run_id, image_id, size, size, data FROM prediction;
      DROP TABLE prediction;
      ALTER TABLE prediction_of_frame RENAME TO prediction;
    `)
  }
}
