import { beforeEach, describe, expect, it } from 'vitest'
import { joinPreviews, USUAL_CHOICE, type MaskChoice } from '#core/api/maskImport'
import type { ImportOutcome } from '#core/api/values'
import { createRandom } from '#core/learning/random'
import { flatten, maskOf } from '#core/mask/tiles'
import { addImage as addFile } from '#main/exchange/import'
import { importMasks, previewMasks } from '#main/exchange/maskImport'
import { baseNameOf } from '#main/exchange/names'
import { encodeGreyPng, fileOf } from '#main/images/encode'
import type { ImageFile } from '#main/images/open'
import { loadSharp } from '#main/images/sharp.node'
import { getImage, listImages } from '#main/store/images'
import { loadMask, replaceMask, undo } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { decompressionBomb, encode, encodeGrey16, handmadePng } from '../../fixtures/images'
import { peerFile } from '../../fixtures/peers'
import { addImage, temporaryProject } from '../../fixtures/project'
import { randomMask } from '../../fixtures/randomMask'

let project: Project

beforeEach(async () => {
  project = await temporaryProject()
})

async function importAll(files: ImageFile[], choice: Partial<MaskChoice> = {}): Promise<ImportOutcome[]> {
  const waiting = files.map(({ name, bytes }) => ({ name, read: async () => bytes }))
  const outcomes: ImportOutcome[] = []
  for await (const outcome of importMasks(project, waiting, { ...USUAL_CHOICE, ...choice }))
    outcomes.push(outcome)
  return outcomes
}

const image = (name: string, width: number, height: number) =>
  addImage(project, { name, baseName: baseNameOf(name), width, height })
const pixels = (id: number) => [...flatten(loadMask(project, id))]
const png = async (name: string, values: number[], width: number, height: number) => ({
  name,
  bytes: await encodeGreyPng(Uint8Array.from(values), width, height)
})
const text = (name: string, content: string) => ({ name, bytes: Buffer.from(content) })
const json = (name: string, content: object) => text(name, JSON.stringify(content))
/** The reason why a file was skipped. */
async function reasonFor(file: ImageFile): Promise<string> {
  const [outcome] = await importAll([file])
  const preview = await previewMasks(project, file)
  if (outcome?.status !== 'skipped') throw new Error(`It was not skipped: ${JSON.stringify(outcome)}`)
  expect(preview.matches.map(({ reason }) => reason)).toContain(outcome.reason)
  return outcome.reason
}

