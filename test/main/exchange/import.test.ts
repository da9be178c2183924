import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportProgress, ImportReport } from '#core/api/values'
import { addImage, importFolder } from '#main/exchange/import'
import { exportMasks } from '#main/exchange/masks'
import { decodeRgb } from '#main/images/decode'
import { encodeGreyPng, fileOf } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { deleteImages } from '#main/store/bin'
import { getImage, listImages, readImageBytes, readImageFile, setState } from '#main/store/images'
import { createProject } from '#main/store/open'
import type { Project } from '#main/store/project'
import { decompressionBomb, encode, encodeGrey16, noise } from '../../fixtures/images'

let folder: string
let project: Project

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jaccard-import-'))
  project = await createProject(join(folder, 'test.jaccard'))
})
afterEach(async () => {
  project.close()
  await rm(folder, { recursive: true, force: true })
})

/** Files of an import, by path below the temporary folder. */
async function lay(files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

async function importAll(
  images: string,
  masks: string | null = null,
  options: { link?: boolean; signal?: AbortSignal; seen?: (progress: ImportProgress) => void } = {}
): Promise<ImportReport> {
  const folders = {
    images: join(folder, images),
    masks: masks && join(folder, masks),
    link: options.link ?? false
  }
  let report: ImportReport | null = null
  for await (const progress of importFolder(project, folders, options.signal)) {
    options.seen?.(progress)
    if (progress.type === 'finished') report = progress.report
  }
  return report!
}

/** A TIFF of so many pages of 2 × 2 pixels, each of one grey: 50, 90, 130 … */
function stack(pages: number): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: pages * 12 }, (_, i) => 50 + 40 * Math.floor(i / 12))
  const raw = { width: 2, height: 2 * pages, channels: 3, pageHeight: 2 } as const
  return fileOf(loadSharp()(pixels, { raw }).tiff({ compression: 'lzw' }))
}

let seed = 0
/** An image unlike any other. */
function picture(
  width = 6,
  height = 4,
  format: 'png' | 'jpeg' | 'webp' | 'tiff' = 'png'
): Promise<Uint8Array> {
  const pixels = noise(width, height)
  pixels[0] = seed += 7
  return encode(format, pixels, width, height, format === 'tiff' ? { compression: 'lzw' } : {})
}

describe('an image that was deleted', () => {
  it('comes back from the bin with its mask when its file is added again', async () => {
    const file = { name: 'leaf.png', bytes: await picture() }
    const added = await addImage(project, file)
    if (added.status !== 'added') throw new Error(added.status)
    setState(project, [added.imageId], 'complete')
    deleteImages(project, [added.imageId])
    const again = await addImage(project, file)
    expect(again).toMatchObject({ status: 'added', imageId: added.imageId })
    expect(again).toHaveProperty('note', '"leaf.png" was in the bin and is back as it was.')
    expect(listImages(project)).toMatchObject([{ id: added.imageId, state: 'complete' }])
  })
})

