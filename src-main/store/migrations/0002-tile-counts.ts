import { decodeTile } from '#core/mask/codec'
import { countValues } from '#core/mask/tiles'
import type { Migration } from './migration'

/**
 * Counts of foreground and unknown pixels beside each tile, so that lists and class balances are sums over an
 * index and no mask has to be decoded for them.
 */
export const tileCounts: Migration = {
  version: 2,
  up(database) {
    database.exec(`
      ALTER TABLE mask_tile ADD COLUMN foreground INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE mask_tile ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
    `)
    const ids = database.prepare<[], number>('SELECT rowid FROM mask_tile').pluck().all()
    const read = database.prepare<[number], Uint8Array>('SELECT data FROM mask_tile WHERE rowid = ?').pluck()
    const write = database.prepare('UPDATE mask_tile SET foreground = ?, unknown = ? WHERE rowid = ?')
    for (const id of ids) {
      const { foreground, unknown } = countValues(decodeTile(read.get(id)!))
      write.run(foreground, unknown, id)
    }
    database.exec('CREATE INDEX mask_tile_counts ON mask_tile (image_id, foreground, unknown)')
  }
}