describe('a mask picture', () => {
  it('makes its image complete, and can be undone', async () => {
    const id = await image('a.jpg', 3, 2)
    expect(await importAll([await png('masks/a.png', [0, 1, 0, 255, 0, 0], 3, 2)])).toEqual([
      { status: 'matched', name: 'masks/a.png', imageId: id, note: null }
    ])
    expect(getImage(project, id).state).toBe('complete')
    expect(pixels(id)).toEqual([0, 1, 0, 1, 0, 0])
    expect(undo(project, id).image.state).toBe('untouched')
    expect(pixels(id)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('without foreground confirms its image empty', async () => {
    const id = await image('a.jpg', 3, 2)
    await importAll([await png('a.png', [0, 0, 0, 0, 0, 0], 3, 2)])
    expect(getImage(project, id).state).toBe('confirmed-empty')
  })

  it('of another size, or of no image, is refused with the reason', async () => {
    await image('a.png', 6, 4)
    expect(await reasonFor(await png('a.png', [1, 0, 0, 0, 0, 0], 3, 2))).toBe(
      'The mask "a.png" is 3 × 2 pixels, but its image "a.png" 6 × 4; make them the same size.'
    )
    expect(await reasonFor(await png('b.png', [1, 0, 0, 0, 0, 0], 3, 2))).toMatch(/"b\.png" has no image/)
    expect(listImages(project)[0]!.state).toBe('untouched')
  })

  it('finds its image by the subfolder or the ending where base names are not enough, and else says so', async () => {
    const [left, right] = [await image('left/x.png', 3, 2), await image('right/x.png', 3, 2)]
    const [jpg] = [await image('right/y.jpg', 3, 2), await image('right/y.png', 3, 2)]
    const values = [1, 0, 0, 0, 0, 0]
    for (const [name, id] of [
      ['right/x.png', right],
      ['C:\\data\\left\\x.png', left],
      ['right/y.jpg', jpg]
    ] as const) {
      const [outcome] = await importAll([await png(name, values, 3, 2)])
      expect(outcome).toMatchObject({ status: 'matched', imageId: id })
    }
    expect(await reasonFor(await png('x.png', values, 3, 2))).toMatch(/any of 2 images called "x"/)
  })

  it.each([
    [
      'one bit',
      () => ({
        width: 9,
        height: 2,
        bitDepth: 1,
        colourType: 0 as const,
        rows: [
          [0b10100000, 128],
          [1, 0]
        ]
      }),
      [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    ],
    [
      'a palette of two bits, whose first colour is black',
      () => ({
        width: 4,
        height: 1,
        bitDepth: 2,
        colourType: 3 as const,
        rows: [[0b00011011]],
        palette: [0, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0, 0]
      }),
      [0, 1, 1, 0]
    ],
    [
      'RGBA, transparent parts left out',
      () => ({
        width: 3,
        height: 1,
        bitDepth: 8,
        colourType: 6 as const,
        rows: [[255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 255]]
      }),
      [1, 0, 0]
    ]
  ])('of %s is read to the pixel', async (_, header, expected) => {
    const { width, height } = header()
    const id = await image('a.jpg', width, height)
    await importAll([{ name: 'a.png', bytes: handmadePng(header()) }])
    expect(pixels(id)).toEqual(expected)
  })

  it('shows its colours, each of which can become what the person wants', async () => {
    const id = await image('a.jpg', 5, 1)
    const colours = [0, 0, 0, 255, 0, 0, 7, 7, 7, 255, 0, 0, 0, 128, 255]
    const file = { name: 'a.png', bytes: await encode('png', Uint8Array.from(colours), 5, 1) }
    const { classes, matches } = await previewMasks(project, file)
    expect(classes.map(({ name, count, images }) => [name, count, images])).toEqual([
      ['0', 1, 1],
      ['7', 1, 1],
      ['#0080ff', 1, 1],
      ['#ff0000', 2, 1]
    ])
    expect(matches).toEqual([
      { name: 'a.png', image: { id, name: 'a.jpg', labelled: false }, reason: null, note: null }
    ])
    expect(getImage(project, id)).toMatchObject({ state: 'untouched', revision: 0 })
    await importAll([file], {
      roles: { '#ff0000': 'foreground', '#0080ff': 'unknown', '7': 'background', '0': 'foreground' }
    })
    expect(pixels(id)).toEqual([1, 1, 0, 1, 2])
  })

  it('of 16 bits or of an image that was numbered shows its numbers, and many colours as one', async () => {
    await image('few.tif', 4, 1)
    await image('many.tif', 400, 1)
    const preview = async (name: string, values: Uint16Array) =>
      (await previewMasks(project, { name, bytes: await encodeGrey16('tiff', values, values.length, 1) }))
        .classes
    const few = await preview('few.tif', Uint16Array.of(0, 1, 300, 65535))
    expect(few.map(({ name }) => name)).toEqual(['0', '1', '300', '65535'])
    const many = await preview(
      'many.tif',
      Uint16Array.from({ length: 400 }, (_, i) => i)
    )
    expect(many.map(({ name, count }) => [name, count])).toEqual([
      ['0', 1],
      ['everything but black', 399]
    ])
  })

  it('that went through JPEG has no ringing', async () => {
    const id = await image('a.png', 16, 16)
    const values = Uint8Array.from({ length: 256 * 3 }, (_, i) => (Math.floor(i / 3) % 16 < 8 ? 255 : 0))
    await importAll([{ name: 'a.jpg', bytes: await encode('jpeg', values, 16, 16, { quality: 40 }) }])
    expect(pixels(id)).toEqual(Array.from({ length: 256 }, (_, i) => (i % 16 < 8 ? 1 : 0)))
  })
})

describe('a mask picture of several pages', () => {
  /** A TIFF with a page for each of these rows of pixels. */
  async function stack(name: string, ...pages: number[][]): Promise<ImageFile> {
    const width = pages[0]!.length
    const raw = { width, height: pages.length, channels: 1, pageHeight: 1 } as const
    const picture = loadSharp()(Uint8Array.from(pages.flat()), { raw }).toColourspace('b-w')
    return { name, bytes: await fileOf(picture.tiff({ compression: 'lzw' })) }
  }

  /** The images that the pages of a TIFF are. */
  async function pagesOf(name: string, pages: number): Promise<number[]> {
    const grounds = Array.from({ length: pages }, (_, i) => [90 + i, 91, 92])
    const outcome = await addFile(project, await stack(name, ...grounds))
    if (outcome.status !== 'added') throw new Error(outcome.status)
    return [outcome.imageId, ...outcome.others]
  }

  it('gives each page of its image the page of the same number', async () => {
    const ids = await pagesOf('plants/stack.tif', 3)
    const masks = await stack('masks/stack.tif', [255, 0, 0], [0, 0, 0], [0, 7, 7])
    const { matches, classes } = await previewMasks(project, masks)
    expect(matches.map(({ name, image, note }) => [name, image?.name, note])).toEqual([
      ['masks/stack#1.tif', 'plants/stack#1.tif', null],
      ['masks/stack#2.tif', 'plants/stack#2.tif', null],
      ['masks/stack#3.tif', 'plants/stack#3.tif', null]
    ])
    expect(classes.map(({ name, count, images }) => [name, count, images])).toEqual([
      ['0', 6, 3],
      ['255', 1, 1],
      ['7', 2, 1]
    ])
    expect(await importAll([masks], { roles: { '7': 'unknown' } })).toHaveLength(3)
    expect(ids.map(pixels)).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [0, 2, 2]
    ])
    expect(ids.map((id) => getImage(project, id).state)).toEqual([
      'complete',
      'confirmed-empty',
      'confirmed-empty'
    ])
  })

  it('says so where the image has more pages', async () => {
    const ids = await pagesOf('stack.tif', 3)
    const masks = await stack('stack.tif', [255, 0, 0], [0, 255, 0])
    const note =
      'The mask has 2 pages, but its image 3 in this project; each page takes the mask of its own number.'
    expect((await previewMasks(project, masks)).matches.map((match) => match.note)).toEqual([note, null])
    expect(await importAll([masks])).toMatchObject([{ note }, { note: null }])
    expect(pixels(ids[1]!)).toEqual([0, 1, 0])
    expect(getImage(project, ids[2]!).state).toBe('untouched')
  })

  it('says so where the image has fewer, and which pages are left', async () => {
    const [first, second] = await pagesOf('stack.tif', 2)
    const masks = await stack('stack.tif', [255, 0, 0], [0, 255, 0], [0, 0, 255])
    expect(await importAll([masks])).toMatchObject([
      { imageId: first, note: expect.stringContaining('3 pages, but its image 2') as string },
      { imageId: second },
      { status: 'skipped', reason: expect.stringContaining('none called "stack#3"') as string }
    ])
    expect((await previewMasks(project, masks)).matches.map(({ reason }) => reason === null)).toEqual([
      true,
      true,
      false
    ])
  })

  it('gives an image of one page its first', async () => {
    const id = await image('a.jpg', 3, 1)
    const [outcome, ...others] = await importAll([await stack('a.tif', [255, 0, 0], [0, 255, 0])])
    expect(outcome).toMatchObject({
      imageId: id,
      note: expect.stringContaining('2 pages, but its image 1') as string
    })
    expect(others).toMatchObject([{ status: 'skipped' }])
    expect(pixels(id)).toEqual([1, 0, 0])
  })

  it('of one page says to which pages it could belong', async () => {
    await pagesOf('stack.tif', 3)
    expect(await reasonFor(await png('stack.png', [255, 0, 0], 3, 1))).toBe(
      'The mask "stack.png" has one page, but its image 3; call it "stack#1.png" after the page that it belongs to.'
    )
  })
})

describe('a label that an image has already', () => {
  it('is left alone unless the person says otherwise, which can be undone', async () => {
    const id = await image('a.jpg', 3, 2)
    replaceMask(project, id, maskOf(Uint8Array.of(1, 1, 0, 0, 0, 0), 3, 2), { tool: 'brush' })
    const file = await png('a.png', [0, 0, 0, 0, 0, 255], 3, 2)
    expect((await previewMasks(project, file)).matches[0]!.image!.labelled).toBe(true)
    expect((await importAll([file]))[0]).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('"a.jpg" has a label already') as string
    })
    expect(pixels(id)).toEqual([1, 1, 0, 0, 0, 0])
    expect((await importAll([file], { replace: true }))[0]).toMatchObject({ status: 'matched' })
    expect(pixels(id)).toEqual([0, 0, 0, 0, 0, 1])
    undo(project, id)
    expect(pixels(id)).toEqual([1, 1, 0, 0, 0, 0])
  })

  it('and is the same is no conflict, so that an import can be repeated', async () => {
    const id = await image('a.jpg', 3, 2)
    const file = await png('a.png', [0, 0, 0, 0, 0, 255], 3, 2)
    await importAll([file])
    const { revision } = getImage(project, id)
    expect((await importAll([file]))[0]).toMatchObject({ status: 'matched', imageId: id })
    expect(getImage(project, id).revision).toBe(revision)
  })

  it('even one that was confirmed empty, is not painted over', async () => {
    const id = await image('a.jpg', 3, 2)
    await importAll([await png('a.png', [0, 0, 0, 0, 0, 0], 3, 2)])
    const [outcome] = await importAll([await png('a.png', [1, 0, 0, 0, 0, 0], 3, 2)])
    expect(outcome!.status).toBe('skipped')
    expect(getImage(project, id).state).toBe('confirmed-empty')
  })

  it('of two masks in one import the first counts, also where labels are replaced', async () => {
    const id = await image('a.jpg', 3, 2)
    const files = [
      await png('one/a.png', [1, 0, 0, 0, 0, 0], 3, 2),
      await png('two/a.png', [0, 1, 0, 0, 0, 0], 3, 2)
    ]
    const outcomes = await importAll(files, { replace: true })
    expect(outcomes.map(({ status }) => status)).toEqual(['matched', 'skipped'])
    expect(pixels(id)).toEqual([1, 0, 0, 0, 0, 0])
    const previews = await Promise.all(files.map((file) => previewMasks(project, file)))
    expect(joinPreviews(previews).matches.map(({ reason }) => reason)).toEqual([
      null,
      expect.stringContaining('gets another mask of this import')
    ])
  })
})

