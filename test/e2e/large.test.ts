import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flatten } from '#core/mask/tiles'
import { isLarge } from '#core/picture/pyramid'
import { listImages } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import { openProject } from '#main/store/open'
import { chooseFiles, obstacle, openApp, type App } from './fixture'

/** Just above the limit: what is true of it is true of larger ones, which take longer to import. */
const [WIDTH, HEIGHT] = [6144, 4200]
/** The image is squares of this side, each of a colour of its own. */
const SQUARE = 64
/** Half of the brush's size at the first start. */
const RADIUS = 15

type Place = readonly [x: number, y: number]

let app: App
let page: Page
let requests: string[]

describe.skipIf(obstacle)(`a large image${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  beforeEach(async () => {
    app = await openApp()
    page = app.page
    requests = []
    page.on('request', (request) => requests.push(new URL(request.url()).pathname))
    const file = join(app.home, 'slide.tif')
    await writeFile(file, await squares())
    await app.createProject('slides')
    await chooseFiles(page, 'Choose images…', [file])
    await page.getByText('1 image added.').waitFor()
    await page.getByRole('toolbar', { name: 'Zoom' }).waitFor()
  })

  afterEach(() => app.close())

  test('is seen sharply at every zoom and place, and painted on exactly', async () => {
    expect(isLarge({ width: WIDTH, height: HEIGHT })).toBe(true)
    // As a whole, from tiles of a coarser level.
    for (const place of [
      [160, 160],
      [3040, 2080],
      [5600, 2900],
      [160, 4128]
    ] as const) {
      await looks(await whole(place), colourAt(place))
    }
    await page.getByText('Sharpening this large image…').waitFor({ state: 'detached' })

    // At actual size, to the pixel, on both sides of where four tiles meet.
    await page.keyboard.press('Control+0')
    await page.getByRole('button', { name: 'Actual size, now 100 %' }).waitFor()
    const middle: Place = [3072, 2100]
    for (const place of [
      [3071, 2047],
      [3072, 2047],
      [3071, 2048],
      [3072, 2048],
      [2815, 2111],
      [3200, 2112]
    ] as const) {
      await looks(await actual(place, middle), colourAt(place))
    }

    // Across tiles of the image and of the mask.
    await page.mouse.move(...(await actual([2960, 2040], middle)))
    await page.mouse.down()
    await page.mouse.move(...(await actual([3100, 2070], middle)), { steps: 4 })
    await page.mouse.up()
    await page.mouse.move(...(await actual([3072, 2200], middle)))
    await page.getByText('Saved', { exact: true }).waitFor()
    await expect.poll(async () => isPainted(await actual([3072, 2062], middle), [3072, 2062])).toBe(true)
    expect(await isPainted(await actual([3072, 2100], middle), [3072, 2100])).toBe(false)

    // From afar the stroke lies where it was painted.
    await page.keyboard.press('Control+f')
    await expect.poll(async () => isPainted(await whole([3030, 2055]), [3030, 2055])).toBe(true)
    expect(await isPainted(await whole([3030, 2208]), [3030, 2208])).toBe(false)

    // Through the loupe single pixels are seen.
    await page.mouse.move(...(await whole([160, 160])))
    await page.keyboard.down('z')
    await looks(await whole([160, 160], 100), colourAt([160 + 50, 160]))
    await page.keyboard.up('z')

    // The far corner, by the minimap.
    await page.keyboard.press('Control+0')
    const map = (await page.getByRole('application', { name: 'Minimap' }).boundingBox())!
    const last: Place = [6048, 4128]
    // Without its border.
    const [across, down] = [(map.width - 2) / WIDTH, (map.height - 2) / HEIGHT]
    await page.mouse.click(map.x + last[0] * across, map.y + last[1] * down)
    await looks(await actual(last, last), colourAt(last))

    expect(app.complaints).toEqual([])
    expect(requests.filter((path) => path.startsWith('/image/'))).toEqual([])
    expect(requests.filter((path) => path.startsWith('/tiles/')).length).toBeLessThan(90)

    await app.stopHost()
    expect((await maskInFile()).equals(capsule([2960, 2040], [3100, 2070]))).toBe(true)
  })
})

function colourAt([x, y]: Place): [number, number, number] {
  const [column, row] = [Math.floor(x / SQUARE), Math.floor(y / SQUARE)]
  return [column * 2, row * 3, (column * 37 + row * 91) % 200]
}

function squares(): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let y = 0; y < HEIGHT; y += SQUARE) {
    for (let x = 0; x < WIDTH; x += SQUARE) {
      const start = (y * WIDTH + x) * 3
      for (let i = 0; i < SQUARE; i++) pixels.set(colourAt([x, y]), start + i * 3)
    }
    const row = pixels.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3)
    for (let i = 1; i < SQUARE && y + i < HEIGHT; i++) pixels.set(row, (y + i) * WIDTH * 3)
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .tiff({ compression: 'lzw', tile: true, tileWidth: 256, tileHeight: 256 })
    .toBuffer()
}

const box = async () => (await page.getByRole('application', { name: 'slide.tif' }).boundingBox())!

/** Where a place of the image lies in the window while all of it is shown; moved to the right by pixels of the window. */
async function whole([x, y]: Place, moved = 0): Promise<[number, number]> {
  const { x: left, y: top, width, height } = await box()
  const scale = Math.min((width - 48) / WIDTH, (height - 48) / HEIGHT)
  return [
    left + (width - WIDTH * scale) / 2 + x * scale + moved,
    top + (height - HEIGHT * scale) / 2 + y * scale
  ]
}

/** Where a pixel of the image lies in the window at actual size with a place in its middle. */
async function actual([x, y]: Place, middle: Place): Promise<[number, number]> {
  const { x: left, y: top, width, height } = await box()
  return [left + Math.round(width / 2 - middle[0]) + x, top + Math.round(height / 2 - middle[1]) + y]
}

/** Red, green and blue of a pixel of the window. */
async function pixel([x, y]: Place): Promise<number[]> {
  const shot = await page.screenshot({ clip: { x: Math.floor(x), y: Math.floor(y), width: 1, height: 1 } })
  return [...(await sharp(shot).removeAlpha().raw().toBuffer())]
}

async function looks(place: Place, colour: number[]): Promise<void> {
  await expect.poll(() => pixel(place), { timeout: 60_000 }).toEqual(colour)
}

/** Whether the mask's colour lies over a place of the image. */
async function isPainted(place: Place, inImage: Place): Promise<boolean> {
  const blue = (await pixel(place))[2]!
  return blue > colourAt(inImage)[2] + 20
}

/** The pixels at most a radius from a straight way. */
function capsule([ax, ay]: Place, [bx, by]: Place): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT)
  const [dx, dy] = [bx - ax, by - ay]
  for (let y = Math.min(ay, by) - RADIUS; y <= Math.max(ay, by) + RADIUS; y++) {
    for (let x = Math.min(ax, bx) - RADIUS; x <= Math.max(ax, bx) + RADIUS; x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay]
      const share = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
      if (Math.hypot(px - share * dx, py - share * dy) <= RADIUS) pixels[y * WIDTH + x] = 1
    }
  }
  return pixels
}

async function maskInFile(): Promise<Buffer> {
  const project = await openProject(app.projectFile('slides'))
  try {
    return Buffer.from(flatten(loadMask(project, listImages(project)[0]!.id)))
  } finally {
    project.close()
  }
}
