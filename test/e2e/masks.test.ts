import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeMask } from '#core/mask/codec'
import { flatten, maskOf } from '#core/mask/tiles'
import { cocoRuns } from '#main/exchange/annotations/writeCoco'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

/** Width and height of the images used here. */
const WIDTH = 384
const HEIGHT = 288

let app: App

describe.skipIf(obstacle)(`masks of other programs${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
  })

  afterEach(() => app.close())

  test('a COCO file is looked at before anything is written, and goes out as it came in', async () => {
    const { page } = app
    const [cells, dirt] = [disc(120, 90, 40), disc(260, 180, 25)]
    const coco = join(app.home, 'labels.json')
    await writeFile(coco, JSON.stringify(cocoFile(cells, dirt)))
    await app.createProject('cells')
    await chooseFiles(page, 'Choose images…', await nuclei('images', 2))
    await page.getByText('2 images added.').waitFor()

    await page.getByRole('button', { name: 'Add images or masks' }).click()
    await chooseFiles(page, 'Add masks…', [coco])
    const dialog = page.getByRole('dialog', { name: 'Import masks' })
    await dialog.getByText('2 masks match images, 1 mask cannot be used. Nothing is written yet.').waitFor()
    await dialog.getByText(/"elsewhere\.png" in "labels\.json" has no image/).waitFor()
    await expectAccessible(page)
    await dialog.getByLabel('dirt becomes').selectOption('Background')
    await dialog.getByRole('button', { name: 'Import 2 masks' }).click()
    const report = page.getByRole('region', { name: 'Import' })
    await report.getByText('2 masks matched.').waitFor()
    await report.getByRole('button', { name: 'Close the report' }).click()

    // The same again: nothing that is there is written over unless the person says so.
    await page.getByRole('button', { name: 'Add images or masks' }).click()
    await chooseFiles(page, 'Add masks…', [coco])
    await dialog.getByText('2 images with a label already').waitFor()
    expect(await dialog.getByRole('button', { name: 'Import 0 masks' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await page.keyboard.press('4')
    const target = join(app.home, 'out')
    await page.getByLabel('Format').selectOption('COCO instances (RLE)')
    await page.getByLabel('Folder for the masks').fill(target)
    await page.getByRole('button', { name: 'Export masks' }).click()
    await page.getByText('annotations.json').waitFor()
    expect(app.complaints).toEqual([])

    await app.stopHost()
    const project = await openProject(app.projectFile('cells'))
    try {
      const [first, second] = listImages(project)
      expect(flatten(loadMask(project, first!.id))).toEqual(cells)
      expect([first!.state, second!.state]).toEqual(['complete', 'confirmed-empty'])
    } finally {
      project.close()
    }
    const { annotations } = JSON.parse(await readFile(join(target, 'annotations.json'), 'utf8')) as {
      annotations: { segmentation: unknown }[]
    }
    expect(annotations.map(({ segmentation }) => segmentation)).toEqual([segmentationOf(cells)])
  })
})

function disc(x: number, y: number, radius: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
    Math.hypot((at % WIDTH) - x, Math.floor(at / WIDTH) - y) < radius ? 1 : 0
  )
}

/** The run lengths of a mask of one part. */
function segmentationOf(flat: Uint8Array) {
  const tiles = encodeMask(maskOf(flat, WIDTH, HEIGHT))
  return cocoRuns({ tiles, width: WIDTH, height: HEIGHT }).annotations[0]!.segmentation
}

/** The first image has cells and dirt, the second one nothing; the third is not in the project. */
function cocoFile(cells: Uint8Array, dirt: Uint8Array) {
  const names = ['nuclei_crop_01.png', 'nuclei_crop_02.png', 'elsewhere.png']
  return {
    images: names.map((name, i) => ({ id: i + 1, file_name: name, width: WIDTH, height: HEIGHT })),
    categories: [
      { id: 1, name: 'cell' },
      { id: 2, name: 'dirt' }
    ],
    annotations: [cells, dirt].map((mask, i) => ({
      ...{ id: i + 1, image_id: 1, category_id: i + 1, iscrowd: 0 },
      segmentation: segmentationOf(mask)
    }))
  }
}
