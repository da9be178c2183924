// `npm run screenshots`: walks through the real app as a newcomer does, from the first screen to a verified model in
// five clicks, and keeps what it saw in docs/screenshots.
import { ensureNode } from './ensure-node.mjs'

// The oldest that runs TypeScript as it is.
await ensureNode(22, 18)
const { spawn } = await import('node:child_process')
const { mkdir, mkdtemp, rm, writeFile } = await import('node:fs/promises')
const { tmpdir } = await import('node:os')
const { join } = await import('node:path')
const { createInterface } = await import('node:readline')
const { fileURLToPath } = await import('node:url')
const { chromium } = await import('playwright-core')
const { default: sharp } = await import('sharp')
const { ensureChromium } = await import('./ensure-chromium.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'docs', 'screenshots')
const SIZE = { width: 1440, height: 900 }
/** Of the sample's images the one to show with its mask. */
const SHOWN_IMAGE = 3
/** Training takes its time on a slow machine. */
const PATIENCE = 45 * 60_000

const binary = await ensureChromium()
if (binary === null) {
  console.error('The screenshots need a Chromium; set CHROME_PATH to one.')
  process.exit(1)
}

const home = await mkdtemp(join(tmpdir(), 'jaccard-screenshots-'))
const host = spawn(process.execPath, [join(root, 'bin', 'jaccard.mjs'), 'serve', '--port', '0'], {
  env: { ...process.env, JACCARD_HOME: home },
  stdio: ['ignore', 'pipe', 'inherit']
})
let browser
try {
  await mkdir(target, { recursive: true })
  const address = await printedAddress()
  browser = await chromium.launch({
    executablePath: binary,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  })
  await walk(await browser.newPage({ viewport: SIZE }), address)
} finally {
  await browser?.close()
  host.kill()
  await rm(home, { recursive: true, force: true })
}

async function walk(page, address) {
  let clicks = 0
  const click = async (button) => {
    await button.click({ timeout: PATIENCE })
    clicks++
  }
  const button = (name) => page.getByRole('button', { name, exact: true })
  const tab = (name) =>
    page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true })

  await page.addInitScript(() => localStorage.setItem('jaccard.tour', 'seen'))
  await page.goto(address)
  await page.getByRole('button', { name: /sample project/ }).waitFor()
  await keep(page, 'start')

  await click(page.getByRole('button', { name: /sample project/ }))
  await tab('Train').waitFor({ timeout: PATIENCE })
  const images = page.getByRole('navigation', { name: 'Images' }).getByRole('button')
  await images.nth(SHOWN_IMAGE).click()
  await keep(page, 'annotate')

  await click(tab('Train'))
  await click(page.getByLabel('Settings').getByRole('button', { name: /^Train/ }))
  const failure = page.getByRole('main').getByRole('alert')
  await button('Review predictions').or(failure).first().waitFor({ timeout: PATIENCE })
  if (await failure.isVisible()) throw new Error(await failure.innerText())
  await keep(page, 'train')

  await click(page.getByRole('main').getByRole('button', { name: 'Export', exact: true }))
  await click(button('Export and verify'))
  await page.getByText('Verified: the exported model').waitFor({ timeout: PATIENCE })
  console.log(`From the first screen to an exported, verified model: ${clicks} clicks.`)
  await keep(page, 'export')

  await tab('Review').click()
  await page.locator('canvas').first().waitFor({ timeout: PATIENCE })
  await keep(page, 'review')
  await page
    .getByRole('button', { name: /Look closely/ })
    .first()
    .click()
  await page.getByRole('dialog').locator('canvas').first().waitFor()
  await keep(page, 'review-closely')
}

/** Takes the picture once the page has come to rest, with few enough colours to be small. */
async function keep(page, name) {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  await page.mouse.move(SIZE.width / 2, SIZE.height - 4)
  await page.waitForTimeout(800)
  const png = sharp(await page.screenshot()).png({ palette: true, quality: 95, effort: 10 })
  const { data } = await png.toBuffer({ resolveWithObject: true })
  await writeFile(join(target, `${name}.png`), data)
  console.log(`${name}.png, ${Math.round(data.length / 1000)} kB`)
}

async function printedAddress() {
  for await (const line of createInterface({ input: host.stdout })) {
    const address = /http:\/\/\S+token=\S+/.exec(line)?.[0]
    if (address) {
      host.stdout.resume()
      return address
    }
  }
  throw new Error('The host ended without an address.')
}
