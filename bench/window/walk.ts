import { readFile } from 'node:fs/promises'
import { rounded, table } from './figures'
import { inWindow, type BenchWindow, type WindowSize } from './open'
import { canvasOf, keptProject, photo, type BenchPicture } from './projects'

const SIZE = { width: 1600, height: 1250 }

/**
 * A walk through images of 2 megapixels with masks, and back.
 *
 * @param options.stops After how many images the memory is looked at; the last is the farthest.
 * @returns Its part of the report.
 */
export async function walking(options: WindowSize & { stops: number[] }): Promise<string[]> {
  const { stops, width, height } = options
  const count = stops.at(-1)!
  const file = await keptProject(`walk-${count}`, count, pictureOf)
  const held = await inWindow(file, { width, height }, (window) => walk(window, stops))
  return [
    `### Memory: a walk through ${count} images of ${SIZE.width} × ${SIZE.height} pixels, and back`,
    '',
    'Megabytes: JavaScript’s heap after its garbage was collected; resident: the page’s process, the one that draws for it, ' +
      'the host.',
    '',
    ...table(
      ['images', 'heap', 'page', 'drawing', 'host'],
      held.map(({ images, heap, page, drawing, host }) => [
        images,
        ...[heap, page, drawing, host].map(rounded)
      ])
    )
  ]
}

/** A photograph and a disc on it. */
async function pictureOf(number: number): Promise<BenchPicture> {
  const { width, height } = SIZE
  const [x0, y0, radius] = [300 + ((number * 37) % 1000), 300 + ((number * 53) % 600), 90 + (number % 100)]
  const mask = Uint8Array.from({ length: width * height }, (_, at) =>
    Math.hypot((at % width) - x0, Math.floor(at / width) - y0) < radius ? 1 : 0
  )
  const bytes = await photo(number, width, height)
  return { name: `photo-${number + 1}.jpg`, format: 'jpeg', bytes, width, height, mask }
}

/** What processes hold after so many images, in megabytes. */
interface Held {
  images: number
  /** Of the page's JavaScript, after the garbage was collected. */
  heap: number
  /** Resident: the page's process, those that draw for it, the host's. */
  page: number
  drawing: number
  host: number
}

async function walk(window: BenchWindow, stops: readonly number[]): Promise<Held[]> {
  const { page } = window
  const arrive = (place: number) => page.locator(canvasOf(`photo-${place}.jpg`)).waitFor()
  await arrive(1)
  const held = [await look(window, 1)]
  const farthest = stops.at(-1)!
  for (let seen = 2; seen <= farthest; seen++) {
    await page.keyboard.press('ArrowRight')
    await arrive(seen)
    if (stops.includes(seen)) held.push(await look(window, seen))
  }
  for (let back = 1; back < farthest; back++) {
    await page.keyboard.press('ArrowLeft')
    await arrive(farthest - back)
    if (stops.includes(back + 1)) held.push(await look(window, farthest + back))
  }
  return held
}

async function look({ devtools, browser, hostPid }: BenchWindow, images: number): Promise<Held> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = async (type: string) =>
    Promise.all(processInfo.filter((one) => one.type === type).map(({ id }) => residentMegabytes(id)))
  return {
    images,
    heap: usedSize / 1e6,
    page: Math.max(...(await sizes('renderer'))),
    drawing: (await sizes('GPU')).reduce((sum, size) => sum + size, 0),
    host: await residentMegabytes(hostPid)
  }
}

/** NaN where the system does not tell. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1000
}
