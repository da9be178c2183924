import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importFolder } from '#main/exchange/import'
import { createProject, openProject } from '#main/store/open'
import { listRaces } from '#main/store/races'
import { drawSplits } from '#main/store/splits'
import { writePictures } from '../fixtures/pictures'
import { temporaryFolder } from '../fixtures/temporary'
import { expectAccessible, obstacle, openApp, type App } from './fixture'

const folder = temporaryFolder()
const { images, masks } = await writePictures(folder, 12)

let app: App
let page: Page
let file: string
let number = 0

/** A project of generated pictures, all labelled. */
async function discs(): Promise<string> {
  const path = join(folder, `discs-${++number}.jaccard`)
  const project = await createProject(path)
  const signal = new AbortController().signal
  for await (const progress of importFolder(project, { images, masks, link: false }, signal)) void progress
  drawSplits(project)
  project.close()
  return path
}

describe.skipIf(obstacle)(`a race in the window${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    file = await discs()
    app = await openApp({ file })
    page = app.page
  })

  afterEach(() => app.close())

  test('goes from one button to the verdict, and from there into the review of each run', async () => {
    await settings(8)
    await page.getByRole('button', { name: 'Race two losses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Race two losses' })
    await dialog.getByLabel('Seeds').fill('2')
    await dialog.getByText('4 runs of UNet-xs at 32², 8 steps each').waitFor()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Start the race' }).click()

    await page.getByRole('heading', { name: /^Race 1: IoU against cross entropy/ }).waitFor()
    const verdict = page.getByRole('main').locator('p[role="status"]')
    await expect
      .poll(() => verdict.innerText(), { timeout: 180_000 })
      .toMatch(
        /0\.\d{3} mIoU for (IoU|cross entropy).* 95 % interval .* to .*, 2 seeds\.$|both score the same/
      )
    await page.getByRole('button', { name: 'Stop the race' }).waitFor({ state: 'detached' })

    const result = page.getByRole('region', { name: 'Result' })
    await result
      .getByRole('row', { name: /^mIoU 0\.\d{3} 0\.\d{3} [+−]0\.\d{3} [+−]\d\.\d{3} to [+−]\d\.\d{3}$/ })
      .waitFor()
    await result.getByRole('row', { name: /^Objects found .* of \d+ .* of \d+/ }).waitFor()
    await result.getByRole('row', { name: /^Recovered false negatives .* px .* px/ }).waitFor()
    const picture = page.getByRole('figure', { name: 'Validation mIoU' }).locator('figcaption')
    expect(await picture.textContent()).toMatch(
      /IoU 0\.\d{3}, cross entropy 0\.\d{3}\. Without learning: .*always background.* 0\.\d{3}/
    )
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Review run 2' }).click()
    await page.getByRole('slider', { name: /Threshold/ }).waitFor({ timeout: 60_000 })
    expect(await page.getByLabel('Run', { exact: true }).inputValue()).toBe('2')

    // The race is among the runs, and found again from there.
    await screen('Train')
    await page.getByRole('button', { name: 'All runs' }).click()
    await page.getByRole('button', { name: 'Run 4', exact: true }).waitFor()
    await page.getByRole('button', { name: /^Race 1: IoU against cross entropy/ }).click()
    await expect.poll(() => verdict.innerText()).toMatch(/2 seeds\.$/)
    expect(app.complaints).toEqual([])
  })

  test('that is stopped keeps what is done, and can go on', async () => {
    await settings(400)
    await page.getByRole('button', { name: 'Race two losses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Race two losses' })
    await dialog.getByLabel('Seeds').fill('1')
    await dialog.getByRole('button', { name: 'Start the race' }).click()
    // The first step is validated, so that there is a model to keep.
    const bar = page.getByRole('progressbar', { name: /^Run 1 of 2: IoU, seed 0, step (\d\d+|[2-9]) of 400/ })
    await bar.waitFor({ timeout: 120_000 })

    await page.getByRole('button', { name: 'Stop the race' }).click()
    await page.getByRole('button', { name: 'Go on' }).waitFor({ timeout: 60_000 })
    await page.getByText('No seed has finished with both losses').waitFor()
    await page.getByRole('button', { name: 'Review run 1' }).waitFor()
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Stop the race' }).waitFor()
    await bar.waitFor({ timeout: 120_000 })
    await app.stopHost()
    const project = await openProject(file)
    try {
      const [race] = listRaces(project)
      expect(race).toMatchObject({ status: 'interrupted', pairs: [] })
      expect(race!.runs.map(({ runId, status }) => [runId, status])).toEqual([
        [1, 'interrupted'],
        [null, null]
      ])
    } finally {
      project.close()
    }
  })
})

const screen = (name: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true }).click()

/** Small and short runs. */
async function settings(steps: number): Promise<void> {
  await screen('Train')
  await page.getByText(/Training\s*\d+ images/).waitFor()
  await page.getByText('Advanced settings').click()
  await page.getByLabel('Architecture', { exact: true }).selectOption('UNet-xs')
  await page.getByLabel('Input size').fill('32')
  await page.getByLabel('Steps', { exact: true }).fill(String(steps))
  await page.getByLabel(/^Batch/).fill('4')
  await page.getByLabel('Engine').selectOption('onnx-cpu')
}
