import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { encodeMask } from '#core/mask/codec'
import { maskOf } from '#core/mask/tiles'
import { deleteImages, restoreImages } from '#main/store/bin'
import { classBalance, listImages, readImageBytes, sha256 } from '#main/store/images'
import { APPLICATION_ID } from '#main/store/kind'
import { readMask, undo } from '#main/store/masks'
import { LATEST_VERSION, migrate, versionOf } from '#main/store/migrations/index'
import { createProject, openProject } from '#main/store/open'
import { listRuns } from '#main/store/runs'
import { temporaryFolder } from '../../fixtures/temporary'

const folder = temporaryFolder()

/** A mask of 300 × 200 pixels: 500 foreground and 40 unknown ones in the first tile, 30 in the second. */
function exampleTiles() {
  const flat = new Uint8Array(300 * 200)
  for (let y = 0; y < 10; y++) flat.fill(1, y * 300 + 100, y * 300 + 150)
  flat.fill(2, 40 * 300, 40 * 300 + 40)
  flat.fill(1, 50 * 300 + 260, 50 * 300 + 290)
  return encodeMask(maskOf(flat, 300, 200))
}

/** A project file as version 1 of the program left it: one labelled image with one stroke, and a run. */
async function version1(path: string): Promise<void> {
  const database = new Database(path)
  database.pragma(`application_id = ${APPLICATION_ID}`)
  migrate(database, 1)
  database.pragma('journal_mode = WAL')
  const bytes = Buffer.from('picture')
  const sha = await sha256(bytes)
  database.prepare('INSERT INTO blob VALUES (?, ?)').run(sha, bytes)
  database
    .prepare(
      `INSERT INTO image (name, base_name, sha, format, width, height, bit_depth, state, split, revision)
       VALUES ('leaf.png', 'leaf', ?, 'png', 300, 200, 8, 'complete', 'train', 1)`
    )
    .run(sha)
  database
    .prepare(
      `INSERT INTO edit (image_id, tool, state_before, state_after, made_at) VALUES (1, 'brush', 'untouched', 'in-progress', '2025-01-01')`
    )
    .run()
  for (const { index, data } of exampleTiles()) {
    database.prepare('INSERT INTO mask_tile (image_id, tile, data) VALUES (1, ?, ?)').run(index, data)
    database.prepare('INSERT INTO edit_tile VALUES (1, ?, NULL, ?)').run(index, data)
  }
  database
    .prepare(
      `INSERT INTO run (status, config, versions, started_at) VALUES ('failed', ?, '{"jaccard":"0.0.1"}', '2025-01-01')`
    )
    .run(
      JSON.stringify({
        ...{ loss: 'iou', architecture: 'UNet-xs', size: 64, batch: 4, learningRate: 0.001, dropout: 0 },
        ...{
          steps: 10,
          minutes: null,
          seed: 1,
          engine: 'auto',
          threads: null,
          flips: true,
          reluLogits: false
        }
      })
    )
  database.close()
}

/** A project file as version 2 of the program left it: one of version 1, and a further run with all that it leaves. */
async function version2(path: string): Promise<void> {
  await version1(path)
  const database = new Database(path)
  migrate(database, 2)
  database.exec(`
    INSERT INTO run (status, config, versions, engine, device, parameters, started_at, finished_at, steps, best_step,
      best, message)
    SELECT 'interrupted', config, versions, 'tfjs-wasm', 'CPU', 1234, '2025-02-01', '2025-02-02', 10, 5, '{}', 'Note.'
      FROM run;
    INSERT INTO run_image VALUES (2, 1, 'train', 'sha', 1);
    INSERT INTO run_loss VALUES (2, 1, 0.5), (2, 2, NULL);
    INSERT INTO run_validation VALUES (2, 5, 0.4, '{}');
    INSERT INTO checkpoint VALUES (2, 'best', 5, x'0102', x'0304');
    INSERT INTO prediction VALUES (2, 1, 64, x'0506');
  `)
  database.close()
}

/** Every row of every table, for comparing files; columns that a later version added are left out. */
function contentOf(path: string, columns?: Map<string, string[]>) {
  const database = new Database(path, { readonly: true })
  const content = new Map<string, unknown[]>()
  const found = new Map<string, string[]>()
  for (const name of database
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all()) {
    const own = database.prepare(`SELECT name FROM pragma_table_info('${name}')`).pluck().all() as string[]
    found.set(name, own)
    const wanted = (columns?.get(name) ?? own).map((column) => `"${column}"`).join(', ')
    content.set(name, database.prepare(`SELECT ${wanted} FROM ${name}`).all())
  }
  database.close()
  return { content, columns: found }
}

describe('version 1', () => {
  it('is what the first migration makes', () => {
    const database = new Database(':memory:')
    migrate(database, 1)
    expect(versionOf(database)).toBe(1)
    expect(() => database.prepare('SELECT foreground FROM mask_tile')).toThrow('no such column')
  })
})

