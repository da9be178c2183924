import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { fileOf } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { rounded, spreadOf, table } from './figures'
import { inWindow, type BenchWindow, type WindowSize } from './open'
import { canvasOf, DIAMETER, keptProject, type BenchPicture } from './projects'
import { figuresOf, installHand, paintStroke, type Box, type StrokeFigures } from './strokes'

/** So many pixels has a large image by default. */
export const HUGE = { width: 12_000, height: 8400 }
const SMALL = { width: 1600, height: 1200 }

/** What a person does with the pointer, and the key that is held for it. */
const GESTURES = { pan: 'Space', paint: null } as const
const VIEWS = { fit: 'Control+f', '100 %': 'Control+0' } as const

interface Opened {
  /** Until something of it is seen, and until all in sight is as sharp as it gets; in milliseconds. */
  seen: number
  sharp: number
}

/** What came of one image. */
interface Measured {
  name: string
  opened: Opened
  moved: { view: string; gesture: string; figures: StrokeFigures }[]
  /** The most so far, in megabytes. */
  page: number
  host: number
}

/**
 * A large image beside a small one: how soon it is seen, how it moves and is painted on, and what memory that takes.
 *
 * @param options.image Its size. @param options.strokes After a first one.
 * @returns Its part of the report.
 */
export async function large(
  options: WindowSize & { strokes: number; seconds: number; image?: WindowSize }
): Promise<string[]> {
  const { width, height, strokes, seconds, image = HUGE } = options
  const file = await keptProject(`slides-${image.width}`, 4, (number) => pictureOf(number, image))
  const remembered = { 'jaccard.brush': JSON.stringify({ tool: 'brush', size: DIAMETER }) }
  const { first, measured } = await inWindow(file, { width, height, remembered }, (window) =>
    look(window, options)
  )
  return [
    `### A large image: ${image.width} × ${image.height} pixels, brush of ${DIAMETER}, window of ${width} × ${height}`,
    '',
    `From the click on it to something of it on screen, and to the last tile in sight: ${rounded(first.seen)} ms and ` +
      `${rounded(first.sharp)} ms when it is opened for the first time and its tiles are made; afterwards as below. Memory is ` +
      'the most that the process has held, in megabytes, after all of it.',
    '',
    ...table(
      ['image', 'ms to be seen', 'ms to be sharp', 'page', 'host'],
      measured.map(({ name, opened, page, host }) => [
        name,
        ...[opened.seen, opened.sharp, page, host].map(rounded)
      ])
    ),
    '',
    `${strokes} strokes of ${seconds} s after a first one, 125 moves a second, measured as above.`,
    '',
    ...table(
      ['image', 'view', 'gesture', 'p50', 'p95', 'max', 'dropped'],
      measured.flatMap(({ name, moved }) =>
        moved.map(({ view, gesture, figures }) => [
          ...[name, view, gesture],
          ...spreadOf(figures.toPaint),
          `${figures.dropped.length} of ${figures.frames}`
        ])
      )
    )
  ]
}

/** Two small images, so that the large one is no neighbour of the one that is open first; a large one; one painted all over. */
async function pictureOf(number: number, image: WindowSize): Promise<BenchPicture> {
  const name = ['small', 'other', 'large', 'painted'][number]!
  const { width, height } = number < 2 ? SMALL : image
  const mask = name === 'painted' ? new Uint8Array(width * height).fill(1) : null
  const bytes = await slide(number, width, height)
  return { name: `${name}.tif`, format: 'tiff', bytes, width, height, mask }
}

