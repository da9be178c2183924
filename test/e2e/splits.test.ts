import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setSplit, listImageRecords } from '#main/store/images'
import { createProject } from '#main/store/open'
import { createRun, updateRun } from '#main/store/runs'
import { drawSplits } from '#main/store/splits'
import { trainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { addDisc } from '../fixtures/discs'
import { temporaryFolder } from '../fixtures/temporary'
import { saveRandomCheckpoint } from '../fixtures/trainedProject'
import { expectAccessible, obstacle, openApp, type App } from './fixture'

let app: App

/** A project with a run on eight pictures, and two more in the test set. */
async function projectFile(): Promise<string> {
  const file = join(temporaryFolder(), 'splits.jaccard')
  const project = await createProject(file)
  const ids: number[] = []
  for (let i = 0; i < 10; i++) ids.push(await addDisc(project, i + 1, { size: 64 }))
  setSplit(project, ids.slice(8), 'test')
  drawSplits(project)
  const run = createRun(project, {
    config: trainConfig.parse({ ...DEFAULTS, size: 32, engine: 'tfjs-wasm' }),
    versions: {},
    images: listImageRecords(project).flatMap(({ id, split, sha, revision }) =>
      split === 'train' || split === 'validation' ? [{ imageId: id, split, sha, revision }] : []
    )
  })
  saveRandomCheckpoint(project, run, 3)
  updateRun(project, run, {
    status: 'done',
    engine: 'tfjs-wasm',
    best: { threshold: 0.5, mIoU: 0.8, iou1: 0.7, iou0: 0.9, precision: 0.75, recall: 0.85 },
    bestStep: 300
  })
  project.close()
  return file
}

beforeAll(async () => {
  if (obstacle === null) app = await openApp({ file: await projectFile() })
})

afterAll(async () => {
  await app?.close()
})

const tab = (name: string) =>
  app.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true })

describe('splits in the window', () => {
  it('show what trains, validates and tests, and are drawn with other shares', async ({ skip }) => {
    if (obstacle !== null) skip(obstacle)
    const { page } = app
    await tab('Train').click()
    await page.getByRole('button', { name: 'Splits …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Splits' })
    const images = (split: string) =>
      dialog
        .getByRole('row', { name: new RegExp(`^${split}`) })
        .getByRole('cell')
        .first()
        .innerText()
    await dialog.getByRole('row', { name: /^Test/ }).waitFor()
    expect([await images('Training'), await images('Validation'), await images('Test')]).toEqual([
      '6',
      '2',
      '2'
    ])
    await dialog.getByText('2 images keep the split chosen for them.').waitFor()
    await expectAccessible(page)

    await dialog.getByLabel('Validation').fill('50')
    await dialog.getByRole('button', { name: 'Draw this way' }).click()
    await dialog.getByRole('button', { name: 'Draw again' }).waitFor()
    expect([await images('Training'), await images('Validation'), await images('Test')]).toEqual([
      '4',
      '4',
      '2'
    ])
    await dialog.getByText(/Run 1: \d images? in another split now/).waitFor()

    await dialog.getByLabel('Runs validate on').selectOption('One fold of a cross-validation')
    await dialog.getByLabel('Folds', { exact: true }).fill('4')
    await page.keyboard.press('Escape')
    await page.getByText('Validation (fold 1 of 4)').waitFor()
    expect(app.complaints).toEqual([])
  })

  it('keep the test set behind a button, and tell how often it was pressed', async ({ skip }) => {
    if (obstacle !== null) skip(obstacle)
    const { page } = app
    await tab('Review').click()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByRole('heading', { name: 'The test set is locked' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Look at the test set' }).click()
    await page.getByRole('button', { name: /^disc-10.png IoU/ }).waitFor()
    await page.getByRole('button', { name: /^disc-9.png IoU/ }).waitFor()
    await tab('Train').click()
    await page.getByRole('button', { name: 'Splits …' }).click()
    await page.getByText('The test set was looked at once.').waitFor()
    expect(app.complaints).toEqual([])
  })
})
