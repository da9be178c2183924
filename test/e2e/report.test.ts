import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { openedProject } from '#main/api/opened'
import { importFolder } from '#main/exchange/import'
import { listImages, setSplit } from '#main/store/images'
import { createProject } from '#main/store/open'
import { drawSplits } from '#main/store/splits'
import { forkTrainer } from '#main/training/fork.node'
import { createTrainers } from '#main/training/trainers'
import { temporaryFolder } from '../fixtures/temporary'
import { expectAccessible, NUCLEI, obstacle, openApp, type App } from './fixture'

/** Images of the project; the others are left out of training. */
const IMAGES = 12
const STEPS = 24

const folder = temporaryFolder()
let app: App
let page: Page

describe.skipIf(obstacle)(`a report in the window${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeAll(async () => {
    const file = join(folder, 'cells.jaccard')
    await trainTwo(file)
    app = await openApp({ file })
    page = app.page
  })

  afterAll(() => app.close())

  test('shows what the network said while it learned, step by step, and writes it down', async () => {
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('button', { name: 'Train', exact: true })
      .click()
    await page.getByRole('button', { name: 'Report', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Report' })
    await expect.poll(() => dialog.getByRole('article').count(), { timeout: 60_000 }).toBe(2)
    const headings = await dialog.getByRole('heading', { level: 2 }).allInnerTexts()
    expect(headings[0]).toMatch(/^Run 1: .* · IoU/)
    expect(headings[1]).toMatch(/^Run 2: .* · Cross entropy/)
    await expectAccessible(page)

    const steps = dialog.getByRole('slider', { name: 'After step' })
    const picture = (what: string) =>
      dialog
        .locator('canvas', { hasText: `${what} by run 1` })
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
    const [late, mask] = [await picture('Probability'), await picture('Mask')]
    await steps.press('Home')
    expect(await steps.getAttribute('aria-valuetext')).toBe('1')
    await dialog.getByText('step 1 · IoU').first().waitFor()
    await expect.poll(() => picture('Probability')).not.toBe(late)
    expect(await picture('Mask')).toBe(mask)
    await steps.press('ArrowRight')
    expect(await steps.getAttribute('aria-valuetext')).toBe('2')

    const images = dialog.getByLabel('Validation image')
    const other = await images.locator('option').nth(1).getAttribute('value')
    await images.selectOption(other)
    await expect.poll(() => picture('Mask'), { timeout: 60_000 }).not.toBe(mask)

    const to = join(folder, 'report')
    await dialog.getByLabel('Folder for the report').fill(to)
    await dialog.getByRole('button', { name: 'Write report' }).click()
    await dialog.getByText('3 files').waitFor({ timeout: 60_000 })
    expect(readdirSync(to).sort()).toEqual(['report.html', 'samples.png', 'strip.png'])
    expect(readFileSync(join(to, 'report.html'), 'utf8')).toContain('Run 1: iou')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(app.complaints).toEqual([])
  })

  test('which opens from the disk and loads nothing', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`file://${join(folder, 'report', 'report.html')}`)
    expect(asked.filter((address) => !address.startsWith('data:'))).toHaveLength(1)
    const shown = await page.evaluate(() =>
      [...document.images].map(
        ({ complete, naturalWidth, width }) => complete && naturalWidth > 0 && width > 0
      )
    )
    expect(shown.length).toBeGreaterThan(20)
    expect(shown).not.toContain(false)
  })
})

/** A project of real images with a run for each loss. */
async function trainTwo(file: string): Promise<void> {
  const project = await createProject(file)
  const opened = openedProject(project, createTrainers(forkTrainer))
  const { signal } = new AbortController()
  try {
    const folders = { images: join(NUCLEI, 'images'), masks: join(NUCLEI, 'masks'), link: false }
    for await (const progress of importFolder(project, folders, signal)) void progress
    drawSplits(project)
    const ids = listImages(project).map(({ id }) => id)
    setSplit(project, ids.slice(0, IMAGES - 4), 'train')
    setSplit(project, ids.slice(IMAGES - 4, IMAGES), 'validation')
    setSplit(project, ids.slice(IMAGES), 'test')
    for (const loss of ['iou', 'xent'] as const) {
      const runId = opened.training.start({
        ...DEFAULTS,
        engine: 'onnx-cpu',
        loss,
        size: 32,
        steps: STEPS,
        batch: 4
      })
      for await (const event of opened.training.subscribe(runId, signal)) void event
    }
  } finally {
    await opened.close()
  }
}