describe('a COCO file', () => {
  it('labels its images, takes one without annotations for empty, and crowds for unknown', async () => {
    const names = ['outlines.png', 'runs.png', 'nothing.png']
    const [outlines, runs, nothing] = await Promise.all(names.map((name) => image(name, 44, 32)))
    const preview = await previewMasks(project, peerFile('coco.json'))
    expect(preview.format).toBe('coco')
    expect(preview.matches.map(({ name, image, reason }) => [name, image?.name, reason])).toEqual([
      ['photos/outlines.jpg in coco.json', 'outlines.png', null],
      ['photos/runs.jpg in coco.json', 'runs.png', null],
      ['photos/nothing.jpg in coco.json', 'nothing.png', null]
    ])
    expect(preview.classes).toEqual([
      { name: 'cell', kind: 'object', count: 2, images: 2 },
      { name: 'nucleus', kind: 'object', count: 3, images: 2 },
      { name: 'cell (crowd)', kind: 'object', count: 1, images: 1 }
    ])
    expect((await importAll([peerFile('coco.json')])).map(({ status }) => status)).toEqual(
      Array(3).fill('matched')
    )
    expect(getImage(project, outlines!).state).toBe('complete')
    expect(getImage(project, nothing!).state).toBe('confirmed-empty')
    expect(new Set(pixels(runs!))).toEqual(new Set([0, 1, 2]))
  })

  it('gives only the classes that were chosen', async () => {
    const id = await image('outlines.png', 44, 32)
    await importAll([peerFile('coco.json')], { roles: { cell: 'background' } })
    const nuclei = pixels(id).filter((pixel) => pixel === 1).length
    await importAll([peerFile('coco.json')], { replace: true })
    expect(pixels(id).filter((pixel) => pixel === 1).length).toBeGreaterThan(nuclei)
    expect(nuclei).toBeGreaterThan(0)
  })

  const one = (annotation: object, size: object = { width: 4, height: 3 }) => ({
    images: [{ id: 1, file_name: 'a.jpg', ...size }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, ...annotation }],
    categories: [{ id: 1, name: 'thing' }]
  })

  it.each([
    [
      'run lengths that do not fill the image',
      { segmentation: { size: [3, 4], counts: [5, 2] } },
      /7 pixels, but its image 12/
    ],
    [
      'run lengths that overflow it',
      { segmentation: { size: [3, 4], counts: [0, 2 ** 40] } },
      /but its image 12/
    ],
    ['damaged run lengths', { segmentation: { size: [3, 4], counts: '~~~' } }, /run-length code is damaged/],
    [
      'run lengths of another size',
      { segmentation: { size: [30, 40], counts: [1200] } },
      /40 × 30 pixels, but its image 4 × 3/
    ],
    ['an x without a y', { segmentation: [[1, 1, 3, 1, 3]] }, /an x without a y/],
    ['a coordinate far away', { segmentation: [[1, 1, 1e300, 1, 3, 3]] }, /coordinate is 1e\+300/],
    ['only a box', { bbox: [0, 0, 2, 2] }, /only points, lines or boxes/],
    ['an empty segmentation', { segmentation: [] }, /only points, lines or boxes/]
  ])('with %s is refused, and nothing is written', async (_, annotation, sentence) => {
    const id = await image('a.jpg', 4, 3)
    expect(await reasonFor(json('x.json', one(annotation)))).toMatch(sentence)
    expect(getImage(project, id)).toMatchObject({ state: 'untouched', revision: 0 })
  })

  it('of an image that has another size here is refused with both sizes', async () => {
    await image('a.jpg', 4, 3)
    const file = json('x.json', one({ segmentation: [[0, 0, 4, 0, 4, 3]] }, { width: 5, height: 3 }))
    expect(await reasonFor(file)).toMatch(/"a\.jpg" in "x\.json" is 5 × 3 pixels.*4 × 3/)
  })

  it('that keeps the size of its images to itself is held against the size of its run lengths', async () => {
    const id = await image('a.jpg', 4, 3)
    const unsized = (size: number[], counts: number[]) =>
      json('x.json', one({ segmentation: { size, counts } }, {}))
    expect(await reasonFor(unsized([2 ** 26, 2 ** 26], [0, 2 ** 52]))).toMatch(
      /67108864 × 67108864 pixels.*4 × 3/
    )
    expect(await importAll([unsized([3, 4], [4, 8])])).toMatchObject([{ status: 'matched', imageId: id }])
    expect(pixels(id)).toEqual([0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1])
  })

  it('in which two images have one number gives nothing to either', async () => {
    const ids = [await image('a.jpg', 4, 3), await image('b.jpg', 4, 3)]
    const content = one({ segmentation: [[0, 0, 4, 0, 4, 3, 0, 3]] })
    content.images.push({ id: 1, file_name: 'b.jpg', width: 4, height: 3 } as never)
    const outcomes = await importAll([json('x.json', content)])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: expect.stringContaining('several images of the number 1') as string
      })
    }
    expect(ids.map((id) => getImage(project, id).state)).toEqual(['untouched', 'untouched'])
  })

  it('may call an image by its number in one place and by the same as text in another', async () => {
    const id = await image('a.jpg', 4, 3)
    await importAll([json('x.json', one({ image_id: '1', segmentation: [[0, 0, 4, 0, 4, 3, 0, 3]] }))])
    expect(pixels(id)).toEqual(Array(12).fill(1))
  })

  it('with an annotation of an image that it does not list says so', async () => {
    await image('a.jpg', 4, 3)
    const content = one({ image_id: 5, segmentation: [[0, 0, 4, 0, 4, 3]] })
    const outcomes = await importAll([json('x.json', content)])
    expect(outcomes[1]).toMatchObject({
      reason: expect.stringContaining('does not say which image') as string
    })
  })

  it('counts the images that are not in the project instead of listing thousands', async () => {
    const id = await image('7.jpg', 4, 3)
    const images = Array.from({ length: 3000 }, (_, i) => ({
      id: i,
      file_name: `${i}.jpg`,
      width: 4,
      height: 3
    }))
    const outcomes = await importAll([json('x.json', { images, annotations: [], categories: [] })])
    expect(outcomes).toMatchObject([
      { status: 'matched', imageId: id },
      { status: 'skipped', name: 'x.json', reason: expect.stringContaining('2,999 of the images') as string }
    ])
  })

  it('with a shape that has no inside leaves its image in progress, and says so', async () => {
    const id = await image('a.jpg', 4, 3)
    const content = one({ segmentation: [[0, 0, 2, 0, 2, 2, 0, 2]] })
    content.annotations.push({ id: 2, image_id: 1, category_id: 1, bbox: [0, 0, 1, 1] } as never)
    expect((await previewMasks(project, json('x.json', content))).matches[0]!.note).toMatch(
      /One object of "a\.jpg"/
    )
    const [outcome] = await importAll([json('x.json', content)])
    expect(outcome).toMatchObject({
      status: 'matched',
      note: expect.stringContaining('stays in progress') as string
    })
    expect(getImage(project, id).state).toBe('in-progress')
  })
})

