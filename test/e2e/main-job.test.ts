import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openedProject } from '#main/api/opened'
import { openProject } from '#main/store/open'
import { findRun } from '#main/store/runs'
import { forkTrainer } from '#main/training/fork.node'
import { createTrainers } from '#main/training/trainers'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

const IMAGES = 16
const STEPS = 30
const SIZE = 64

let app: App
let page: Page

describe.skipIf(obstacle)(`the main job${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
  })

  afterEach(() => app.close())

  test('import, train, review and export: the model predicts in any page what it predicts in the app', async () => {
    await importLabelled()

    await screen('Train')
    await page.getByText(/Training\s*\d+ images/).waitFor()
    await page.getByText(/Your objects are .* px wide .* UNet-xs at \d+² can reach/).waitFor()
    await expectAccessible(page)
    await page.getByText('Advanced settings').click()
    await augmentationIsShown()
    await page.getByLabel('Input size').fill(String(SIZE))
    await page.getByLabel('Steps', { exact: true }).fill(String(STEPS))
    await page.getByRole('button', { name: 'Train', exact: true }).last().click()
    await curveHasPoints(2)

    // Nothing of the run is in the window: a reload takes nothing from it.
    await page.reload()
    await screen('Train')
    await page.getByRole('button', { name: 'Review predictions' }).waitFor({ timeout: 120_000 })
    await curveHasPoints(STEPS)
    const numbers = await page
      .getByRole('figure', { name: 'Validation mIoU' })
      .locator('figcaption')
      .innerText()
    expect(numbers).toMatch(/Without learning: .*always background.* 0\.\d{3}/)
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Review predictions' }).click()
    await thresholdMovesEverything()
    await page
      .getByRole('button', { name: /Look closely/ })
      .first()
      .click()
    await page.getByRole('dialog').locator('canvas').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Repair this mask' }).click()
    await page.getByRole('heading', { name: /^nuclei_crop_\d+\.png$/ }).waitFor()

    await screen('Export')
    const folder = join(app.home, 'in my page')
    await page.getByLabel('Folder', { exact: true }).fill(folder)
    await page.getByRole('button', { name: 'Export and verify' }).click()
    await page
      .getByText('Verified: the exported model predicts the same as the app')
      .waitFor({ timeout: 60_000 })
    await expectAccessible(page)
    expect(app.complaints).toEqual([])

    const [image] = await nuclei('images', 1)
    const inApp = await predictedByApp(image!)
    const inPage = await predictedInPage(folder, image!)
    expect(inPage).toHaveLength(SIZE * SIZE)
    expect(greatestDifference(inApp, inPage)).toBeLessThan(1e-4)
    // They do not agree for being flat.
    expect(Math.max(...inApp) - Math.min(...inApp)).toBeGreaterThan(0.01)
  })
})

const screen = (name: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true }).click()

/** Images and their masks through the window's own file choosers; all become complete. */
async function importLabelled(): Promise<void> {
  await app.createProject('cells')
  await chooseFiles(page, 'Choose images…', await nuclei('images', IMAGES))
  await page.getByText(`${IMAGES} images added.`).waitFor()
  await page.getByRole('button', { name: 'Add images or masks' }).click()
  await chooseFiles(page, 'Add masks…', await nuclei('masks', IMAGES))
  await page.getByRole('button', { name: `Import ${IMAGES} masks` }).click()
  await page.getByText(`${IMAGES} masks matched.`).waitFor()
}

/** The sheet of examples follows the sliders. */
async function augmentationIsShown(): Promise<void> {
  await page.getByText('What that looks like').click()
  const first = page
    .getByRole('img', { name: /variations of a training image/ })
    .locator('canvas')
    .first()
  const drawn = () => first.evaluate((element) => (element as HTMLCanvasElement).toDataURL())
  await expect.poll(drawn).not.toBe(await blank(first))
  const before = await drawn()
  await page.getByLabel('Turn').fill('90')
  await expect.poll(drawn).not.toBe(before)
  await expectAccessible(page)
  await page.getByLabel('Turn').fill('0')
}

/** A canvas of the same size on which nothing was drawn. */
const blank = (canvas: Locator) =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    return Object.assign(document.createElement('canvas'), { width, height }).toDataURL()
  })

/** The curve of the loss, as its summary tells it, has at least so many points. */
async function curveHasPoints(count: number): Promise<void> {
  const summary = page.getByRole('figure', { name: 'Loss' }).locator('figcaption')
  await expect
    .poll(async () => Number(/(\d+) points/.exec((await summary.textContent()) ?? '')?.[1] ?? 0), {
      timeout: 120_000
    })
    .toBeGreaterThanOrEqual(count)
}

/** Moves the threshold by keyboard, and sees masks, judgement and metrics follow; it is there after a reload. */
async function thresholdMovesEverything(): Promise<void> {
  const slider = page.getByRole('slider', { name: /Threshold/ })
  await slider.waitFor({ timeout: 60_000 })
  await expectAccessible(page)
  const picture = async (view: string) => {
    const canvas = page.locator('canvas', { hasText: `${view} of` }).first()
    await canvas.waitFor()
    return canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL())
  }
  const recall = () => page.getByText('Recall').locator('xpath=following-sibling::*').innerText()
  const drawn = async (view: string) => {
    await expect.poll(() => picture(view).then((data) => data.length)).toBeGreaterThan(0)
    return picture(view)
  }
  const [mask, judged] = [await drawn('Prediction'), await drawn('Judged')]
  const recalled = Number(await recall())

  await slider.press('Home')
  expect(await slider.getAttribute('aria-valuetext')).toBe('0.004')
  await expect.poll(() => picture('Prediction')).not.toBe(mask)
  await expect.poll(() => picture('Judged')).not.toBe(judged)
  await expect.poll(async () => Number(await recall())).toBeGreaterThan(recalled)

  for (let i = 0; i < 63; i++) await slider.press('ArrowRight')
  expect(await slider.getAttribute('aria-valuetext')).toBe('0.250')
  await screen('Train')
  await expect
    .poll(async () => {
      await page.reload()
      await screen('Review')
      return slider.getAttribute('aria-valuetext')
    })
    .toBe('0.250')
}

/** An image's probabilities `[size, size]`, by the project file that the window worked on, in another process. */
async function predictedByApp(image: string): Promise<Float32Array> {
  await app.stopHost()
  const opened = openedProject(await openProject(app.projectFile('cells')), createTrainers(forkTrainer))
  try {
    const { id } = findRun(opened.project, 'latest')
    const file = async () => ({ name: basename(image), bytes: await readFile(image) })
    for await (const { probabilities } of opened.predictions.files(id, [file])) return probabilities
    throw new Error('Nothing was predicted.')
  } finally {
    await opened.close()
  }
}

/** The same by a page that has nothing but the exported folder, behind a server that only hands out files. */
async function predictedInPage(folder: string, image: string): Promise<number[]> {
  const html =
    '<!doctype html><script src="model/tf.min.js"></script><script src="model/jaccard.js"></script>'
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url!, 'http://any/').pathname)
    const type =
      name === '' ? 'text/html' : name.endsWith('.js') ? 'text/javascript' : 'application/octet-stream'
    const file = name === basename(image) ? image : join(folder, name)
    const content = name === '' ? Promise.resolve(html) : readFile(file)
    content.then(
      (body) => response.setHeader('content-type', type).end(body),
      () => response.writeHead(404).end()
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  try {
    const other = await page.context().browser()!.newPage()
    await other.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return await other.evaluate(async (name) => {
      interface Loader {
        load(
          address: string
        ): Promise<{ predictFrame(picture: Blob): Promise<{ probabilities: Float32Array }> }>
      }
      const { Jaccard } = globalThis as unknown as { Jaccard: Loader }
      const model = await Jaccard.load('model/')
      const picture = await (await fetch(name)).blob()
      return Array.from((await model.predictFrame(picture)).probabilities)
    }, basename(image))
  } finally {
    server.close()
  }
}

function greatestDifference(a: Float32Array, b: number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
