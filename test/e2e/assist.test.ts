import sharp from 'sharp'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Picture } from '#core/mask/assist/picture'
import { reshape } from '#core/mask/assist/reshape'
import { createWand } from '#core/mask/assist/wand'
import { flatten } from '#core/mask/tiles'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

const WIDTH = 384
const HEIGHT = 288
/** A place in a nucleus of the first image, and one beside it. */
const NUCLEUS = [205, 130] as const
const GROUND = [30, 150] as const

let app: App
let page: Page

describe.skipIf(obstacle)(`tools that compute${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
  })

  afterEach(() => app.close())

  test('wand, reshape, superpixels and smart fill paint what they show, each as one step of undo', async () => {
    const [file] = await nuclei('images', 1)
    await app.createProject('cells')
    await chooseFiles(page, 'Choose images…', [file!])
    await page.getByText('1 image added.').waitFor()
    const at = await actualSize()

    // A press, and a drag to the right that takes more.
    await page.keyboard.press('w')
    await page.mouse.move(...at(NUCLEUS))
    await page.mouse.down()
    await page.mouse.move(...at([NUCLEUS[0] + 30, NUCLEUS[1]]))
    await page.getByLabel('Tolerance').waitFor()
    expect(await page.getByLabel('Tolerance').inputValue()).toBe('34')
    await expectAccessible(page)
    await page.mouse.up()
    const wand = await wandAt(file!, NUCLEUS, 34)
    await shareIs(wand)

    await page.keyboard.press('m')
    await page.getByText('Grow', { exact: true }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    const grown = reshape(wand, WIDTH, HEIGHT, { kind: 'grow', amount: 2 })
    await shareIs(grown)
    await page.keyboard.press('Control+z')
    await shareIs(wand)

    // What a superpixel adds, Alt takes away again.
    await page.keyboard.press('s')
    const empty = new Uint8Array(WIDTH * HEIGHT)
    await page.keyboard.press('Control+z')
    await shareIs(empty)
    await page.mouse.click(...at(NUCLEUS))
    await shareIsNot(empty)
    await page.keyboard.down('Alt')
    await page.mouse.click(...at(NUCLEUS))
    await page.keyboard.up('Alt')
    await shareIs(empty)

    await page.keyboard.press('g')
    await drag(at, [NUCLEUS[0] - 8, NUCLEUS[1]], [NUCLEUS[0] + 8, NUCLEUS[1]])
    await page.keyboard.down('Alt')
    await drag(at, GROUND, [GROUND[0], GROUND[1] + 60])
    await page.keyboard.up('Alt')
    await page.keyboard.press('Enter')
    await shareIsNot(empty)
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(app.complaints).toEqual([])
    await app.stopHost()
    const filled = await maskInFile('cells')
    expect(filled[NUCLEUS[1] * WIDTH + NUCLEUS[0]]).toBe(1)
    expect(filled[GROUND[1] * WIDTH + GROUND[0]]).toBe(0)
  })
})

type Place = readonly [x: number, y: number]

/** Shows the image at 100 %; where in the window a pixel's middle is. */
async function actualSize(): Promise<(place: Place) => Place> {
  await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
  await page.keyboard.press('Control+0')
  const box = (await page.getByRole('application').boundingBox())!
  const left = box.x + Math.round((box.width - WIDTH) / 2)
  const top = box.y + Math.round((box.height - HEIGHT) / 2)
  return ([x, y]) => [left + x + 0.5, top + y + 0.5]
}

async function drag(at: (place: Place) => Place, from: Place, to: Place): Promise<void> {
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at(to), { steps: 4 })
  await page.mouse.up()
}

function shareOf(mask: Uint8Array): string {
  const share = (mask.reduce((sum, value) => sum + value, 0) / mask.length) * 100
  return `${share.toFixed(share > 0 && share < 1 ? 2 : 1)}\u00a0%`
}

/** The foreground share on screen is that of this mask. */
const shareIs = (mask: Uint8Array) => page.getByText(shareOf(mask), { exact: true }).waitFor()
const shareIsNot = (mask: Uint8Array) =>
  page.getByText(shareOf(mask), { exact: true }).waitFor({ state: 'detached' })

/** What the wand takes, computed from the file. */
async function wandAt(file: string, [x, y]: Place, tolerance: number): Promise<Uint8Array> {
  const { data } = await sharp(file)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picture: Picture = { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(data) }
  const { pixels, ...area } = createWand(picture, x, y, true).reach(tolerance)
  const mask = new Uint8Array(WIDTH * HEIGHT)
  pixels.forEach((bit, i) => {
    mask[(area.y + Math.floor(i / area.width)) * WIDTH + area.x + (i % area.width)] = bit
  })
  return mask
}

async function maskInFile(name: string): Promise<Uint8Array> {
  const project = await openProject(app.projectFile(name))
  try {
    return flatten(loadMask(project, listImages(project)[0]!.id))
  } finally {
    project.close()
  }
}
