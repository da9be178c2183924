import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MaskExportFormat } from '#core/api/maskExport'
import { USUAL_CHOICE } from '#core/api/maskImport'
import type { ImageState } from '#core/api/values'
import { createRandom } from '#core/learning/random'
import { flatten, maskOf } from '#core/mask/tiles'
import { findMaskFiles, readFound } from '#main/exchange/importFiles'
import { importMasks } from '#main/exchange/maskImport'
import { exportMasks } from '#main/exchange/masks'
import { baseNameOf } from '#main/exchange/names'
import { decodeMaskImage } from '#main/images/decode'
import { listImages, readImageBytes, setState } from '#main/store/images'
import { loadMask, replaceMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { addImage, temporaryProject } from '../../fixtures/project'
import { randomMask } from '../../fixtures/randomMask'
import { temporaryFolder } from '../../fixtures/temporary'

let project: Project
let folder: string

beforeEach(async () => {
  project = await temporaryProject()
  folder = join(temporaryFolder(), 'out')
})

const values = Uint8Array.from([0, 1, 2, 1, 0, 2])

async function addMasked(
  name: string,
  mask = values,
  { width = 3, height = 2, state = 'complete' as ImageState, to = project } = {}
): Promise<number> {
  const id = await addImage(to, { name, baseName: baseNameOf(name), width, height })
  replaceMask(to, id, maskOf(mask, width, height), { tool: 'test' })
  setState(to, [id], state)
  return id
}

const written = (name: string) => readFile(join(folder, name))
const exported = async (name: string) => [
  ...(await decodeMaskImage({ name, bytes: await written(name) })).data
]

describe('exporting masks', () => {
  it('writes finished images only; in PNG unknown never becomes foreground', async () => {
    await addMasked('a.jpg')
    await addImage(project, { name: 'untouched.png' })
    await addMasked('empty.png', new Uint8Array(6), { state: 'confirmed-empty' })
    const report = await exportMasks(project, folder, 'png')
    expect(report.files.map(({ name }) => name)).toEqual(['a.png', 'empty.png'])
    expect(report).toMatchObject({ folder, format: 'png', images: 2, unfinished: 1, withUnknown: 1 })
    expect(await exported('a.png')).toEqual([0, 1, 0, 1, 0, 0])
    expect(await exported('empty.png')).toEqual([0, 0, 0, 0, 0, 0])
    expect(report.files[0]!.bytes).toBe((await written('a.png')).length)
  })

  it('keeps the masks of images of one name apart', async () => {
    await addMasked('left/x.png', Uint8Array.from([1, 0, 0, 0, 0, 0]))
    await addMasked('right/x.png', Uint8Array.from([0, 0, 0, 0, 0, 1]))
    await exportMasks(project, folder, 'png')
    expect(await exported('x.png')).toEqual([1, 0, 0, 0, 0, 0])
    expect(await exported('x-2.png')).toEqual([0, 0, 0, 0, 0, 1])
  })

  it.each([
    ['png', 'b.png'],
    ['coco', 'annotations.json'],
    ['coco-polygons', 'annotations.json'],
    ['labelme', 'b.json'],
    ['yolo', 'data.yaml'],
    ['webdataset', 'train-000000.tar']
  ] as const)('as %s replaces no file and then writes none', async (format, name) => {
    await addMasked('a.png')
    await addMasked('b.png')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), 'my photo')
    await expect(exportMasks(project, folder, format)).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(join(folder, name), 'utf8')).toBe('my photo')
    expect(await readdir(folder)).toEqual([name])
  })

  it.each(['png', 'labelme', 'yolo', 'webdataset'] as const)(
    'as %s never leaves the folder, whatever an image is called',
    async (format) => {
      await addMasked('../../escape.png')
      await addMasked('..\\..\\escape.png')
      const { files } = await exportMasks(project, join(folder, 'deep'), format)
      for (const { name } of files) expect(existsSync(join(folder, 'deep', name))).toBe(true)
      expect(await readdir(folder)).toEqual(['deep'])
    }
  )

  it('says so where nothing is finished', async () => {
    await addImage(project, { name: 'a.png' })
    await expect(exportMasks(project, folder, 'coco')).rejects.toThrow(/No image is complete/)
    expect(existsSync(folder)).toBe(false)
  })

  it('says so where a file stands in the way of the folder', async () => {
    await addMasked('a.png')
    await writeFile(folder, 'a file')
    await expect(exportMasks(project, folder, 'png')).rejects.toMatchObject({ code: 'bad-input' })
  })

  it.each(['png', 'coco', 'coco-polygons', 'webdataset'] as const)(
    'as %s ends when it is cancelled',
    async (format) => {
      await addMasked('a.png')
      const cancelled = AbortSignal.abort()
      await expect(exportMasks(project, folder, format, cancelled)).rejects.toMatchObject({
        code: 'cancelled'
      })
      expect(existsSync(join(folder, 'annotations.json'))).toBe(false)
    }
  )
})

