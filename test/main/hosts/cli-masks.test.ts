import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { flatten } from '#core/mask/tiles'
import { encodeGreyPng } from '#main/images/encode'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { requireBuilt } from '../../fixtures/built'
import { jaccard } from '../../fixtures/command'
import { encode, noise } from '../../fixtures/images'
import { temporaryFolder } from '../../fixtures/temporary'

requireBuilt()
const folder = temporaryFolder()
const file = join(folder, 'squares.jaccard')
const images = join(folder, 'images')
const labels = join(folder, 'labels')

/** Images of 8 × 4 pixels; YOLO labels for two of them and for one that is not there. */
mkdirSync(images)
mkdirSync(labels)
for (const [i, name] of ['a', 'b', 'c'].entries()) {
  const pixels = noise(8, 4)
  pixels[0] = i
  writeFileSync(join(images, `${name}.png`), await encode('png', pixels, 8, 4))
}
const LEFT = '0 0 0.5 0 0.5 1 0 1'
const RIGHT = '0.5 0 1 0 1 1 0.5 1'
writeFileSync(join(labels, 'a.txt'), `0 ${LEFT}\n1 ${RIGHT}\n`)
writeFileSync(join(labels, 'b.txt'), `1 ${RIGHT}\n`)
writeFileSync(join(labels, 'elsewhere.txt'), `1 ${RIGHT}\n`)
writeFileSync(join(labels, 'data.yaml'), 'names: [cell, dirt]\n')

const halves = (left: number, right: number) =>
  Uint8Array.from({ length: 32 }, (_, i) => (i % 8 < 4 ? left : right))

async function masksIn(path: string) {
  const project = await openProject(path)
  try {
    return listImages(project).map(({ id, name, state }) => ({
      name,
      state,
      mask: flatten(loadMask(project, id))
    }))
  } finally {
    project.close()
  }
}

describe('masks from the command line', () => {
  it('are shown before they are written', async () => {
    expect((await jaccard(['new', file, '--images', images])).code).toBe(0)
    const outcome = await jaccard(['import', file, '--masks', labels, '--preview', '--json'])
    expect(outcome.stderr).toContain('2 of 3 masks have an image in the project')
    expect(outcome.stderr).toMatch(/^dirt +3 +objects +3 +foreground$/m)
    expect(outcome.stderr).toContain('"elsewhere.txt" has no image')
    expect(outcome.json()).toMatchObject({
      preview: true,
      classes: [
        { name: 'class 0', title: 'cell', count: 1, role: 'foreground' },
        { name: 'class 1', title: 'dirt', count: 3, role: 'foreground' }
      ]
    })
    expect((await masksIn(file)).every(({ state }) => state === 'untouched')).toBe(true)
  })

  it('come in with the classes that were named, and are never written over unasked', async () => {
    const outcome = await jaccard([
      'import',
      file,
      '--masks',
      labels,
      '--foreground',
      'cell',
      '--unknown',
      '1',
      '--json'
    ])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({
      masksMatched: 2,
      skipped: [{ file: 'elsewhere.txt' }],
      images: { byState: { complete: 1, 'confirmed-empty': 1, untouched: 1 } }
    })
    const taken = [halves(1, 2), halves(0, 2), halves(0, 0)]
    expect((await masksIn(file)).map(({ mask }) => mask)).toEqual(taken)

    const again = await jaccard(['import', file, '--masks', labels])
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('2 of them one that have labels already')
    expect((await masksIn(file)).map(({ mask }) => mask)).toEqual(taken)
    expect((await jaccard(['import', file, '--masks', labels, '--replace'])).code).toBe(0)
    expect((await masksIn(file)).map(({ mask }) => mask)).toEqual([halves(1, 1), halves(0, 1), halves(0, 0)])
  })

  it('go out in every format, from which a new project has the same masks', async () => {
    const expected = (await masksIn(file)).slice(0, 2)
    for (const format of ['png', 'coco', 'labelme', 'yolo']) {
      const to = join(folder, format)
      const exported = await jaccard(['export', file, '--to', to, '--masks', format, '--json'])
      expect(exported.json()).toMatchObject({ format, images: 2, unfinished: 1 })
      const copy = join(folder, `${format}.jaccard`)
      const masks = format === 'coco' ? join(to, 'annotations.json') : to
      const made = await jaccard(['new', copy, '--images', images, '--masks', masks, '--json'])
      expect(made.json()).toMatchObject({ added: 3, masksMatched: 2, skipped: [] })
      expect((await masksIn(copy)).slice(0, 2)).toEqual(expected)
    }
    const shards = join(folder, 'shards')
    await jaccard(['export', file, '--to', shards, '--dataset', 'webdataset'])
    expect(readdirSync(shards).every((name) => /^(train|validation)-000000\.tar$/.test(name))).toBe(true)
    expect(readFileSync(join(shards, readdirSync(shards)[0]!)).toString('latin1')).toContain('.mask.png')
  })

  it('say what is wrong in one sentence', async () => {
    const cases = [
      [['--masks', join(folder, 'nowhere')], 1, /nowhere" cannot be read/],
      [['--masks', labels, '--foreground', 'stone'], 2, /no class or colour "stone".*they have: cell, dirt\./]
    ] as const
    for (const [words, code, sentence] of cases) {
      const outcome = await jaccard(['import', file, ...words])
      expect(outcome.code).toBe(code)
      expect(outcome.stderr.trimEnd().split('\n').at(-1)).toMatch(sentence)
      expect(outcome.stdout).toBe('')
    }
    const both = await jaccard(['export', file, '--to', folder, '--masks', 'coco', '--dataset', 'webdataset'])
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('Say what to export')])
  })

  it('of labelme may lie beside their images, where pictures may not', async () => {
    const beside = join(folder, 'beside')
    mkdirSync(beside)
    writeFileSync(join(beside, 'a.png'), readFileSync(join(images, 'a.png')))
    const shape = {
      label: 'cell',
      points: [
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 4]
      ],
      shape_type: 'polygon'
    }
    writeFileSync(join(beside, 'a.json'), JSON.stringify({ shapes: [shape], imagePath: 'a.png' }))
    const copy = join(folder, 'beside.jaccard')
    const made = await jaccard(['new', copy, '--images', beside, '--masks', beside, '--json'])
    expect(made.json()).toMatchObject({ added: 1, masksMatched: 1 })
    expect((await masksIn(copy))[0]!.mask).toEqual(halves(1, 0))
    const pictures = join(folder, 'pictures')
    mkdirSync(pictures)
    writeFileSync(join(pictures, 'a.png'), await encodeGreyPng(halves(1, 0), 8, 4))
    const refused = await jaccard([
      'new',
      join(folder, 'no.jaccard'),
      '--images',
      pictures,
      '--masks',
      pictures
    ])
    expect(refused.stderr).toMatch(/Images and masks are in one folder/)
  })
})
