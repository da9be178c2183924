import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { insertImage, listImages, readImageBytes, setState, sha256 } from '#main/store/images'
import { LATEST_VERSION } from '#main/store/migrations/index'
import { createProject, openProject } from '#main/store/open'
import { getSetting, setSetting } from '#main/store/settings'
import { addImage } from '../../fixtures/project'
import { temporaryFolder } from '../../fixtures/temporary'

const folder = temporaryFolder()
let counter = 0
const freshPath = () => join(folder, `p${++counter}.jaccard`)

/** A closed project with one image. */
async function projectFile(): Promise<string> {
  const path = freshPath()
  const project = await createProject(path)
  await addImage(project, { name: 'kept.png', bytes: Buffer.from('kept') })
  project.close()
  return path
}

/** A closed project that another program has done something to. */
async function projectAfter(work: (database: Database.Database) => void): Promise<string> {
  const path = await projectFile()
  const database = new Database(path)
  work(database)
  database.close()
  return path
}

/** Does something without root's right to write everywhere. */
async function withoutPrivilege<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid!() !== 0) return work()
  process.seteuid!(65534)
  try {
    return await work()
  } finally {
    process.seteuid!(0)
  }
}

const failure = (code: string, message: RegExp | string) =>
  expect.objectContaining({
    name: 'JaccardError',
    code,
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message)
  })