describe('adding an image', () => {
  it('keeps its bytes, size after EXIF and name', async () => {
    const bytes = await fileOf(
      loadSharp()(noise(6, 4), { raw: { width: 6, height: 4, channels: 3 } })
        .withMetadata({ orientation: 6 })
        .jpeg()
    )
    const outcome = await addImage(project, { name: 'holiday/beach.JPG', bytes })
    expect(outcome).toMatchObject({ status: 'added', name: 'holiday/beach.JPG', note: null })
    const [image] = listImages(project)
    expect(image).toMatchObject({
      baseName: 'beach',
      width: 4,
      height: 6,
      bitDepth: 8,
      state: 'untouched',
      split: null
    })
    expect(Buffer.compare(await readImageBytes(project, image!.id), bytes)).toBe(0)
  })

  it('knows an image that is there already by its bytes', async () => {
    const bytes = await picture()
    const first = await addImage(project, { name: 'a.png', bytes })
    expect(await addImage(project, { name: 'copy of a.png', bytes })).toEqual({
      status: 'duplicate',
      name: 'copy of a.png',
      imageId: 'imageId' in first ? first.imageId : null
    })
    expect(listImages(project)).toHaveLength(1)
  })

  it('gives a 16-bit image a window', async () => {
    const ramp = Uint16Array.from({ length: 4096 }, (_, i) => 1000 + i)
    const outcome = await addImage(project, {
      name: 'deep.tif',
      bytes: await encodeGrey16('tiff', ramp, 64, 64)
    })
    if (outcome.status !== 'added') throw new Error(outcome.status)
    const { bitDepth, windowLow, windowHigh } = getImage(project, outcome.imageId)
    expect(bitDepth).toBe(16)
    expect(Math.abs(windowLow! - 1004)).toBeLessThan(3)
    expect(Math.abs(windowHigh! - 5091)).toBeLessThan(3)
  })

  it('makes an image of each page, which share their bytes and are told apart by their names', async () => {
    const outcome = await addImage(project, { name: 'plants/stack.tif', bytes: await stack(3) })
    expect(outcome).toMatchObject({
      status: 'added',
      note: '"plants/stack.tif" has 3 pages; each is an image of its own.'
    })
    expect(listImages(project).map(({ name, baseName }) => [name, baseName])).toEqual([
      ['plants/stack#1.tif', 'stack#1'],
      ['plants/stack#2.tif', 'stack#2'],
      ['plants/stack#3.tif', 'stack#3']
    ])
    expect(outcome).toHaveProperty('others.length', 2)
    expect(project.get('SELECT count(*) AS blobs FROM blob')).toEqual({ blobs: 1 })
    for (const [i, { id }] of listImages(project).entries()) {
      const { data } = await decodeRgb(await readImageFile(project, id))
      expect(new Set(data), `page ${i + 1}`).toEqual(new Set([50 + 40 * i]))
    }
  })

  it('adds what a file has more than the project: pages that were not taken before, or are in the bin', async () => {
    const bytes = await stack(3)
    await addImage(project, { name: 'stack.tif', bytes })
    const ids = listImages(project).map(({ id }) => id)
    expect(await addImage(project, { name: 'stack.tif', bytes })).toMatchObject({ status: 'duplicate' })
    deleteImages(project, [ids[1]!])
    project.run('DELETE FROM image WHERE id = ?', ids[2]!)
    expect(await addImage(project, { name: 'stack.tif', bytes })).toMatchObject({
      status: 'added',
      imageId: ids[1]!,
      others: [ids[2]! + 1]
    })
    expect(listImages(project).map(({ name }) => name)).toEqual(['stack#1.tif', 'stack#2.tif', 'stack#3.tif'])
  })

  it('counts pages in the report of a folder, and exports each mask under its page', async () => {
    await lay({
      'images/stack.tif': await stack(2),
      'masks/stack#2.png': await encodeGreyPng(Uint8Array.of(255, 0, 0, 0), 2, 2)
    })
    expect(await importAll('images', 'masks')).toMatchObject({ added: 2, masksMatched: 1 })
    const { files } = await exportMasks(project, join(folder, 'out'), 'png')
    expect(files.map(({ name }) => name)).toEqual(['stack#2.png'])
  })

  it.each([0.3, 0.9, 0.999])('finds damage wherever it is: cut at %d of the file', async (share) => {
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const whole = await picture(300, 200, format)
      const bytes = whole.subarray(0, Math.floor(whole.length * share))
      expect(await addImage(project, { name: 'cut', bytes }), format).toEqual({
        status: 'skipped',
        name: 'cut',
        reason: '"cut" is damaged or cut short and cannot be read; copy it again from where it came from.'
      })
    }
    expect(listImages(project)).toEqual([])
  })
})

