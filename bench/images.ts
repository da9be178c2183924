// `npm run bench:images`: how a project of many images opens, and how its strip and its overview scroll, in Chromium.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { maskOf } from '#core/mask/tiles'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { encodeRgbPng } from '#main/images/encode'
import { insertImage, listImages, setState, sha256 } from '#main/store/images'
import { replaceMask } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { startHost } from '../test/e2e/fixture'

const IMAGES = Number(process.argv[2] ?? 10_000)
const EDGE = 192
/** Frames of a scroll through one list. */
const FRAMES = 240
/** Pixels a frame: a person who looks, one who turns the wheel, one who drags the bar. */
const SPEEDS = { look: 8, wheel: 60, drag: 1200 }

/** A project of so many small pictures, two thirds of them labelled; made once and kept in the temporary folder. */
async function projectFile(folder: string): Promise<string> {
  const file = join(folder, `many-${IMAGES}.jaccard`)
  if (existsSync(file)) return file
  const partial = join(folder, `making-${IMAGES}.jaccard`)
  await rm(partial, { force: true })
  const project = await createProject(partial)
  project.run('PRAGMA synchronous = OFF')
  for (let start = 0; start < IMAGES; start += 500) {
    const numbers = Array.from({ length: Math.min(500, IMAGES - start) }, (_, i) => start + i)
    const pictures = await Promise.all(numbers.map(pictureOf))
    project.transaction(() => {
      for (const { disc, ...picture } of pictures) {
        const id = insertImage(project, { ...picture, baseName: picture.name.replace('.png', '') })
        if (id % 3 === 0) continue
        replaceMask(project, id, maskOf(disc, EDGE, EDGE), { tool: 'import' })
        setState(project, [id], 'complete')
      }
    })
  }
  project.close()
  await rename(partial, file)
  return file
}

/** A disc of its own place and colour on a ground of stripes, and its mask. */
async function pictureOf(number: number) {
  const rgb = new Uint8Array(EDGE * EDGE * 3)
  const disc = new Uint8Array(EDGE * EDGE)
  const [x0, y0, radius] = [40 + ((number * 37) % 112), 40 + ((number * 53) % 112), 14 + (number % 23)]
  for (let i = 0; i < disc.length; i++) {
    const [x, y] = [i % EDGE, Math.floor(i / EDGE)]
    disc[i] = Math.hypot(x - x0, y - y0) < radius ? 1 : 0
    const shade = ((x + y * (1 + (number % 5))) % 48) + (number % 64)
    rgb.set(disc[i] ? [200, (number * 7) % 256, 90] : [shade, shade + 20, shade + 40], i * 3)
  }
  const bytes = await encodeRgbPng(rgb, EDGE, EDGE)
  const fingerprint = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + number * 31) % 256)
  return {
    ...{ name: `image-${number + 1}.png`, bytes, sha: await sha256(bytes), linkedPath: null, format: 'png' },
    ...{ width: EDGE, height: EDGE, bitDepth: 8, windowLow: null, windowHigh: null, fingerprint, disc }
  }
}

/** Scrolls an element by so many pixels a frame and tells how far apart the frames were, in milliseconds. */
function scroll(page: Page, selector: string, pixels: number): Promise<number[]> {
  return page.evaluate(
    ({ selector, pixels, frames }) =>
      new Promise<number[]>((resolve) => {
        const element = document.querySelector(selector)!
        const isRow = element.scrollWidth > element.clientWidth
        const gaps: number[] = []
        let last = performance.now()
        function step(now: number) {
          gaps.push(now - last)
          last = now
          if (gaps.length > frames) resolve(gaps.slice(1))
          else {
            if (isRow) element.scrollLeft += pixels
            else element.scrollTop += pixels
            requestAnimationFrame(step)
          }
        }
        requestAnimationFrame(step)
      }),
    { selector, pixels, frames: FRAMES }
  )
}

function describe(gaps: number[]): string {
  const sorted = [...gaps].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1)
  // A screen of 60 Hz shows a frame twice where the next is more than one and a half late.
  const dropped = gaps.filter((gap) => gap > 25).length
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms, ${dropped} of ${gaps.length} dropped`
}

const executablePath = await findBrowser()
if (executablePath === null) throw new Error(`There is no browser: ${INSTALL_BROWSER}.`)
const kept = join(tmpdir(), 'jaccard-bench')
await mkdir(kept, { recursive: true })
const file = await projectFile(kept)
console.log(`${cpus().length} × ${cpus()[0]?.model}; load ${loadavg()[0]!.toFixed(1)}`)

const started = performance.now()
const project = await openProject(file)
const opened = performance.now()
const { length } = listImages(project)
console.log(
  `store: opened in ${(opened - started).toFixed(0)} ms, ${length} images listed in ` +
    `${(performance.now() - opened).toFixed(0)} ms`
)
project.close()

const home = await mkdtemp(join(tmpdir(), 'jaccard-bench-home-'))
const host = await startHost(home, file)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  await page.goto(host.address)
  const strip = page.getByRole('navigation', { name: 'Images' })
  await strip.getByRole('button', { name: /^image-1\.png/ }).waitFor()
  await page.getByRole('button', { name: /^Project / }).click()
  const recent = page.getByRole('region', { name: 'Recent projects' }).getByRole('button').first()
  await recent.waitFor()
  const milliseconds = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const from = performance.now()
        document.querySelector<HTMLButtonElement>('section[aria-labelledby="recent"] button')!.click()
        const look = () => {
          const picture = document.querySelector<HTMLImageElement>('nav[aria-label="Images"] img')
          if (picture?.complete && picture.naturalWidth > 0) resolve(performance.now() - from)
          else requestAnimationFrame(look)
        }
        look()
      })
  )
  console.log(`window: from the click to the first picture of the strip ${milliseconds.toFixed(0)} ms`)
  for (const [name, pixels] of Object.entries(SPEEDS)) {
    console.log(`strip, ${name}: ${describe(await scroll(page, 'nav[aria-label="Images"] .strip', pixels))}`)
  }
  await page.getByRole('button', { name: 'Overview' }).click()
  await page.locator('[role="option"]').first().waitFor()
  for (const [name, pixels] of Object.entries(SPEEDS)) {
    console.log(`overview, ${name}: ${describe(await scroll(page, '[role="listbox"]', pixels))}`)
  }
  await page.screenshot({ path: join(kept, 'overview.png') })
} finally {
  await browser.close()
  await host.stop()
  await rm(home, { recursive: true, force: true })
}
