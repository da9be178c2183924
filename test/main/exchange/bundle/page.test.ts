import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { bundleContents } from '#main/exchange/bundle/contents'
import { writeBundle } from '#main/exchange/bundle/folder'
import { loadSharp } from '#main/images/sharp.node'
import { encode } from '../../../fixtures/images'
import { buildWebParts, redFinder } from '../../../fixtures/models'
import { temporaryFolder } from '../../../fixtures/temporary'

const [WIDTH, HEIGHT] = [128, 96]
/** The red rectangle, on the grid of the network's square so that no pixel of that is a mixture. */
const [LEFT, TOP, RIGHT, BOTTOM] = [32, 24, 80, 72]
/** Stretching a prediction back over the picture makes edges soft; this far from them all is certain. */
const SOFT = 2

const executablePath = await findBrowser()
let browser: Browser
let folder: string
let picture: string
let bundle: Map<string, Uint8Array>

beforeAll(async () => {
  if (!executablePath) return
  ;({ bundle } = await buildWebParts())
  folder = await writeBundle(
    join(temporaryFolder(), 'model'),
    await bundleContents(redFinder(2), 'none', bundle)
  )
  const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)]
    const red = x >= LEFT && x < RIGHT && y >= TOP && y < BOTTOM
    return [red ? 220 : 40, red ? 40 : 200, 90][i % 3]!
  })
  picture = join(temporaryFolder(), 'square.png')
  await writeFile(picture, await encode('png', pixels, WIDTH, HEIGHT))
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync'
    ]
  })
})

afterAll(() => browser?.close())

/** A page that notes every fault and every request that leaves the folder. */
async function open(address: string): Promise<{ page: Page; faults: string[]; requests: string[] }> {
  const page = await browser.newPage()
  const faults: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(address)
  return { page, faults, requests }
}

async function savedMask(
  page: Page
): Promise<{ name: string; mask: Uint8Array; width: number; height: number }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save mask').click()])
  const { data, info } = await loadSharp()(await readFile(await download.path()))
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { name: download.suggestedFilename(), mask: data, width: info.width, height: info.height }
}

/** Certain pixels have to be right; of the soft edge none may lie outside of its band. */
function expectRectangle(mask: Uint8Array): void {
  let certain = 0
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside = Math.min(x - LEFT, RIGHT - 1 - x, y - TOP, BOTTOM - 1 - y)
      if (inside >= SOFT || inside <= -1 - SOFT) {
        certain++
        if (mask[y * WIDTH + x] !== (inside > 0 ? 255 : 0)) expect.fail(`The pixel (${x}, ${y}) is wrong.`)
      }
    }
  }
  expect(certain).toBeGreaterThan(0.9 * WIDTH * HEIGHT)
}

