import { describe, expect, it } from 'vitest'
import { decodeMask, encodeMask } from '#core/mask/codec'
import { flatten, maskOf } from '#core/mask/tiles'
import type { Annotations } from '#main/exchange/annotations/annotations'
import { rasterise, shapesOf } from '#main/exchange/annotations/rasterise'
import { readAnnotations } from '#main/exchange/annotations/read'
import { cocoPolygons } from '#main/exchange/annotations/writeCoco'
import { decodeMaskImage, type Bitmap } from '#main/images/decode'
import { peerContent, peerFile } from '../../../fixtures/peers'

/** The shapes of one image that `isWanted`, drawn over it, as rows. */
function drawn(
  annotations: Annotations,
  image: number,
  isWanted: (shape: number, className: string) => boolean,
  pictures: Bitmap[] = []
): string[] {
  const { width, height, start, ...rest } = annotations.images[image]!
  const shapes = shapesOf(annotations, { width, height, start, ...rest }, () => 0)
  shapes.values.forEach((_, i) => {
    const name = annotations.classes[annotations.classOf[start + i]!]!
    shapes.values[i] = isWanted(i, name) ? 1 : 0
  })
  const { tiles } = rasterise({ ...shapes, pictures, subject: 'The mask', width: width!, height: height! })
  const flat = flatten(decodeMask(width!, height!, tiles))
  return Array.from({ length: height! }, (_, y) =>
    [...flat.subarray(y * width!, (y + 1) * width!)].map((pixel) => '.#'[pixel]).join('')
  )
}

/** Pixels that differ, and of these those that do not lie beside the edge of the expected shape. */
function differences(rows: string[], expected: string[]) {
  const at = (x: number, y: number) => expected[y]?.[x] ?? '.'
  let [count, inside] = [0, 0]
  rows.forEach((row, y) =>
    [...row].forEach((pixel, x) => {
      if (pixel === at(x, y)) return
      count++
      const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => at(x + dx, y + dy)))
      if (new Set(around).size === 1) inside++
    })
  )
  return { count, inside }
}

describe('a file of pycocotools', () => {
  const annotations = readAnnotations(peerFile('coco.json'))
  const read = peerContent<Record<string, string[]>>('coco-read.json')

  it('has its images, those without annotations too, and crowds as classes of their own', () => {
    expect(annotations.images.map(({ name, start, end }) => [name, end - start])).toEqual([
      ['photos/outlines.jpg', 3],
      ['photos/runs.jpg', 3],
      ['photos/nothing.jpg', 0]
    ])
    expect(annotations.classes).toEqual(['cell', 'nucleus', 'cell (crowd)'])
  })

  it.each([
    ['text', 0, '3'],
    ['numbers', 1, '4'],
    ['the numbers of a crowd', 2, '5']
  ])('gives run lengths in %s to the pixel', (_, shape, id) => {
    expect(drawn(annotations, 1, (i) => i === shape)).toEqual(read[id])
  })

  it('gives polygons up to pixels at their edge, which pycocotools rounds', () => {
    const outlines = [
      [[0], '1'],
      [[1, 2], '2']
    ] as const
    for (const [shapes, id] of outlines) {
      const rows = drawn(annotations, 0, (i) => (shapes as readonly number[]).includes(i))
      const { count, inside } = differences(rows, read[id]!)
      expect(inside).toBe(0)
      expect(count / rows.join('').replaceAll('.', '').length).toBeLessThan(0.02)
    }
  })
})

/** Rows of `.`, `#` and `?` as background, foreground and unknown. */
function masked(rows: string[]) {
  const flat = Uint8Array.from(rows.join(''), (letter) => '.#?'.indexOf(letter))
  return { flat, width: rows[0]!.length, height: rows.length }
}

describe('the polygons that go out for COCO', () => {
  const annotations = readAnnotations(peerFile('coco-polygons.json'))
  type Read = { rows: string[]; annotations: { area: number; bbox: number[] }[] }
  const read = Object.entries(peerContent<Record<string, Read>>('coco-polygons-read.json'))
  const written = peerContent<{ annotations: { image_id: number }[] }>('coco-polygons.json').annotations

  it.each(read)('of %s are what pycocotools read as that mask, with its areas and boxes', (_, mask) => {
    const { flat, width, height } = masked(mask.rows)
    const own = cocoPolygons({ tiles: encodeMask(maskOf(flat, width, height)), width, height }).annotations
    expect(own.map(({ area, bbox }) => ({ area, bbox }))).toEqual(mask.annotations)
    const image = read.findIndex(([, { rows }]) => rows === mask.rows) + 1
    const inFile = written.filter(({ image_id: id }) => id === image)
    expect(inFile).toEqual(own.map((one) => expect.objectContaining(one) as object))
  })

  it.each(read)('of %s are that mask here, too', (name, { rows }) => {
    const image = annotations.images.findIndex((one) => one.name === name)
    const foreground = drawn(annotations, image, (_, className) => className === 'foreground')
    const unknown = drawn(annotations, image, (_, className) => className === 'foreground (crowd)')
    expect(foreground).toEqual(rows.map((row) => row.replaceAll('?', '.')))
    expect(unknown).toEqual(rows.map((row) => row.replaceAll('#', '.').replaceAll('?', '#')))
  })
})

describe('a file of labelme', () => {
  const annotations = readAnnotations(peerFile('labelme.json'))
  const read = peerContent<{ type: string; rows: string[] }[]>('labelme-read.json')
  const pictures = () =>
    Promise.all(annotations.pictures.map((bytes) => decodeMaskImage({ name: 'labelme.json', bytes })))

  it('names its image, and the classes of its shapes', () => {
    expect(annotations.images).toMatchObject([{ name: 'leaf.png', width: 56, height: 40, start: 0, end: 6 }])
    expect(annotations.classes).toEqual(['leaf', 'stem', 'unknown'])
  })

  it('gives a mask to the pixel', async () => {
    const shape = read.findIndex(({ type }) => type === 'mask')
    expect(drawn(annotations, 0, (i) => i === shape, await pictures())).toEqual(read[shape]!.rows)
  })

  it.each(['polygon', 'rectangle', 'circle'])(
    'gives a %s up to pixels at its edge, along which labelme draws a line as well',
    async (type) => {
      const shape = read.findIndex((one) => one.type === type)
      const { rows: expected } = read[shape]!
      const rows = drawn(annotations, 0, (i) => i === shape, await pictures())
      expect(rows.join('')).toContain('#')
      expect(differences(rows, expected).inside).toBe(0)
    }
  )

  it('has no inside for a line', async () => {
    const shape = read.findIndex(({ type }) => type === 'line')
    expect(drawn(annotations, 0, (i) => i === shape, await pictures()).join('')).not.toContain('#')
  })
})
