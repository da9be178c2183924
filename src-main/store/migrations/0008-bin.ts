import type { Migration } from './migration'

/** The bin: images that were deleted, and what runs still know of those that are gone for good. */
export const bin: Migration = {
  version: 8,
  up(database) {
    database.exec(`
      -- When the image was put into the bin; NULL for one that is in use.
      ALTER TABLE image ADD COLUMN deleted_at TEXT;
      -- Its bytes, mask, edits and predictions are gone for good. The row stays for the runs that used it.
      ALTER TABLE image ADD COLUMN erased INTEGER NOT NULL DEFAULT 0
        CHECK (erased IN (0, 1) AND (erased = 0 OR deleted_at IS NOT NULL));
      CREATE INDEX image_in_bin ON image (deleted_at) WHERE deleted_at IS NOT NULL;
    `)
  }
}