describe('version 2', () => {
  it('keeps every row and counts what the tiles hold', async () => {
    const path = join(folder, 'counts.jaccard')
    await version1(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 2)
    expect(versionOf(database)).toBe(2)
    expect(database.prepare('SELECT tile, foreground, unknown FROM mask_tile ORDER BY tile').all()).toEqual([
      { tile: 0, foreground: 500, unknown: 40 },
      { tile: 1, foreground: 30, unknown: 0 }
    ])
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(before.content)
  })
})

describe('version 3', () => {
  it('keeps every row, and of older runs says nothing about the choice of the engine', async () => {
    const path = join(folder, 'choice.jaccard')
    await version2(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 3)
    expect(versionOf(database)).toBe(3)
    expect(database.prepare('SELECT id, status, chosen_because FROM run ORDER BY id').all()).toEqual([
      { id: 1, status: 'failed', chosen_because: null },
      { id: 2, status: 'interrupted', chosen_because: null }
    ])
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(before.content)
  })
})

/** A project file as version 3 of the program left it. */
async function version3(path: string): Promise<void> {
  await version2(path)
  const database = new Database(path)
  migrate(database, 3)
  database.exec(`UPDATE run SET chosen_because = 'The fastest.' WHERE id = 2`)
  database.close()
}

describe('version 4', () => {
  it('keeps every row; of older runs only the checkpoints have weights', async () => {
    const path = join(folder, 'kept.jaccard')
    await version3(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 4)
    expect(versionOf(database)).toBe(4)
    expect(database.prepare('SELECT * FROM kept_weights').all()).toEqual([])
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    const after = contentOf(path, before.columns).content
    after.delete('kept_weights')
    expect(after).toEqual(before.content)
  })
})

/** A project file as version 4 of the program left it: one of version 2, and weights that a run keeps. */
async function version4(path: string): Promise<void> {
  await version2(path)
  const database = new Database(path)
  migrate(database, 4)
  database.exec(`
    UPDATE run SET chosen_because = 'It was the fastest.' WHERE id = 2;
    INSERT INTO kept_weights VALUES (2, 5, x'0708');
  `)
  database.close()
}

describe('version 5', () => {
  it('keeps every row; older runs belong to no race', async () => {
    const path = join(folder, 'races.jaccard')
    await version4(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 5)
    expect(versionOf(database)).toBe(5)
    expect(database.prepare('SELECT id, race_id FROM run ORDER BY id').all()).toEqual([
      { id: 1, race_id: null },
      { id: 2, race_id: null }
    ])
    for (const table of ['race', 'race_image', 'race_pair']) {
      expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual([])
    }
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(
      new Map([...before.content, ['race', []], ['race_image', []], ['race_pair', []]])
    )
  })
})

/** A project file as version 5 of the program left it: one of version 4 whose image is an own choice. */
async function version5(path: string): Promise<void> {
  await version4(path)
  const database = new Database(path)
  migrate(database, 5)
  database.exec(`UPDATE image SET split_own_choice = 1`)
  database.close()
}

describe('version 6', () => {
  it('keeps every row; nobody knows what older images look like, nor of a look at the test set', async () => {
    const path = join(folder, 'splits.jaccard')
    await version5(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 6)
    expect(versionOf(database)).toBe(6)
    expect(database.prepare('SELECT id, split, split_own_choice, fingerprint FROM image').all()).toEqual([
      { id: 1, split: 'train', split_own_choice: 1, fingerprint: null }
    ])
    expect(() => database.exec(`UPDATE image SET fingerprint = x'00'`)).toThrow('CHECK')
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(new Map([...before.content, ['test_look', []]]))
  })
})

/** A project file as version 6 of the program left it: one of version 5 with a look at the test set. */
async function version6(path: string): Promise<void> {
  await version5(path)
  const database = new Database(path)
  migrate(database, 6)
  database.exec(`INSERT INTO test_look (run_id, images, looked_at) VALUES (2, 3, '2026-01-01')`)
  database.close()
}

describe('version 7', () => {
  it('keeps every row; older predictions are as high as they are wide', async () => {
    const path = join(folder, 'frames.jaccard')
    await version6(path)
    const before = contentOf(path)
    expect(before.content.get('prediction')).toEqual([
      { run_id: 2, image_id: 1, size: 64, data: Buffer.of(5, 6) }
    ])
    const database = new Database(path)
    migrate(database, 7)
    expect(versionOf(database)).toBe(7)
    expect(database.prepare('SELECT * FROM prediction').all()).toEqual([
      { run_id: 2, image_id: 1, width: 64, height: 64, data: Buffer.of(5, 6) }
    ])
    expect(() => database.exec('UPDATE prediction SET height = 0')).toThrow('CHECK')
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.exec('DELETE FROM run WHERE id = 2')
    expect(database.prepare('SELECT * FROM prediction').all()).toEqual([])
    database.close()
  })

  it('leaves all other tables as they were', async () => {
    const path = join(folder, 'other-tables.jaccard')
    await version6(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 7)
    database.close()
    before.columns.delete('prediction')
    before.content.delete('prediction')
    const after = contentOf(path, before.columns)
    after.content.delete('prediction')
    expect(after.content).toEqual(before.content)
  })
})