describe('importing a folder', () => {
  it('takes all formats in subfolders in natural order, and leaves out what is hidden or no picture', async () => {
    await lay({
      'images/10.png': await picture(),
      'images/2.jpg': await picture(8, 8, 'jpeg'),
      'images/more/1.tiff': await picture(6, 4, 'tiff'),
      'images/more/3.webp': await picture(6, 4, 'webp'),
      'images/.hidden.png': await picture(),
      'images/.cache/x.png': await picture(),
      'images/notes.txt': 'hello',
      'images/Thumbs.db': 'x'
    })
    await symlink(join(folder, 'images/10.png'), join(folder, 'images/again.png'))
    expect(await importAll('images')).toEqual({
      added: 4,
      duplicates: 1,
      masksMatched: 0,
      skipped: [],
      notes: [],
      cancelled: false
    })
    expect(listImages(project).map(({ name }) => name)).toEqual([
      '2.jpg',
      '10.png',
      'more/1.tiff',
      'more/3.webp'
    ])
  })

  it('names every bad file with its reason, and takes the rest', async () => {
    const good = await picture(200, 100)
    await lay({
      'images/good.png': good,
      'images/nothing.png': '',
      'images/cut.png': (await picture(200, 100)).subarray(0, 5000),
      'images/lie.jpg': 'I am a text.',
      'images/bomb.png': decompressionBomb(),
      'images/film.gif': 'GIF89a',
      'masks/good.png': await encodeGreyPng(new Uint8Array(9), 3, 3),
      'masks/other.png': await encodeGreyPng(new Uint8Array(9), 3, 3)
    })
    await mkdir(join(folder, 'images/folder.png'))
    const report = await importAll('images', 'masks')
    expect(report).toMatchObject({ added: 1, duplicates: 0, masksMatched: 0, cancelled: false })
    expect(report.skipped.map(({ file, reason }) => [file, reason])).toEqual([
      ['bomb.png', expect.stringContaining('60,000 × 60,000 pixels')],
      ['cut.png', expect.stringContaining('"cut.png" is damaged or cut short')],
      ['film.gif', expect.stringContaining('"film.gif" is not a PNG, JPEG, WebP or TIFF')],
      ['lie.jpg', expect.stringContaining('"lie.jpg" is not a PNG, JPEG, WebP or TIFF')],
      ['nothing.png', expect.stringContaining('"nothing.png" is empty')],
      ['good.png', expect.stringContaining('3 × 3 pixels, but its image "good.png" 200 × 100')],
      ['other.png', expect.stringContaining('"other.png" has no image')]
    ])
    for (const { reason } of report.skipped) expect(reason).toMatch(/^[^.]+(\.png|\.jpg|\.gif)[^]*\.$/)
    expect(listImages(project).map(({ name }) => name)).toEqual(['good.png'])
  })

  it('finds masks in a folder inside of the images’ own, and does not take them for images', async () => {
    await lay({
      'images/a.png': await picture(3, 2),
      'images/masks/a.png': await encodeGreyPng(Uint8Array.from([1, 0, 0, 0, 0, 0]), 3, 2)
    })
    expect(await importAll('images', 'images/masks')).toMatchObject({
      added: 1,
      masksMatched: 1,
      skipped: []
    })
  })

  it('reports its progress, file by file', async () => {
    await lay({ 'images/a.png': await picture(), 'images/b.png': await picture(), 'masks/a.png': 'bad' })
    const seen: string[] = []
    await importAll('images', 'masks', {
      seen: (event) =>
        seen.push(event.type === 'progress' ? `${event.done}/${event.total} ${event.name}` : event.type)
    })
    expect(seen).toEqual(['1/3 a.png', '2/3 b.png', '3/3 a.png', 'finished'])
  })

  it('stops when it is cancelled, and what is in stays in', async () => {
    for (let i = 0; i < 8; i++) await lay({ [`images/${i}.png`]: await picture() })
    const controller = new AbortController()
    const report = await importAll('images', null, {
      signal: controller.signal,
      seen: (event) => event.type === 'progress' && event.done === 3 && controller.abort()
    })
    expect(report).toMatchObject({ added: 3, cancelled: true })
    expect(listImages(project).map(({ name }) => name)).toEqual(['0.png', '1.png', '2.png'])
  })

  it('can keep the path instead of the bytes', async () => {
    const bytes = await picture()
    await lay({ 'images/a.png': bytes })
    await importAll('images', null, { link: true })
    const { id, linkedPath } = getImage(project, listImages(project)[0]!.id)
    expect(linkedPath).toBe(join(folder, 'images/a.png'))
    expect(Buffer.compare(await readImageBytes(project, id), bytes)).toBe(0)
    await rm(linkedPath!)
    await expect(readImageBytes(project, id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['a folder that is not there', 'nowhere', null, /nowhere" cannot be read/],
    ['a folder without pictures', '.', null, /holds no pictures/],
    ['images and masks in one folder', '.', '.', /in one folder/]
  ])('refuses %s', async (_, images, masks, sentence) => {
    await expect(importAll(images, masks)).rejects.toThrow(sentence)
  })
})

const nuclei = resolve(import.meta.dirname, '../../../../shared/data/nuclei')
const missing = existsSync(nuclei) ? null : `the nuclei images are not at ${nuclei}`
describe.skipIf(missing !== null && process.env['REQUIRE_ALL'] !== '1')(
  `60 images of nuclei${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    it('come in with their masks, and the masks come out as they were', async () => {
      let report: ImportReport | null = null
      const folders = { images: join(nuclei, 'images'), masks: join(nuclei, 'masks'), link: false }
      for await (const event of importFolder(project, folders))
        if (event.type === 'finished') report = event.report
      expect(report).toEqual({
        added: 60,
        duplicates: 0,
        masksMatched: 60,
        skipped: [],
        notes: [],
        cancelled: false
      })
      const { files } = await exportMasks(project, join(folder, 'out'), 'png')
      expect(files).toHaveLength(60)
      for (const { name } of files) {
        const [before, after] = await Promise.all(
          [join(nuclei, 'masks', name), join(folder, 'out', name)].map((path) =>
            loadSharp()(path).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
          )
        )
        expect([after!.info.width, after!.info.height]).toEqual([before!.info.width, before!.info.height])
        expect(Buffer.compare(after!.data, before!.data), name).toBe(0)
      }
    })
  }
)