describe('a new project', () => {
  it('is one file after closing, and has what was put in when it opens again', async () => {
    const path = await projectFile()
    expect(readdirSync(folder).filter((name) => join(folder, name).startsWith(path))).toHaveLength(1)
    const project = await openProject(path)
    expect(project).toMatchObject({ path, readOnly: false, notice: null, version: LATEST_VERSION })
    expect(listImages(project).map(({ name }) => name)).toEqual(['kept.png'])
    project.close()
  })

  it('is safe against a loss of power and against rows without owners', async () => {
    const project = await createProject(freshPath())
    expect(project.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(project.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
    expect(project.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    expect(() =>
      project.run('INSERT INTO mask_tile (image_id, tile, data) VALUES (?, ?, ?)', 77, 0, Buffer.of(1))
    ).toThrow('FOREIGN KEY')
    project.close()
  })

  it('never takes the place of a file', async () => {
    const path = freshPath()
    writeFileSync(path, 'my thesis')
    await expect(createProject(path)).rejects.toThrow(failure('conflict', 'exists already'))
    expect(readFileSync(path, 'utf8')).toBe('my thesis')
  })

  it('needs a folder', async () => {
    await expect(createProject(join(folder, 'nowhere', 'a.jaccard'))).rejects.toThrow(
      failure('not-found', `The folder "${join(folder, 'nowhere')}" does not exist`)
    )
    writeFileSync(join(folder, 'file'), '')
    await expect(createProject(join(folder, 'file', 'a.jaccard'))).rejects.toThrow(
      failure('bad-input', 'cannot be created')
    )
  })

  it.runIf(process.platform === 'linux')('says so where the system takes no files', async () => {
    await expect(createProject('/proc/a.jaccard')).rejects.toThrow(
      failure('read-only', '"a.jaccard" cannot be created in "/proc"; choose a folder that you can write to.')
    )
  })

  it.runIf(process.platform !== 'win32')('says so where the folder is read-only', async () => {
    const closed = temporaryFolder()
    chmodSync(closed, 0o555)
    await withoutPrivilege(async () => {
      await expect(createProject(join(closed, 'a.jaccard'))).rejects.toThrow(
        failure('read-only', 'choose a folder that you can write to')
      )
    })
    expect(readdirSync(closed)).toEqual([])
  })
})

describe('what is no project', () => {
  it.each([
    [
      'a JPEG',
      Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(5000, 7)]),
      'of another kind'
    ],
    ['a short text', Buffer.from('hello'), 'of another kind'],
    ['an empty file', Buffer.alloc(0), 'is empty (0 bytes)']
  ])('is refused by name and left alone: %s', async (_, bytes, reason) => {
    const path = freshPath()
    writeFileSync(path, bytes)
    await expect(openProject(path)).rejects.toThrow(failure('bad-input', reason))
    await expect(openProject(path)).rejects.toThrow(path)
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('is refused when it is a database of another program, without leaving anything beside it', async () => {
    const own = temporaryFolder()
    const path = join(own, 'mail.db')
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.exec('CREATE TABLE mail (id)')
    database.close()
    await expect(openProject(path)).rejects.toThrow(failure('bad-input', 'database of another program'))
    expect(readdirSync(own)).toEqual(['mail.db'])
  })

  it('is refused when there is nothing, or a folder', async () => {
    await expect(openProject(join(folder, 'missing.jaccard'))).rejects.toThrow(
      failure('not-found', `There is no project "${join(folder, 'missing.jaccard')}"`)
    )
    expect(existsSync(join(folder, 'missing.jaccard'))).toBe(false)
    mkdirSync(join(folder, 'folder.jaccard'))
    await expect(openProject(join(folder, 'folder.jaccard'))).rejects.toThrow(
      failure('bad-input', 'is a folder')
    )
  })
})

describe('a damaged project', () => {
  it('is refused when it was cut off', async () => {
    const path = await projectFile()
    truncateSync(path, 8192)
    await expect(openProject(path)).rejects.toThrow(failure('bad-input', /"p\d+\.jaccard" is damaged/))
  })

  it('is refused when a page is overwritten', async () => {
    const path = await projectAfter((database) => {
      database.pragma('journal_mode = DELETE')
    })
    const bytes = readFileSync(path)
    const database = new Database(path, { readonly: true })
    const page = database
      .prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'image'`)
      .pluck()
      .get() as number
    database.close()
    bytes.fill(0xab, (page - 1) * 4096, page * 4096)
    writeFileSync(path, bytes)
    await expect(openProject(path)).rejects.toThrow(
      failure('bad-input', 'is damaged; go back to a copy of it')
    )
  })

  it('says so when the damage is inside an image', async () => {
    const path = await projectAfter((database) => {
      database.prepare('UPDATE blob SET bytes = ?').run(Buffer.from('lept'))
    })
    const project = await openProject(path)
    const [image] = listImages(project)
    await expect(readImageBytes(project, image!.id)).rejects.toThrow(failure('bad-input', 'is damaged'))
    project.close()
  })
})

describe('a project that cannot be changed', () => {
  /** Reads work, writes are refused in one sentence. */
  async function expectReadOnly(path: string, notice: RegExp | null) {
    const project = await openProject(path, notice === null ? { readOnly: true } : {})
    expect(project.readOnly).toBe(true)
    if (notice === null) expect(project.notice).toBeNull()
    else expect(project.notice).toMatch(notice)
    const [image] = listImages(project)
    expect(Buffer.from(await readImageBytes(project, image!.id)).toString()).toBe('kept')
    expect(() => setState(project, [image!.id], 'complete')).toThrow(failure('read-only', 'for reading only'))
    expect(() => setSetting(project, 'a', 'b')).toThrow(failure('read-only', 'for reading only'))
    project.close()
  }

  it('opens for reading on request', async () => {
    await expectReadOnly(await projectFile(), null)
  })

  it('opens for reading when it comes from a newer version, and stays as it was', async () => {
    const path = await projectAfter((database) => {
      database.exec('ALTER TABLE image ADD COLUMN colour TEXT')
      database.pragma(`user_version = ${LATEST_VERSION + 1}`)
    })
    const before = readFileSync(path)
    await expectReadOnly(path, /made by a newer version of Jaccard .* update Jaccard/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('says that a newer version keeps something in another way', async () => {
    const path = await projectAfter((database) => {
      database.exec('ALTER TABLE image RENAME COLUMN bit_depth TO depth')
      database.pragma(`user_version = ${LATEST_VERSION + 1}`)
    })
    const project = await openProject(path)
    expect(getSetting(project, 'a')).toBeUndefined()
    expect(() => listImages(project)).toThrow(failure('newer-version', 'update Jaccard'))
    project.close()
  })

  it.runIf(process.platform !== 'win32')('opens for reading when the file is read-only', async () => {
    const path = join(temporaryFolder(), 'a.jaccard')
    copyFileSync(await projectFile(), path)
    chmodSync(join(path, '..'), 0o777)
    chmodSync(path, 0o444)
    await withoutPrivilege(() => expectReadOnly(path, /is read-only, so nothing can be changed/))
  })

  it.runIf(process.platform !== 'win32')('opens for reading when the folder is read-only', async () => {
    const path = join(temporaryFolder(), 'a.jaccard')
    copyFileSync(await projectFile(), path)
    chmodSync(path, 0o666)
    chmodSync(join(path, '..'), 0o555)
    await withoutPrivilege(() => expectReadOnly(path, /is read-only, so nothing can be changed/))
    expect(readdirSync(join(path, '..'))).toEqual(['a.jaccard'])
  })

  it.runIf(process.platform !== 'win32')(
    'is read with its last changes from a read-only folder when it was not closed there',
    async () => {
      const from = freshPath()
      const project = await createProject(from)
      await addImage(project, { name: 'kept.png', bytes: Buffer.from('kept') })
      const path = join(temporaryFolder(), 'a.jaccard')
      copyFileSync(from, path)
      copyFileSync(`${from}-wal`, `${path}-wal`)
      project.close()
      chmodSync(join(path, '..'), 0o555)
      await withoutPrivilege(() => expectReadOnly(path, /is read-only, so nothing can be changed/))
    }
  )
})

describe('a full disk', () => {
  it('fails the change in one sentence and keeps all that was there', async () => {
    const path = freshPath()
    const project = await createProject(path)
    await addImage(project, { name: 'first.png' })
    const { page_count: pages } = project.get<{ page_count: number }>('PRAGMA page_count')!
    project.get(`PRAGMA max_page_count = ${pages + 10}`)
    const bytes = Buffer.alloc(1_000_000)
    const sha = await sha256(bytes)
    const large = {
      ...{ name: 'second.png', baseName: 'second', sha, bytes, linkedPath: null, format: 'png' },
      ...{ width: 9, height: 9, bitDepth: 8, windowLow: null, windowHigh: null, fingerprint: null }
    }
    expect(() => insertImage(project, large)).toThrow(
      failure(
        'disk-full',
        /^The disk is full, so the change to "p\d+\.jaccard" was not saved; free some space/
      )
    )
    expect(listImages(project).map(({ name }) => name)).toEqual(['first.png'])
    project.get('PRAGMA max_page_count = 1000000')
    insertImage(project, large)
    project.close()
    const again = await openProject(path)
    expect(listImages(again).map(({ name }) => name)).toEqual(['first.png', 'second.png'])
    again.close()
  })
})

describe('two programs on one project', () => {
  it('see each other’s changes', async () => {
    const path = await projectFile()
    const [one, two] = [await openProject(path), await openProject(path)]
    setSetting(one, 'colour', 'teal')
    expect(getSetting(two, 'colour')).toBe('teal')
    one.close()
    two.close()
  })

  it('fail in one sentence while the other does not finish', async () => {
    const path = await projectFile()
    const project = await openProject(path)
    project.get('PRAGMA busy_timeout = 1')
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    expect(() => setSetting(project, 'colour', 'teal')).toThrow(
      failure('conflict', 'Another program is writing')
    )
    other.exec('ROLLBACK')
    other.close()
    setSetting(project, 'colour', 'teal')
    project.close()
  })
})

describe('a transaction', () => {
  it('does all or nothing, also of what is nested in it', async () => {
    const project = await createProject(freshPath())
    expect(() =>
      project.transaction(() => {
        setSetting(project, 'a', '1')
        project.transaction(() => setSetting(project, 'b', '2'))
        throw new Error('half-way')
      })
    ).toThrow('half-way')
    expect([getSetting(project, 'a'), getSetting(project, 'b')]).toEqual([undefined, undefined])
    project.close()
  })
})
