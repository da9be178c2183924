import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flatten } from '#core/mask/tiles'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { chooseFiles, expectAccessible, nuclei, obstacle, openApp, type App } from './fixture'

/** Width and height of the images used here. */
const WIDTH = 384
const HEIGHT = 288
/** Half of the brush's size at the first start. */
const RADIUS = 15

let app: App
let page: Page

describe.skipIf(obstacle)(`annotate${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
  })

  afterEach(() => app.close())

  test('import, paint, undo, redo; all of it survives a restart of the host', async () => {
    await app.createProject('cells')
    await chooseFiles(page, 'Choose images…', await nuclei('images', 3))
    await page.getByText('3 images added.').waitFor()
    await expectAccessible(page)

    const canvas = await actualSize()
    await canvas.drag([100, 100], [220, 160])
    await canvas.drag([300, 50], [300, 50])
    await saved()
    const painted = union(capsule([100, 100], [220, 160]), capsule([300, 50], [300, 50]))
    await shareIs(painted)

    await page.keyboard.press('Control+z')
    await shareIs(capsule([100, 100], [220, 160]))
    await page.getByRole('button', { name: 'Redo' }).click()
    await shareIs(painted)
    await canvas.drag([150, 120], [170, 130], 'right')
    const rest = without(painted, capsule([150, 120], [170, 130]))
    await shareIs(rest)
    await saved()
    expect(app.complaints).toEqual([])

    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(rest)
    await app.startHost(app.projectFile('cells'))
    await shareIs(rest)
    await page.getByRole('button', { name: 'Undo' }).click()
    await shareIs(painted)
    await saved()
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(painted)
  })

  test('strokes painted faster than they are saved are all saved', async () => {
    await openWithImages(1)
    const canvas = await actualSize()
    const dabs = Array.from(
      { length: 24 },
      (_, i) => [20 + (i % 8) * 45, 40 + Math.floor(i / 8) * 90] as const
    )
    for (const dab of dabs) await canvas.drag(dab, dab)
    await saved()
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(union(...dabs.map((dab) => capsule(dab, dab))))
  })

  test('zoomed in, the brush paints where its ring is', async () => {
    await openWithImages(1)
    const canvas = await actualSize()
    const [x, y] = canvas.at([200, 100])
    await page.mouse.move(x, y)
    await page.getByRole('button', { name: 'Actual size, now 100 %' }).waitFor()
    await page.mouse.wheel(0, -400)
    // The image's point under the cursor stays there while the zoom glides.
    await page.getByRole('button', { name: 'Actual size, now 193 %' }).waitFor()
    await page.mouse.down()
    await page.mouse.up()
    await saved()
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(capsule([200, 100], [200, 100]))
  })

  test('Esc takes a stroke back, Space moves the image, X and the keys for the size change the brush', async () => {
    await openWithImages(1)
    const canvas = await actualSize()
    await page.mouse.move(...canvas.at([100, 100]))
    await page.mouse.down()
    await page.mouse.move(...canvas.at([200, 100]), { steps: 5 })
    await page.keyboard.press('Escape')
    await page.mouse.up()

    await page.keyboard.down('Space')
    await canvas.drag([100, 100], [140, 130])
    await page.keyboard.up('Space')
    const moved = canvas.movedBy(40, 30)
    await page.keyboard.press('[')
    await page.getByText('26 px').waitFor()
    await moved.drag([60, 60], [60, 60])
    await page.keyboard.press('x')
    expect(await page.getByRole('button', { name: 'Eraser' }).getAttribute('aria-pressed')).toBe('true')
    await moved.drag([60, 60], [66, 60])
    await page.keyboard.press('Control+z')
    await shareIs(capsule([60, 60], [60, 60], 13))
    await saved()
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(capsule([60, 60], [60, 60], 13))
  })

  test('by keyboard alone: Tab to the canvas, arrow keys move the pointer, Space paints', async () => {
    await openWithImages(2)
    const [left, top] = (await actualSize()).at([0, 0])
    const box = (await page.getByRole('application').boundingBox())!
    const onCanvas = () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'application')
    for (let i = 0; i < 60 && !(await onCanvas()); i++) await page.keyboard.press('Tab')
    expect(await onCanvas()).toBe(true)
    await expectAccessible(page)
    await page.keyboard.down('Space')
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
    await page.keyboard.up('Space')
    // The arrow keys did not go on to another image, and Enter means what it always means.
    await current('nuclei_crop_01.png')
    await saved()
    await page.keyboard.press('Enter')
    await current('nuclei_crop_02.png')
    expect(app.complaints).toEqual([])
    await app.stopHost()

    // It began on the pixel in the middle of the window.
    const [x, y] = [
      Math.floor(box.x + box.width / 2 - left) + 0.5,
      Math.floor(box.y + box.height / 2 - top) + 0.5
    ]
    expect(await maskInFile('cells', 0)).toEqual(
      union(capsule([x, y], [x + 20, y]), capsule([x + 20, y], [x + 20, y + 10]))
    )
  })

  test('polygon, rectangle, lasso and fill are exact to the pixel, each one step of undo', async () => {
    await openWithImages(1)
    const canvas = await actualSize()
    await page.keyboard.press('p')
    await canvas.clickThrough([50, 50], [150, 50], [150, 120])
    await page.mouse.dblclick(...canvas.at([50, 120]))
    await shareIs(box([50, 50], [150, 120]))
    // Enter closes what is half drawn; the image stays unfinished.
    await canvas.clickThrough([20, 20], [40, 20], [40, 40], [20, 40])
    await page.keyboard.press('Enter')
    await page.getByText('In progress', { exact: true }).waitFor()
    await page.keyboard.press('r')
    await canvas.drag([80, 70], [99, 89], 'right')
    await page.keyboard.press('l')
    await canvas.draw([200, 50], [300, 50], [300, 150], [200, 150])
    await page.keyboard.press('f')
    await page.getByText('Unknown', { exact: true }).click()
    await page.mouse.click(...canvas.at([90, 80]))
    const hole = box([80, 70], [100, 90])
    const foreground = union(box([50, 50], [150, 120]), box([20, 20], [40, 40]), box([200, 50], [300, 150]))
    const painted = foreground.map((value, i) => (hole[i] ? 2 : value))
    await shareIs(painted)
    for (let step = 0; step < 5; step++) await page.keyboard.press('Control+z')
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(false)
    await shareIs(new Uint8Array(WIDTH * HEIGHT))
    for (let step = 0; step < 5; step++) await page.keyboard.press('Control+Shift+z')
    await shareIs(painted)
    await saved()
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(painted)
  })

  test('a square brush, lines by Shift-click, two fingers; what was set is remembered', async () => {
    await openWithImages(1)
    const canvas = await actualSize()
    await page.getByText('Square', { exact: true }).click()
    await page.mouse.click(...canvas.at([100, 100]))
    await page.keyboard.down('Shift')
    await page.mouse.click(...canvas.at([200, 100]))
    await page.keyboard.up('Shift')
    const line = box([85, 85], [215, 115])
    await shareIs(line)

    const devtools = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: Place[]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map((place, id) => ({ x: canvas.at(place)[0], y: canvas.at(place)[1], id }))
      })
    await touch('touchStart', [150, 200])
    await touch('touchStart', [150, 200], [250, 200])
    await touch('touchMove', [100, 200], [300, 200])
    await touch('touchEnd')
    await page.getByRole('button', { name: 'Actual size, now 200 %' }).waitFor()
    await page.keyboard.press('e')
    await saved()

    await page.reload()
    await current('nuclei_crop_01.png')
    expect(await page.getByRole('button', { name: 'Eraser' }).getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByRole('radio', { name: 'Square' }).isChecked()).toBe(true)
    await shareIs(line)
    await app.stopHost()
    expect(await maskInFile('cells', 0)).toEqual(line)
  })

  test('complete and confirmed empty go on to the next unfinished image', async () => {
    await openWithImages(3)
    const canvas = await actualSize()
    await canvas.drag([100, 100], [200, 100])
    await page.keyboard.press('0')
    await page.getByText(/has foreground painted on it: erase it first/).waitFor()
    await current('nuclei_crop_01.png')
    await page.keyboard.press('Enter')
    await current('nuclei_crop_02.png')
    await page.getByRole('button', { name: 'Confirm empty' }).click()
    await current('nuclei_crop_03.png')
    await page.keyboard.press('a')
    await current('nuclei_crop_02.png')
    await page.getByText('Confirmed empty:').waitFor()
    await page.keyboard.press('Shift+D')
    await current('nuclei_crop_03.png')
    await page.keyboard.press('Enter')
    await page.getByText('Every image is labelled. Go on to Train.').waitFor()
    const strip = page.getByRole('navigation', { name: 'Images' })
    await expect
      .poll(() => strip.getByRole('button', { name: /: (Complete|Confirmed empty)/ }).count())
      .toBe(3)
  })

  test('what cannot be read is listed with its reason, masks find their images, the rest is in', async () => {
    await app.createProject('cells')
    const bad = join(app.home, 'holiday.jpg')
    await writeFile(bad, 'This is no picture.')
    const images = await nuclei('images', 4)
    await chooseFiles(page, 'Choose images…', [...images, bad])
    const report = page.getByRole('region', { name: 'Import' })
    await report.getByText('4 images added.').waitFor()
    await report.getByText('1 file left out').waitFor()
    expect(await report.getByRole('listitem').innerText()).toMatch(/holiday\.jpg.* is not a .* image/)
    await expectAccessible(page)
    await report.getByRole('button', { name: 'Close the report' }).click()

    await page.getByRole('button', { name: 'Add images or masks' }).click()
    await expectAccessible(page)
    await chooseFiles(page, 'Add masks…', await nuclei('masks', 4))
    await page.getByRole('button', { name: 'Import 4 masks' }).click()
    await page.getByText('4 masks matched.').waitFor()
    const strip = page.getByRole('navigation', { name: 'Images' })
    await expect
      .poll(() => strip.getByRole('button', { name: /: (Complete|Confirmed empty)/ }).count())
      .toBe(4)
    await page.getByText('Complete: everything that is not painted is background.').waitFor()
  })

  test('a dropped folder brings images and masks; imported masks can be painted on and undone', async () => {
    const folder = join(app.home, 'cells')
    for (const kind of ['images', 'masks'] as const) {
      await mkdir(join(folder, kind), { recursive: true })
      for (const file of await nuclei(kind, 2)) await copyFile(file, join(folder, kind, basename(file)))
    }
    await app.createProject('cells')
    await drop(folder)
    await page.getByRole('button', { name: 'Import 2 masks' }).click()
    await page.getByText('2 images added, 2 masks matched.').waitFor()
    await current('nuclei_crop_01.png')
    await page.getByText('Complete: everything that is not painted is background.').waitFor()
    const canvas = await actualSize()
    await canvas.drag([20, 260], [380, 260])
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true)
    await saved()
    await app.stopHost()
    const painted = await maskInFile('cells', 0)
    const stroke = capsule([20, 260], [380, 260])
    const imported = without(painted, stroke)
    expect(stroke.every((value, i) => value <= painted[i]!)).toBe(true)

    await app.startHost(app.projectFile('cells'))
    await shareIs(painted)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.keyboard.press('Control+z')
    await shareIs(new Uint8Array(WIDTH * HEIGHT))
    await page.keyboard.press('Control+y')
    await saved()
    await app.stopHost()
    expect(without(await maskInFile('cells', 0), stroke)).toEqual(imported)
  })

  test('every screen opens by its key, the keys sheet by ?, and typing is no command', async () => {
    await openWithImages(1)
    for (const [key, name] of [
      ['2', 'Train'],
      ['3', 'Review'],
      ['4', 'Export'],
      ['1', 'Annotate']
    ] as const) {
      await page.keyboard.press(key)
      await page
        .getByRole('navigation', { name: 'Screens' })
        .locator(`[aria-current]:text-is("${name}")`)
        .waitFor()
    }
    await page.keyboard.press('h')
    await page.getByRole('button', { name: 'Show the mask' }).waitFor()
    await page.keyboard.press('h')
    await page.getByRole('button', { name: 'Hide the mask' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('2')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Brush' }).waitFor()
    await page.getByRole('button', { name: 'Light theme' }).click()
    await expectAccessible(page)
    expect(app.complaints).toEqual([])
  })
})

async function openWithImages(count: number): Promise<void> {
  await app.createProject('cells')
  await chooseFiles(page, 'Choose images…', await nuclei('images', count))
  await page.getByText(`${count === 1 ? '1 image' : `${count} images`} added.`).waitFor()
  await current('nuclei_crop_01.png')
}

/** Drops a file or folder of this machine onto the window. */
async function drop(path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  }
}

const current = (name: string) => page.getByRole('heading', { name }).waitFor()
const saved = () => page.getByText('Saved', { exact: true }).waitFor()

type Place = readonly [x: number, y: number]

/** Shows the image at 100 %, so that a step of the mouse is a pixel of the image. */
async function actualSize() {
  await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
  await page.keyboard.press('Control+0')
  const box = (await page.getByRole('application').boundingBox())!
  return canvasAt(box.x + Math.round((box.width - WIDTH) / 2), box.y + Math.round((box.height - HEIGHT) / 2))
}

function canvasAt(left: number, top: number) {
  const at = ([x, y]: Place) => [left + x, top + y] as const
  return {
    at,
    movedBy: (dx: number, dy: number) => canvasAt(left + dx, top + dy),
    async drag(from: Place, to: Place, button: 'left' | 'right' = 'left') {
      await page.mouse.move(...at(from))
      await page.mouse.down({ button })
      await page.mouse.move(...at(to))
      await page.mouse.up({ button })
    },
    async clickThrough(...places: Place[]) {
      for (const place of places) await page.mouse.click(...at(place))
    },
    /** Presses at the first place, goes through the others, lets go. */
    async draw(from: Place, ...way: Place[]) {
      await page.mouse.move(...at(from))
      await page.mouse.down()
      for (const place of way) await page.mouse.move(...at(place))
      await page.mouse.up()
    }
  }
}

/** The foreground share on screen, of what is known, is that of this mask. */
async function shareIs(mask: Uint8Array): Promise<void> {
  const count = (value: number) => mask.filter((one) => one === value).length
  const share = (count(1) / (mask.length - count(2))) * 100
  await page.getByText(`${share.toFixed(share > 0 && share < 1 ? 2 : 1)}\u00a0%`, { exact: true }).waitFor()
}

/** What the file of a project holds as the mask of its image `index`; no host may have it open. */
async function maskInFile(name: string, index: number): Promise<Uint8Array> {
  const project = await openProject(app.projectFile(name))
  try {
    return flatten(loadMask(project, listImages(project)[index]!.id))
  } finally {
    project.close()
  }
}

/** The pixels from one corner to the other, that one's row and column left out. */
function box([left, top]: Place, [right, bottom]: Place): Uint8Array {
  return new Uint8Array(WIDTH * HEIGHT).map((_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
    return x >= left && x < right && y >= top && y < bottom ? 1 : 0
  })
}

/** The pixels whose centres are at most `radius` from the segment, by the plain formula. */
function capsule(from: Place, to: Place, radius = RADIUS): Uint8Array {
  const mask = new Uint8Array(WIDTH * HEIGHT)
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length2 = dx * dx + dy * dy
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]]
      const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2))
      if ((px - t * dx) ** 2 + (py - t * dy) ** 2 <= radius * radius) mask[y * WIDTH + x] = 1
    }
  }
  return mask
}

function union(...masks: Uint8Array[]): Uint8Array {
  return masks[0]!.map((_, i) => (masks.some((mask) => mask[i] === 1) ? 1 : 0))
}

function without(mask: Uint8Array, removed: Uint8Array): Uint8Array {
  return mask.map((value, i) => (removed[i] ? 0 : value))
}