describe('a labelme file', () => {
  it('labels the image that it names, and what it calls unknown is unknown', async () => {
    const id = await image('leaf.jpg', 56, 40)
    const [outcome] = await importAll([peerFile('labelme.json')])
    expect(outcome).toMatchObject({
      status: 'matched',
      imageId: id,
      note: expect.stringMatching(/One object/) as string
    })
    const values = pixels(id)
    expect(values.filter((value) => value === 2)).toHaveLength(56)
    expect(values[10 * 56 + 10]).toBe(1)
  })

  it('whose image has another name is found by its own', async () => {
    const id = await image('scan 3.png', 4, 3)
    const content = {
      shapes: [
        {
          label: 'a',
          points: [
            [0, 0],
            [4, 0],
            [4, 3],
            [0, 3]
          ],
          shape_type: 'polygon'
        }
      ],
      imagePath: '..\\old\\IMG_1.png',
      imageWidth: 4,
      imageHeight: 3
    }
    expect(await importAll([json('labels/scan 3.json', content)])).toMatchObject([
      { status: 'matched', imageId: id }
    ])
    expect(pixels(id)).toEqual(Array(12).fill(1))
  })

  it('with a damaged mask is refused', async () => {
    await image('a.png', 4, 3)
    const shape = {
      label: 'a',
      points: [
        [0, 0],
        [1, 1]
      ],
      shape_type: 'mask',
      mask: 'AAAA'
    }
    const [outcome] = await importAll([json('a.json', { shapes: [shape], imagePath: 'a.png' })])
    expect(outcome).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('"a.json"') as string
    })
  })
})