/** A TIFF in tiles: cells on a ground that changes slowly, with the noise of a camera. */
async function slide(number: number, width: number, height: number): Promise<Uint8Array> {
  const data = new Uint8Array(width * height * 3)
  const wave = (length: number, period: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(i / period + number))
  const [across, down] = [wave(width, 61), wave(height, 47)]
  let state = 1
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      state = (state * 48271) % 2147483647
      const cell = across[x]! * down[y]! > 0.6 ? 70 : 0
      const shade = 110 + cell + ((x + y) >> 9) + (state & 7)
      data[at] = shade
      data[at + 1] = shade - 30
      data[at + 2] = shade - 60 + (cell >> 1)
    }
  }
  const picture = loadSharp()(data, { raw: { width, height, channels: 3 } })
  return fileOf(picture.tiff({ compression: 'lzw', predictor: 'horizontal', tile: true }))
}

async function look(
  { page, hostPid, browser }: BenchWindow,
  { strokes, seconds }: { strokes: number; seconds: number }
): Promise<{ first: Opened; measured: Measured[] }> {
  await start(page)
  const first = await open(page, 'large.tif')
  // Its neighbour's tiles are made, too, before anything is measured that would compete with that.
  await open(page, 'painted.tif')
  await page.reload()
  await start(page)
  await installHand(page, '[role="application"]')
  const measured: Measured[] = []
  for (const name of ['other.tif', 'large.tif', 'painted.tif']) {
    const opened = await open(page, name)
    const moved: Measured['moved'] = []
    for (const [view, key] of Object.entries(VIEWS)) {
      for (const [gesture, held] of Object.entries(GESTURES)) {
        await page.keyboard.press(key)
        const box = inner((await page.locator(canvasOf(name)).boundingBox())!)
        if (held) await page.keyboard.down(held)
        const times = []
        for (let number = 0; number <= strokes; number++) {
          times.push(await paintStroke(page, { box, number, seconds, hertz: 125 }))
        }
        if (held) await page.keyboard.up(held)
        moved.push({ view, gesture, figures: figuresOf(times.slice(1)) })
      }
    }
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakMegabytes(id))
    measured.push({
      ...{ name, opened, moved },
      page: Math.max(...(await Promise.all(pages))),
      host: await peakMegabytes(hostPid)
    })
  }
  return { first, measured }
}

/** The first image is open, and the strip has all its pictures. */
async function start(page: Page): Promise<void> {
  await page.locator(canvasOf('small.tif')).waitFor()
  await page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll<HTMLImageElement>('nav[aria-label="Images"] img')]
    return pictures.length === 4 && pictures.every((one) => one.complete)
  })
}

/** Clicks on an image in the strip and watches what comes. */
function open(page: Page, name: string): Promise<Opened> {
  return page.evaluate(
    async ({ name, canvas }) => {
      const frame = () => new Promise(requestAnimationFrame)
      const isSeen = () => {
        const layer = document.querySelector<HTMLCanvasElement>(`${canvas} canvas`)
        const context = layer?.getContext('2d')
        return context?.getImageData(layer!.width >> 1, layer!.height >> 1, 1, 1).data[3] === 255
      }
      const came = () => {
        const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
        return all.filter((one) => /\/(tiles|image)\/\d/.test(one.name)).map((one) => one.responseEnd)
      }
      performance.setResourceTimingBufferSize(10_000)
      performance.clearResourceTimings()
      const started = performance.now()
      document.querySelector<HTMLElement>(`nav[aria-label="Images"] [aria-label^="${name}"]`)!.click()
      while (!isSeen()) await frame()
      const seen = performance.now() - started
      const isMade = () => document.querySelector('p[role="status"] span') === null
      // Nothing has come for a second.
      for (let quiet = 0, count = -1; quiet < 60; quiet++) {
        await frame()
        if (came().length !== count || !isMade()) quiet = 0
        count = came().length
      }
      return { seen, sharp: Math.max(seen, ...came().map((end) => end - started)) }
    },
    { name, canvas: canvasOf(name) }
  )
}

/** Without the rim, where the zoom's buttons are. */
function inner({ x, y, width, height }: Box): Box {
  return { x: x + 0.08 * width, y: y + 0.08 * height, width: 0.84 * width, height: 0.8 * height }
}

/** What a process has held at the most; NaN where the system does not tell. */
async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1000
}
