import type { Migration } from './migration'

/** Files of several pages: each page is an image of its own, the bytes are kept once. */
export const pages: Migration = {
  version: 9,
  up(database) {
    database.exec(`
      -- Which page of the file the image is, from 0.
      ALTER TABLE image ADD COLUMN page INTEGER NOT NULL DEFAULT 0 CHECK (page >= 0);
    `)
  }
}
