import type { Migration } from './migration'

/** The tables of the first project files. */
export const schema: Migration = {
  version: 1,
  up(database) {
    database.exec(`
      CREATE TABLE setting (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;

      -- The bytes of images as they were imported, each content once.
      CREATE TABLE blob (
        sha TEXT PRIMARY KEY CHECK (length(sha) = 64),
        bytes BLOB NOT NULL
      ) STRICT;

      CREATE TABLE image (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        base_name TEXT NOT NULL,
        -- SHA-256 of the image's bytes: in blob, or, where linked_path is given, of the file there.
        sha TEXT NOT NULL CHECK (length(sha) = 64),
        linked_path TEXT,
        format TEXT NOT NULL,
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        bit_depth INTEGER NOT NULL,
        window_low REAL,
        window_high REAL,
        state TEXT NOT NULL DEFAULT 'untouched'
          CHECK (state IN ('untouched', 'in-progress', 'complete', 'confirmed-empty')),
        split TEXT CHECK (split IN ('train', 'validation', 'test')),
        split_own_choice INTEGER NOT NULL DEFAULT 0 CHECK (split_own_choice IN (0, 1)),
        revision INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX image_by_sha ON image (sha);
      CREATE INDEX image_by_base_name ON image (base_name);

      -- Tiles that are all background have no row.
      CREATE TABLE mask_tile (
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        tile INTEGER NOT NULL CHECK (tile >= 0),
        data BLOB NOT NULL,
        PRIMARY KEY (image_id, tile)
      ) STRICT;

      CREATE TABLE edit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        tool TEXT NOT NULL,
        state_before TEXT NOT NULL,
        state_after TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
        made_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX edit_by_image ON edit (image_id, undone, id);

      -- NULL is a tile that is all background.
      CREATE TABLE edit_tile (
        edit_id INTEGER NOT NULL REFERENCES edit (id) ON DELETE CASCADE,
        tile INTEGER NOT NULL,
        before BLOB,
        after BLOB,
        PRIMARY KEY (edit_id, tile)
      ) STRICT;

      CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        status TEXT NOT NULL CHECK (status IN ('running', 'done', 'cancelled', 'failed', 'interrupted')),
        config TEXT NOT NULL,
        versions TEXT NOT NULL,
        engine TEXT,
        device TEXT,
        parameters INTEGER,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        steps INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        median_step_milliseconds REAL,
        best_step INTEGER,
        best TEXT,
        threshold REAL NOT NULL DEFAULT 0.5 CHECK (threshold BETWEEN 0 AND 1),
        baselines TEXT,
        flat INTEGER NOT NULL DEFAULT 0 CHECK (flat IN (0, 1)),
        message TEXT
      ) STRICT;

      -- What a run learned from: the image's bytes and its mask's revision at the start.
      CREATE TABLE run_image (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
        sha TEXT NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (run_id, image_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run_loss (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        loss REAL,
        PRIMARY KEY (run_id, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run_validation (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        loss REAL,
        metrics TEXT NOT NULL,
        PRIMARY KEY (run_id, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE checkpoint (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('best', 'last')),
        step INTEGER NOT NULL,
        weights BLOB NOT NULL,
        optimiser BLOB NOT NULL,
        PRIMARY KEY (run_id, kind)
      ) STRICT;

      -- Quantised probabilities [size, size] of the best checkpoint, deflated.
      CREATE TABLE prediction (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        size INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (run_id, image_id)
      ) STRICT;
    `)
  }
}