describe('YOLO labels', () => {
  it('are polygons in shares of the image, with or without a confidence', async () => {
    const [a, b] = [await image('a.jpg', 8, 4), await image('b.jpg', 8, 4)]
    const square = '0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75'
    await importAll([
      text('labels/a.txt', `0 ${square}\r\n\r\n`),
      text('labels/b.txt', `2 ${square} 0.931\n`)
    ])
    const expected = [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    ]
    expect(pixels(a)).toEqual(expected)
    expect(pixels(b)).toEqual(expected)
  })

  it('without a line are an image without objects', async () => {
    const id = await image('a.jpg', 8, 4)
    await importAll([text('a.txt', '')])
    expect(getImage(project, id).state).toBe('confirmed-empty')
  })

  it.each([
    ['pixels', '0 10 20 300 20 30 40', /has pixels in line 1/],
    ['words', 'hello world', /line 1 is not a class and its corners/],
    ['too few numbers', '0 0.1 0.2', /line 1 is not a class/],
    ['a number that is none', '0 0.1 NaN 0.2 0.3 0.4 0.5', /line 1 is not a class/],
    ['boxes', '0 0.5 0.5 0.2 0.2', /only points, lines or boxes/]
  ])('with %s are refused', async (_, content, sentence) => {
    await image('a.jpg', 8, 4)
    expect(await reasonFor(text('a.txt', content))).toMatch(sentence)
  })

  it.each([
    ['classes.txt', 'cell\nnucleus\n'],
    ['data.yaml', 'path: .\nnames: ["cell", \'nucleus\']\nnc: 2\n'],
    ['data.yaml', 'names:\n  - cell\n  - nucleus\ntrain: images\n'],
    ['set/data.yml', 'nc: 2\r\nnames:\r\n  1: nucleus\r\n  0: cell\r\n']
  ])('have their classes’ names in %s', async (name, content) => {
    expect((await previewMasks(project, text(name, content))).names).toEqual(['cell', 'nucleus'])
    expect(await importAll([text(name, content)])).toEqual([])
  })
})