describe('masks that went out and come in again', () => {
  /** What a fresh project with the same images makes of the exported files. */
  async function roundTrip(format: MaskExportFormat): Promise<Project> {
    const fresh = await temporaryProject()
    for (const { name, baseName, width, height } of listImages(project)) {
      await addImage(fresh, { name, baseName, width, height })
    }
    await exportMasks(project, folder, format)
    const files = (await findMaskFiles(folder, null)).map((file) => ({
      name: file.name,
      read: () => readFound(file)
    }))
    for await (const outcome of importMasks(fresh, files, USUAL_CHOICE)) {
      expect(outcome).toMatchObject({ status: 'matched', note: null })
    }
    return fresh
  }

  it.each([
    ['png', false],
    ['coco', true],
    ['coco-polygons', true],
    ['labelme', true],
    ['yolo', false]
  ] as const)('as %s are the same to the pixel (unknown ones kept: %s)', async (format, keepsUnknown) => {
    const random = createRandom(3, 'round trip')
    const expected: Uint8Array[] = []
    for (let i = 0; i < 12; i++) {
      const [width, height] = [1 + random.integer(300), 1 + random.integer(90)]
      const unknown = randomMask(random, width, height)
      const mask = randomMask(random, width, height).map((pixel, at) =>
        pixel === 0 && unknown[at] ? 2 : pixel
      )
      if (i === 5) mask.fill(0)
      if (i === 6) mask.fill(1)
      await addMasked(`photo ${i}.jpg`, mask, { width, height })
      expected.push(keepsUnknown ? mask : mask.map((pixel) => (pixel === 2 ? 0 : pixel)))
    }
    const fresh = await roundTrip(format)
    listImages(fresh).forEach(({ id, state }, i) => {
      expect(flatten(loadMask(fresh, id)), `photo ${i}`).toEqual(expected[i])
      expect(state).toBe(expected[i]!.includes(1) ? 'complete' : 'confirmed-empty')
    })
  })
})

describe('masks as labelme', () => {
  it('name their images by the way from the folder of all images, and by nothing that leads elsewhere', async () => {
    const names = ['left/x.png', 'right/x.png', '../../escape.png', 'C:\\photos\\y.png', '/etc/z.png']
    for (const name of names) await addMasked(name)
    const { files } = await exportMasks(project, folder, 'labelme')
    const paths = await Promise.all(
      files.map(
        async ({ name }) => (JSON.parse((await written(name)).toString()) as { imagePath: string }).imagePath
      )
    )
    expect(paths).toEqual(['left/x.png', 'right/x.png', 'escape.png', 'y.png', 'z.png'])
    for (const [i, mask] of [Uint8Array.of(0, 0, 0, 0, 0, 1), Uint8Array.of(1, 1, 0, 0, 0, 0)].entries()) {
      replaceMask(project, listImages(project)[i]!.id, maskOf(mask, 3, 2), { tool: 'test' })
    }
    const again = join(folder, 'again')
    await exportMasks(project, again, 'labelme')
    const fresh = await temporaryProject()
    for (const name of names.slice(0, 2)) {
      await addImage(fresh, { name, baseName: baseNameOf(name), width: 3, height: 2 })
    }
    const waiting = ['x.json', 'x-2.json'].map((name) => ({ name, read: () => readFile(join(again, name)) }))
    for await (const outcome of importMasks(fresh, waiting, USUAL_CHOICE))
      expect(outcome.status).toBe('matched')
    const masks = listImages(fresh).map(({ id }) => [...flatten(loadMask(fresh, id))])
    expect(masks).toEqual([
      [0, 0, 0, 0, 0, 1],
      [1, 1, 0, 0, 0, 0]
    ])
  })
})

