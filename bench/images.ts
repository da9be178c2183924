// `npm run bench:images`: how a project of many images opens, and how its strip and its overview scroll, in Chromium;
// appended to RESULTS.md.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { encodeRgbPng } from '#main/images/encode'
import { listImages } from '#main/store/images'
import { openProject } from '#main/store/open'
import { droppedOf, gapsOf, rounded, spreadOf, table } from './window/figures'
import { inWindow, keptFolder, profiled } from './window/open'
import { keptProject, type BenchPicture } from './window/projects'
import { report } from './window/report'

const words = process.argv.slice(2)
const { values } = parseArgs({
  args: words,
  allowNegative: true,
  options: {
    images: { type: 'string', default: '10000' },
    profile: { type: 'boolean', default: false },
    record: { type: 'boolean', default: true }
  }
})
const IMAGES = Number(values.images)
const EDGE = 192
/** Frames of a scroll through one list. */
const FRAMES = 240
/** Pixels a frame: a person who looks, one who turns the wheel, one who drags the bar. */
const SPEEDS = { look: 8, wheel: 60, drag: 1200 }

/** A disc of its own place and colour on a ground of stripes; two of three are labelled. */
async function pictureOf(number: number): Promise<BenchPicture> {
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
  const mask = number % 3 === 2 ? null : disc
  return { name: `image-${number + 1}.png`, format: 'png', bytes, width: EDGE, height: EDGE, mask }
}

/** Scrolls an element by so many pixels a frame and tells when the frames began, in milliseconds. */
function scroll(page: Page, selector: string, pixels: number): Promise<number[]> {
  return page.evaluate(
    ({ selector, pixels, frames }) =>
      new Promise<number[]>((resolve) => {
        const element = document.querySelector(selector)!
        const isRow = element.scrollWidth > element.clientWidth
        const times: number[] = []
        function step(now: number) {
          times.push(now)
          if (times.length > frames) resolve(times)
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

const file = await keptProject(`many-${IMAGES}`, IMAGES, pictureOf)
const started = performance.now()
const project = await openProject(file)
const opened = performance.now()
const { length } = listImages(project)
const listed = performance.now()
project.close()

const lines = await inWindow(file, { width: 1280, height: 720 }, async (window) => {
  const { page } = window
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
  const rows: string[][] = []
  const measure = async (list: string, selector: string) => {
    for (const [speed, pixels] of Object.entries(SPEEDS)) {
      const scrolled = () => scroll(page, selector, pixels)
      const name = `${list}-${speed}`
      const gaps = gapsOf(await (values.profile ? profiled(window, name, scrolled) : scrolled()))
      rows.push([
        `${list}, ${speed}`,
        ...spreadOf(gaps),
        `${droppedOf(gaps, 1000 / 60).length} of ${gaps.length}`
      ])
    }
  }
  await measure('strip', 'nav[aria-label="Images"] .strip')
  await page.getByRole('button', { name: 'Overview' }).click()
  await page.locator('[role="option"]').first().waitFor()
  await measure('overview', '[role="listbox"]')
  await page.screenshot({ path: join(await keptFolder(), 'overview.png') })
  return [
    `### A project of ${length} images, window of 1280 × 720`,
    '',
    `The store opens it in ${rounded(opened - started)} ms and lists its images in ${rounded(listed - opened)} ms. ` +
      `From the click on it to the first picture of the strip: ${rounded(milliseconds)} ms.`,
    '',
    `${FRAMES} frames of each scroll, by ${Object.values(SPEEDS).join(', ')} pixels a frame; milliseconds between two.`,
    '',
    ...table(['scroll', 'p50', 'p95', 'max', 'dropped'], rows)
  ]
})
await report('bench:images', words, { lines, record: values.record })