/** A project file as version 7 of the program left it. */
async function version7(path: string): Promise<void> {
  await version6(path)
  const database = new Database(path)
  migrate(database, 7)
  database.close()
}

describe('version 8', () => {
  it('keeps every row, and of older images none is deleted', async () => {
    const path = join(folder, 'bin.jaccard')
    await version7(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 8)
    expect(versionOf(database)).toBe(8)
    expect(database.prepare('SELECT name, deleted_at, erased FROM image').all()).toEqual([
      { name: 'leaf.png', deleted_at: null, erased: 0 }
    ])
    expect(() => database.exec('UPDATE image SET erased = 1')).toThrow('CHECK')
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(before.content)
  })

  it('lets an image of an old file be deleted and restored with its mask', async () => {
    const path = join(folder, 'old-bin.jaccard')
    await version7(path)
    const project = await openProject(path)
    const mask = readMask(project, 1)
    deleteImages(project, [1])
    expect(listImages(project)).toEqual([])
    restoreImages(project, [1])
    expect(listImages(project)).toMatchObject([{ name: 'leaf.png', split: 'train' }])
    expect(readMask(project, 1)).toEqual(mask)
    project.close()
  })
})

/** A project file as version 8 of the program left it, with an image in the bin. */
async function version8(path: string): Promise<void> {
  await version7(path)
  const database = new Database(path)
  migrate(database, 8)
  database.exec(`UPDATE image SET deleted_at = '2026-11-24T00:00:00.000Z'`)
  database.close()
}

describe('version 9', () => {
  it('keeps every row; older images are the first pages of their files', async () => {
    const path = join(folder, 'pages.jaccard')
    await version8(path)
    const before = contentOf(path)
    const database = new Database(path)
    migrate(database, 9)
    expect(versionOf(database)).toBe(9)
    expect(database.prepare('SELECT name, page FROM image').all()).toEqual([{ name: 'leaf.png', page: 0 }])
    expect(() => database.exec('UPDATE image SET page = -1')).toThrow('CHECK')
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    expect(contentOf(path, before.columns).content).toEqual(before.content)
  })
})

describe('opening an old project', () => {
  it('brings it up to date, says so, and keeps a copy as it was', async () => {
    const path = join(folder, 'old.jaccard')
    await version1(path)
    const before = contentOf(path).content
    const project = await openProject(path)
    expect(project).toMatchObject({ version: LATEST_VERSION, readOnly: false })
    expect(project.notice).toContain('"old.jaccard.v1-backup"')
    expect(listImages(project)).toMatchObject([
      { name: 'leaf.png', state: 'complete', split: 'train', foregroundShare: 530 / (300 * 200 - 40) }
    ])
    expect(classBalance(project).train).toEqual({ images: 1, foregroundShare: 530 / (300 * 200 - 40) })
    expect(Buffer.from(await readImageBytes(project, 1)).toString()).toBe('picture')
    expect(listRuns(project)).toMatchObject([{ status: 'failed', config: { loss: 'iou' } }])
    expect(undo(project, 1).tiles).toEqual([
      { index: 0, data: null },
      { index: 1, data: null }
    ])
    expect(readMask(project, 1).tiles).toEqual([])
    project.close()
    expect(contentOf(`${path}.v1-backup`).content).toEqual(before)

    const again = await openProject(path)
    expect(again.notice).toBeNull()
    again.close()
  })

  it('never writes over a copy that is there', async () => {
    const path = join(folder, 'twice.jaccard')
    await version1(path)
    writeFileSync(`${path}.v1-backup`, 'the only good copy')
    const project = await openProject(path)
    expect(project.notice).toContain('"twice.jaccard.v1-backup-2"')
    project.close()
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith('twice'))
        .sort()
    ).toEqual(['twice.jaccard', 'twice.jaccard.v1-backup', 'twice.jaccard.v1-backup-2'])
  })

  it('leaves it as it was when a step fails', async () => {
    const path = join(folder, 'broken.jaccard')
    await version1(path)
    const database = new Database(path)
    database.prepare('UPDATE mask_tile SET data = ? WHERE tile = 1').run(Buffer.of(1, 2, 3))
    database.close()
    const before = contentOf(path)
    await expect(openProject(path)).rejects.toThrow('A part of the mask is damaged')
    expect(contentOf(path)).toEqual(before)
    expect(existsSync(`${path}.v1-backup`)).toBe(true)
  })

  it('asks for a copy elsewhere when it may only be read', async () => {
    const path = join(folder, 'reading.jaccard')
    await version1(path)
    await expect(openProject(path, { readOnly: true })).rejects.toThrow(
      'was made by an older version of Jaccard'
    )
  })

  it('ends with the same tables as a new project', async () => {
    const [old, fresh] = [join(folder, 'was1.jaccard'), join(folder, 'fresh.jaccard')]
    await version1(old)
    for (const project of [await openProject(old), await createProject(fresh)]) project.close()
    expect(contentOf(old).columns).toEqual(contentOf(fresh).columns)
  })
})