describe('masks as COCO', () => {
  it('have an annotation for each part, the image’s name, and unknown pixels as a crowd', async () => {
    await addMasked('left/a.jpg', Uint8Array.from([1, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 1]), {
      width: 4,
      height: 3
    })
    await addMasked('b.jpg', new Uint8Array(6), { state: 'confirmed-empty' })
    await exportMasks(project, folder, 'coco')
    const [a, b] = listImages(project)
    expect(JSON.parse((await written('annotations.json')).toString())).toEqual({
      categories: [{ id: 1, name: 'foreground' }],
      images: [
        { id: a!.id, file_name: 'left/a.jpg', width: 4, height: 3 },
        { id: b!.id, file_name: 'b.jpg', width: 3, height: 2 }
      ],
      annotations: [
        {
          id: 1,
          image_id: a!.id,
          category_id: 1,
          iscrowd: 0,
          area: 2,
          bbox: [0, 0, 2, 2],
          segmentation: expect.anything() as object
        },
        {
          id: 2,
          image_id: a!.id,
          category_id: 1,
          iscrowd: 0,
          area: 1,
          bbox: [3, 2, 1, 1],
          segmentation: expect.anything() as object
        },
        {
          id: 3,
          image_id: a!.id,
          category_id: 1,
          iscrowd: 1,
          area: 1,
          bbox: [2, 0, 1, 1],
          segmentation: expect.anything() as object
        }
      ]
    })
  })
})

describe('masks as COCO with polygons', () => {
  it('have one polygon for each part, around its holes as well, and unknown pixels as a crowd', async () => {
    const rows = ['#### ', '#  # ', '#### ', '    ?']
    const mask = Uint8Array.from(rows.join(''), (letter) => ' #?'.indexOf(letter))
    await addMasked('ring.jpg', mask, { width: 5, height: 4 })
    await exportMasks(project, folder, 'coco-polygons')
    const { annotations } = JSON.parse((await written('annotations.json')).toString()) as {
      annotations: { segmentation: unknown }[]
    }
    expect(annotations).toMatchObject([
      { iscrowd: 0, area: 10, bbox: [0, 0, 4, 3] },
      { iscrowd: 1, area: 1, bbox: [4, 3, 1, 1], segmentation: { size: [4, 5], counts: [19, 1] } }
    ])
    // The outline, the cut to the hole, around the hole against it, and back.
    expect(annotations[0]!.segmentation).toEqual([
      [4, 0, 4, 3, 0, 3, 0, 1, 1, 1, 1, 2, 3, 2, 3, 1, 1, 1, 0, 1, 0, 0]
    ])
  })
})

describe('masks as a data set', () => {
  it('lie beside their images in shards by split, which any TAR reader opens', async () => {
    const ids = [
      await addMasked('a.b.jpg'),
      await addMasked('Größe.png', new Uint8Array(6)),
      await addMasked('c.tif')
    ]
    project.run("UPDATE image SET split = 'validation' WHERE id = ?", ids[2]!)
    project.run("UPDATE image SET format = 'jpeg' WHERE id = ?", ids[0]!)
    const { files } = await exportMasks(project, folder, 'webdataset')
    expect(files.map(({ name }) => name)).toEqual(['train-000000.tar', 'validation-000000.tar'])
    for (const { name, bytes } of files) expect((await written(name)).length).toBe(bytes)
    const train = entriesOf(await written('train-000000.tar'))
    expect([...train.keys()]).toEqual([
      ...['a_b.png', 'mask.png', 'unknown.png', 'json'].map((ending) =>
        ending === 'a_b.png' ? 'a_b.jpg' : `a_b.${ending}`
      ),
      ...['png', 'mask.png', 'json'].map((ending) => `Größe.${ending}`)
    ])
    expect(Buffer.from(await readImageBytes(project, ids[0]!)).equals(train.get('a_b.jpg')!)).toBe(true)
    const pixelsOf = async (name: string) => [
      ...(await decodeMaskImage({ name, bytes: train.get(name)! })).data
    ]
    expect(await pixelsOf('a_b.mask.png')).toEqual([0, 1, 0, 1, 0, 0])
    expect(await pixelsOf('a_b.unknown.png')).toEqual([0, 0, 1, 0, 0, 1])
    expect(JSON.parse(train.get('a_b.json')!.toString())).toEqual({
      ...{ name: 'a.b.jpg', width: 3, height: 2, split: 'train', state: 'complete', unknownPixels: 2 }
    })
  })
})

/** The files in a TAR archive, with the long names of POSIX.1-2001. */
function entriesOf(archive: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  let path: string | null = null
  for (let at = 0; archive[at] !== 0;) {
    const header = archive.subarray(at, at + 512)
    const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
    expect(parseInt(header.toString('latin1', 148, 154), 8)).toBe(sum)
    const length = parseInt(header.toString('latin1', 124, 135), 8)
    const content = archive.subarray(at + 512, at + 512 + length)
    if (header.toString('latin1', 156, 157) === 'x') path = /path=(.*)\n/.exec(content.toString())![1]!
    else {
      entries.set(path ?? header.toString('latin1', 0, header.indexOf(0)), content)
      path = null
    }
    at += 512 + Math.ceil(length / 512) * 512
  }
  return entries
}