describe('the page of an exported model', () => {
  it('opened from disk finds the mask of a picture, without a network', async ({ skip }) => {
    skip(!executablePath, INSTALL_BROWSER)
    const { page, faults, requests } = await open(pathToFileURL(join(folder, 'index.html')).href)
    await expect.poll(() => page.title()).toBe('Nuclei · Jaccard')
    await page.getByLabel('Drop a picture here').setInputFiles(picture)
    await page.getByText('% foreground').waitFor()
    const share = (100 * (RIGHT - LEFT) * (BOTTOM - TOP)) / (WIDTH * HEIGHT)
    const status = (await page.getByRole('status').textContent())!
    expect(Math.abs(Number.parseFloat(status) - share)).toBeLessThan(2)
    expect(status).toContain(`${WIDTH} × ${HEIGHT} pixels`)

    const { name, mask, width, height } = await savedMask(page)
    expect([name, width, height]).toEqual(['square-mask.png', WIDTH, HEIGHT])
    expectRectangle(mask)

    // The network is nearly certain everywhere, so only an extreme threshold empties the mask.
    await page.getByLabel('Threshold').fill('0.99609375')
    await expect
      .poll(async () => Number.parseFloat((await page.getByRole('status').textContent())!))
      .toBeLessThan(share)
    await page.getByRole('button', { name: 'Hide mask' }).click()
    expect(await page.getByRole('img', { name: 'Mask' }).isVisible()).toBe(false)
    await page.keyboard.press('h')
    expect(await page.getByRole('img', { name: 'Mask' }).isVisible()).toBe(true)

    expect(faults).toEqual([])
    expect(requests.filter((address) => !/^(file|data|blob):/.test(address))).toEqual([])
    await page.close()
  })

  it('of a model that was trained on crops finds the mask to the pixel, tile by tile', async ({ skip }) => {
    skip(!executablePath, INSTALL_BROWSER)
    const target = join(temporaryFolder(), 'crops')
    await writeBundle(target, await bundleContents({ ...redFinder(1), crop: 64 }, 'none', bundle))
    const { page, faults } = await open(pathToFileURL(join(target, 'index.html')).href)
    await page.getByLabel('Drop a picture here').setInputFiles(picture)
    await page.getByText('% foreground').waitFor()
    expect(await page.getByText('64 × 64').count()).toBe(2)
    const { mask } = await savedMask(page)
    const wrong = mask.filter((value, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
      const red = x >= LEFT && x < RIGHT && y >= TOP && y < BOTTOM
      return value !== (red ? 255 : 0)
    })
    expect(wrong).toHaveLength(0)
    expect(faults).toEqual([])
    await page.close()
  })

  it('says in one sentence that a file is no picture, and goes on', async ({ skip }) => {
    skip(!executablePath, INSTALL_BROWSER)
    const { page } = await open(pathToFileURL(join(folder, 'index.html')).href)
    const text = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') }
    await page.getByLabel('Drop a picture here').setInputFiles(text)
    await page.getByText('The browser cannot read this file as a picture.').waitFor()
    await page.getByLabel('Drop a picture here').setInputFiles(picture)
    await page.getByText('% foreground').waitFor()
    await page.close()
  })
})

/** A site of somebody who pasted the readme's code, under a content security policy as strict as it can be. */
const SITE: Record<string, [type: string, content: string]> = {
  '/': [
    'text/html',
    `<!doctype html><title>a page</title>
     <script src="model/tf.min.js"></script>
     <script src="model/jaccard.js"></script>
     <script type="module" src="app.js"></script>`
  ],
  '/app.js': [
    'text/javascript',
    `import { load } from './model/jaccard.mjs'
     globalThis.maskOf = async (picture, way) =>
       [...(await (await (way === 'module' ? load : Jaccard.load)('model/')).predict(picture)).mask]
     document.title = 'ready'`
  ]
}
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:"
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.html': 'text/html'
}

describe('the code of the readme', () => {
  let server: Server
  let address: string

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://host')
      const [type, content] = SITE[pathname] ?? [TYPES[extname(pathname)] ?? 'application/octet-stream', null]
      void Promise.resolve(content ?? readFile(join(folder, pathname.replace('/model/', '')))).then(
        (body) =>
          response
            .writeHead(200, { 'content-type': type, ...(content && { 'content-security-policy': POLICY }) })
            .end(body),
        () => response.writeHead(404).end()
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterAll(() => server.close())

  it('works with script tags and as a module, for files and elements, under a strict policy', async ({
    skip
  }) => {
    skip(!executablePath, INSTALL_BROWSER)
    const { page, faults } = await open(address)
    await expect.poll(() => page.title()).toBe('ready')
    const source = `data:image/png;base64,${(await readFile(picture)).toString('base64')}`
    const [ofFile, ofElement] = await page.evaluate(async (source) => {
      const { maskOf } = globalThis as unknown as {
        maskOf(picture: Blob | HTMLImageElement, way: 'module' | 'script'): Promise<number[]>
      }
      const image = new Image()
      image.src = source
      const blob = new Blob([Uint8Array.from(atob(source.split(',')[1]!), (letter) => letter.charCodeAt(0))])
      return [await maskOf(blob, 'module'), await maskOf(image, 'script')]
    }, source)
    expectRectangle(Uint8Array.from(ofFile!, (value) => 255 * value))
    expect(ofElement).toEqual(ofFile)
    expect(faults).toEqual([])
    await page.close()
  })

  it('opens the page from a server too', async ({ skip }) => {
    skip(!executablePath, INSTALL_BROWSER)
    const { page, faults } = await open(`${address}model/index.html`)
    await page.getByLabel('Drop a picture here').setInputFiles(picture)
    await page.getByText('% foreground').waitFor()
    expectRectangle((await savedMask(page)).mask)
    expect(faults).toEqual([])
    await page.close()
  })
})
