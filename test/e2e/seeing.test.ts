import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flatten, maskOf } from '#core/mask/tiles'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { encode } from '../fixtures/images'
import { chooseFiles, expectAccessible, obstacle, openApp, type App } from './fixture'

/** Larger than its place in the window. */
const WIDTH = 1600
const HEIGHT = 900
/** A dark ground and a square on it that is hardly lighter. */
const GROUND = 6
const OBJECT = 30
const INSIDE = [800, 450] as const
const OUTSIDE = [700, 450] as const

let app: App
let page: Page

describe.skipIf(obstacle)(`seeing${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
    const files = ['dark-1.png', 'dark-2.png'].map((name) => join(app.home, name))
    for (const [i, file] of files.entries()) await writeFile(file, await darkPicture(i))
    await app.createProject('dark')
    await chooseFiles(page, 'Choose images…', files)
    await page.getByText('2 images added.').waitFor()
    await page.getByRole('heading', { name: 'dark-1.png' }).waitFor()
    await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
    await page.keyboard.press('Control+0')
    await page.getByRole('button', { name: 'Actual size, now 100 %' }).waitFor()
  })

  afterEach(() => app.close())

  test('a dark image becomes visible, channel by channel, and neither it nor its mask changes', async () => {
    await looks(INSIDE, [GROUND, OBJECT, GROUND])
    await page.keyboard.press('v')
    await page.getByRole('button', { name: 'Auto' }).click()
    await looks(INSIDE, [0, 255, 0])
    await looks(OUTSIDE, [0, 0, 0])
    await expectAccessible(page)

    await page.keyboard.press('c')
    await looks(INSIDE, [0, 0, 0])
    await page.keyboard.press('c')
    await looks(INSIDE, [255, 255, 255])
    const channel = page.getByRole('group', { name: 'Channel' })
    expect(await channel.getByRole('radio', { name: 'Green' }).isChecked()).toBe(true)

    // Gamma moves in between only, so that a black ground stays black.
    await page.getByLabel('Gamma').focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('1.10', { exact: true }).waitFor()
    await looks(INSIDE, [255, 255, 255])

    // What is painted under an adjusted look is what is saved.
    await page.keyboard.press('r')
    await drag([700, 400], [760, 440])
    await expect.poll(async () => (await pixel([730, 420]))[2]).toBeGreaterThan(100)
    await page.keyboard.press('Shift+H')
    await looks([730, 420], [0, 0, 0])
    await looks([700, 420], [55, 179, 255])
    await page.getByText('Orange', { exact: true }).click()
    await looks([700, 420], [255, 159, 28])
    await page.getByText('Saved', { exact: true }).waitFor()

    // It holds for the project's other images and after a reload, until one click resets it.
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: 'dark-2.png' }).waitFor()
    await page.keyboard.press('Control+0')
    await looks(INSIDE, [255, 255, 255])
    await page.reload()
    await page.getByRole('heading', { name: 'dark-1.png' }).waitFor()
    await page.keyboard.press('Control+0')
    await looks(INSIDE, [255, 255, 255])
    await page.getByRole('button', { name: 'Show the image as it is' }).click()
    await looks(INSIDE, [GROUND, OBJECT, GROUND])
    await page.getByRole('button', { name: 'Show the image as it is' }).waitFor({ state: 'detached' })
    expect(app.complaints).toEqual([])

    await app.stopHost()
    const painted = new Uint8Array(WIDTH * HEIGHT)
    for (let y = 400; y < 440; y++) painted.fill(1, y * WIDTH + 700, y * WIDTH + 760)
    expect(await maskInFile()).toEqual(flatten(maskOf(painted, WIDTH, HEIGHT)))
  })

  test('minimap, loupe and pixel grid', async () => {
    const map = page.getByRole('application', { name: 'Minimap' })
    const box = (await map.boundingBox())!
    // Its lower right corner comes into the middle, as far as the image reaches.
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2)
    await page.mouse.up()
    const quarter = WIDTH / 4
    await expect.poll(async () => (await pixel([800 - quarter, 450]))[1]).toBe(OBJECT)
    await map.focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(async () => (await pixel([800 - quarter, 450]))[1]).toBe(GROUND)
    await page.keyboard.press('n')
    await map.waitFor({ state: 'detached' })
    await page.keyboard.press('n')
    await map.waitFor()

    await page.keyboard.press('Control+f')
    await page.keyboard.press('Control+0')
    await page.keyboard.press('e')
    const [x, y] = await at([800, 450])
    await page.mouse.move(x, y)
    // 80 pixels from the middle is beside the square, through the loupe it is in it.
    await looks([880, 450], [GROUND, GROUND, GROUND])
    await page.keyboard.down('z')
    await looks([880, 450], [GROUND, OBJECT, GROUND])
    await page.keyboard.up('z')
    await looks([880, 450], [GROUND, GROUND, GROUND])

    await page.mouse.wheel(0, -300)
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -300)
    await page.getByRole('button', { name: /Actual size, now (?!100 %)\d{4} %/ }).waitFor()
    await expect.poll(() => shades()).toBeGreaterThan(1)
    await page.keyboard.press('Shift+G')
    await expect.poll(() => shades()).toBe(1)
    expect(app.complaints).toEqual([])
  })
})

/** A file of a dark picture; `serial` makes it another one than the others. */
function darkPicture(serial: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3).map((_, i) => {
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)]
    // The square is only in the green channel.
    return x >= 760 && x < 840 && y >= 410 && y < 490 && i % 3 === 1 ? OBJECT : GROUND
  })
  pixels[0] = GROUND + serial
  return encode('png', pixels, WIDTH, HEIGHT)
}

/** Where a pixel of the image lies when it is shown at actual size around the window's middle. */
async function at([x, y]: readonly [number, number]): Promise<[number, number]> {
  const box = (await canvas().boundingBox())!
  return [box.x + Math.round((box.width - WIDTH) / 2) + x, box.y + Math.round((box.height - HEIGHT) / 2) + y]
}

const canvas = () => page.getByRole('application', { name: 'dark-' })

/** Red, green and blue of the screen where a pixel of the image lies. */
async function pixel(place: readonly [number, number]): Promise<number[]> {
  const [x, y] = await at(place)
  const shot = await page.screenshot({ clip: { x: Math.floor(x), y: Math.floor(y), width: 1, height: 1 } })
  return [...(await sharp(shot).removeAlpha().raw().toBuffer())]
}

async function looks(place: readonly [number, number], colour: number[]): Promise<void> {
  await expect.poll(() => pixel(place)).toEqual(colour)
}

/** Different greens on a row of the screen in the middle of the canvas, away from the cursor. */
async function shades(): Promise<number> {
  const [x, y] = await at([830, 430])
  const shot = await page.screenshot({ clip: { x: Math.floor(x), y: Math.floor(y), width: 100, height: 1 } })
  const { data, info } = await sharp(shot).raw().toBuffer({ resolveWithObject: true })
  return new Set(data.filter((_, i) => i % info.channels === 1)).size
}

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...(await at(from)))
  await page.mouse.down()
  // The rectangle takes the pixels from the first to the last.
  await page.mouse.move(...(await at([to[0] - 1, to[1] - 1])))
  await page.mouse.up()
}

async function maskInFile(): Promise<Uint8Array> {
  const project = await openProject(app.projectFile('dark'))
  try {
    return flatten(loadMask(project, listImages(project)[0]!.id))
  } finally {
    project.close()
  }
}
