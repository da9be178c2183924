import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { levelOf } from '#core/learning/quantise'
import { suggestedMask } from '#core/learning/suggestedMask'
import { connectedComponents } from '#core/mask/components'
import { flatten } from '#core/mask/tiles'
import { openedProject } from '#main/api/opened'
import { importFolder } from '#main/exchange/import'
import { getImage, listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { listPredictions, readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { getRun } from '#main/store/runs'
import { drawSplits } from '#main/store/splits'
import { forkTrainer } from '#main/training/fork.node'
import { createTrainers } from '#main/training/trainers'
import { temporaryFolder } from '../fixtures/temporary'
import { expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

const folder = temporaryFolder()
const file = join(folder, 'cells.jaccard')

let app: App
let page: Page

describe.skipIf(obstacle)(`suggestions${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeAll(makeTrained)

  beforeEach(async () => {
    app = await openApp({ file })
    page = app.page
  })

  afterEach(() => app.close())

  test('a blob by a click, or the whole, each as one step; nothing before somebody looks', async () => {
    const toolbar = page.getByRole('toolbar', { name: 'Options of the tool' })
    const takeAll = toolbar.getByRole('button', { name: 'Take all' })
    await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
    expect(await predicted()).toEqual([])

    await page.keyboard.press('t')
    await expect.poll(() => takeAll.isEnabled(), { timeout: 60_000 }).toBe(true)
    await expectAccessible(page)
    const suggested = await suggestion()
    const blob = largestBlob(suggested)
    const at = await actualSize(suggested)
    await page.mouse.click(...at(blob.place))
    await maskIs(blob.pixels)

    await page.keyboard.press('Control+z')
    await maskIs(blob.pixels.map(() => 0))
    await page.keyboard.press('Shift+T')
    await maskIs(suggested.pixels)
    await page.keyboard.press('Control+z')
    await maskIs(blob.pixels.map(() => 0))

    // A stricter threshold suggests less; the run keeps its own.
    const threshold = toolbar.getByRole('slider', { name: 'Threshold' })
    await threshold.fill('250')
    await expect.poll(async () => (await takeAll.isEnabled()) && threshold.inputValue()).toBe('250')
    await takeAll.click()
    const strict = await suggestion(250)
    await maskIs(strict.pixels)
    expect(sum(strict.pixels)).toBeLessThan(sum(suggested.pixels))

    // What comes next was looked at ahead.
    await expect.poll(predicted).toEqual(unlabelled)
    expect(app.complaints).toEqual([])
  })
})

interface Suggested {
  width: number
  height: number
  pixels: Uint8Array
}

let runId: number
/** The first of them is on screen when the project is opened. */
let unlabelled: number[]

/** A project with a trained run, whose first three images are not labelled. */
async function makeTrained(): Promise<void> {
  const folders = { images: join(folder, 'images'), masks: join(folder, 'masks'), link: false }
  for (const kind of ['images', 'masks'] as const) {
    await mkdir(folders[kind])
    const paths = await nuclei(kind, 16)
    for (const path of kind === 'masks' ? paths.slice(3) : paths) {
      await copyFile(path, join(folders[kind], basename(path)))
    }
  }
  const project = await createProject(file)
  const opened = openedProject(project, createTrainers(forkTrainer))
  const { signal } = new AbortController()
  for await (const progress of importFolder(project, folders, signal)) void progress
  drawSplits(project)
  runId = opened.training.start({ ...DEFAULTS, engine: 'onnx-cpu', size: 64, steps: 60 })
  for await (const progress of opened.training.subscribe(runId, signal)) void progress
  unlabelled = listImages(project)
    .slice(0, 3)
    .map(({ id }) => id)
  await opened.close()
}

/** Looks into the project's file beside the host. */
async function inFile<T>(look: (project: Project) => T | Promise<T>): Promise<T> {
  const project = await openProject(file)
  try {
    return await look(project)
  } finally {
    project.close()
  }
}

/** Which of the images without labels the run has predicted. */
const predicted = () =>
  inFile((project) => listPredictions(project, runId).filter((id) => unlabelled.includes(id)))

/** What the stored prediction of the image on screen says, by default at the run's own threshold. */
const suggestion = (level?: number): Promise<Suggested> =>
  inFile(async (project) => {
    const { width, height } = getImage(project, unlabelled[0]!)
    const prediction = (await readPrediction(project, runId, unlabelled[0]!))!
    const chosen = level ?? levelOf(getRun(project, runId).threshold)
    return { width, height, pixels: flatten(suggestedMask(prediction, { width, height }, chosen)) }
  })

/** Its largest blob, and a pixel of it. */
function largestBlob({ width, height, pixels }: Suggested) {
  const { labels, sizes } = connectedComponents(pixels, width, height)
  expect(sizes.length).toBeGreaterThan(1)
  const largest = sizes.indexOf(Math.max(...sizes)) + 1
  const at = labels.indexOf(largest)
  return {
    place: [at % width, Math.floor(at / width)] as const,
    pixels: Uint8Array.from(labels, (label) => (label === largest ? 1 : 0))
  }
}

/** The saved mask of the image on screen becomes this. */
async function maskIs(pixels: Uint8Array): Promise<void> {
  const differing = () =>
    inFile((project) => {
      const mask = flatten(loadMask(project, unlabelled[0]!))
      return mask.reduce((count, value, at) => count + (value === pixels[at] ? 0 : 1), 0)
    })
  await expect.poll(differing, { timeout: 20_000 }).toBe(0)
}

/** Shows the image at 100 %; where in the window a pixel's middle is. */
async function actualSize({ width, height }: Suggested) {
  await page.keyboard.press('Control+0')
  const box = (await page.getByRole('application').boundingBox())!
  const left = box.x + Math.round((box.width - width) / 2)
  const top = box.y + Math.round((box.height - height) / 2)
  return ([x, y]: readonly [number, number]) => [left + x + 0.5, top + y + 0.5] as const
}

const sum = (pixels: Uint8Array) => pixels.reduce((total, value) => total + value, 0)