describe('a file that nobody should send', () => {
  it.each([
    ['nothing at all', 'a.json', Buffer.alloc(0), /"a\.json" is empty/],
    ['half of a JSON', 'a.json', Buffer.from('{"images": [{"id"'), /no valid JSON, maybe cut short/],
    [
      'Python’s NaN',
      'a.json',
      Buffer.from('{"shapes": [{"label": "a", "points": [[NaN, 1]]}]}'),
      /no valid JSON/
    ],
    ['another JSON', 'a.json', Buffer.from('[1, 2]'), /neither COCO instances nor labelme/],
    [
      'a JSON of other fields',
      'a.json',
      Buffer.from('{"images": {}, "annotations": []}'),
      /not what COCO writes: images is wrong/
    ],
    [
      'a label without points',
      'a.json',
      Buffer.from('{"shapes": [{"label": "a"}]}'),
      /not what labelme writes: shapes\[0\]\.points/
    ],
    ['Latin letters', 'a.json', Buffer.from('{"shapes": "\xe4"}', 'latin1'), /not text in UTF-8/],
    ['a picture that lies', 'a.png', Buffer.from('I am a text.'), /not a PNG, JPEG, WebP or TIFF/],
    ['a decompression bomb', 'a.png', decompressionBomb(), /60,000 × 60,000 pixels/]
  ])('with %s gets one sentence', async (_, name, bytes, sentence) => {
    await image('a.jpg', 4, 3)
    const reason = await reasonFor({ name, bytes })
    expect(reason).toMatch(sentence)
    expect(reason).toMatch(/^[^\n]*"a\.(json|png)"[^\n]*\.$/)
  })

  it('is read in UTF-16 where it says so itself', async () => {
    const id = await image('a.jpg', 8, 4)
    const bytes = Buffer.from('\ufeff{"shapes": [], "imagePath": "a.jpg"}', 'utf16le')
    expect(await importAll([{ name: 'a.json', bytes }])).toMatchObject([{ status: 'matched', imageId: id }])
  })

  it('with polygons outside of the image paints what is inside', async () => {
    const id = await image('a.jpg', 4, 3)
    const shape = (points: number[][]) => ({ label: 'a', points, shape_type: 'polygon' })
    const shapes = [
      shape([
        [-1e6, -5],
        [2, -5],
        [2, 1],
        [-1e6, 1]
      ]),
      shape([
        [50, 50],
        [60, 50],
        [60, 60]
      ])
    ]
    await importAll([json('a.json', { shapes, imagePath: 'a.jpg' })])
    expect(pixels(id)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})

describe('a PNG of any kind', () => {
  it('gives random masks back to the pixel', async () => {
    const random = createRandom(4, 'pictures')
    const [width, height] = [61, 47]
    const kinds = [
      (mask: Uint8Array) =>
        encodeGreyPng(
          mask.map((pixel) => pixel * 255),
          width,
          height
        ),
      (mask: Uint8Array) => encodeGreyPng(mask, width, height),
      (mask: Uint8Array) => encodeGreyPng(Uint16Array.from(mask), width, height),
      (mask: Uint8Array) => fileOf(rgba(mask).png()),
      (mask: Uint8Array) => fileOf(rgba(mask).png({ palette: true, colours: 4, dither: 0 })),
      (mask: Uint8Array) => fileOf(rgba(mask).tiff({ compression: 'lzw' })),
      (mask: Uint8Array) => fileOf(rgba(mask).webp({ lossless: true }))
    ]
    const rgba = (mask: Uint8Array) =>
      loadSharp()(
        Uint8Array.from({ length: mask.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : mask[i >> 2]! * 200)),
        {
          raw: { width, height, channels: 4 }
        }
      )
    for (const [i, kind] of kinds.entries()) {
      const mask = randomMask(random, width, height)
      const id = await image(`${i}.jpg`, width, height)
      await importAll([{ name: `${i}.png`, bytes: await kind(mask) }])
      expect(flatten(loadMask(project, id)), `kind ${i}`).toEqual(mask)
    }
  })
})
