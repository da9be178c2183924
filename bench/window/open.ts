import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { startHost } from '../../test/fixtures/hostProcess'

/** In pixels. */
export interface WindowSize {
  width: number
  height: number
}

/** The app in Chromium on a host of its own, with a copy of a project. */
export interface BenchWindow {
  page: Page
  /** The protocol of the page's developer tools. */
  devtools: CDPSession
  browser: Browser
  /** The host's process. */
  hostPid: number
}

/** The browser's name and version, as it says them itself. */
export async function browserVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)(await browserPath(), ['--version'])
  return stdout.trim()
}

async function browserPath(): Promise<string> {
  const path = await findBrowser()
  if (path === null) throw new Error(`There is no browser: ${INSTALL_BROWSER}.`)
  return path
}

/** Where the benches keep the projects that they have made. */
export async function keptFolder(): Promise<string> {
  const kept = join(tmpdir(), 'jaccard-bench')
  await mkdir(kept, { recursive: true })
  return kept
}

/**
 * Opens a copy of a project as a person has it on screen, does something with it, and ends all processes.
 *
 * @param options.remembered What the person's browser remembers of earlier visits, by key.
 */
export async function inWindow<Result>(
  file: string,
  options: WindowSize & { remembered?: Record<string, string> },
  work: (window: BenchWindow) => Promise<Result>
): Promise<Result> {
  const executablePath = await browserPath()
  const home = await mkdtemp(join(tmpdir(), 'jaccard-bench-home-'))
  const ends = [() => rm(home, { recursive: true, force: true })]
  try {
    const copy = join(home, 'copy.jaccard')
    await cp(file, copy)
    const host = await startHost(home, copy)
    ends.push(() => host.stop())
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    ends.push(() => browser.close())
    const { width, height } = options
    const page = await browser.newPage({ viewport: { width, height } })
    await page.addInitScript(
      (remembered) => {
        for (const [key, value] of Object.entries(remembered)) localStorage.setItem(key, value)
      },
      { 'jaccard.tour': 'seen', ...options.remembered }
    )
    const devtools = await page.context().newCDPSession(page)
    await page.goto(host.address)
    return await work({ page, devtools, browser, hostPid: host.pid })
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Does something in a window and keeps a profile of the page's thread, to be opened in any developer tools. */
export async function profiled<Result>(
  { devtools }: BenchWindow,
  name: string,
  work: () => Promise<Result>
): Promise<Result> {
  await devtools.send('Profiler.enable')
  await devtools.send('Profiler.start')
  const result = await work()
  const { profile } = await devtools.send('Profiler.stop')
  const file = join(await keptFolder(), `${name}.cpuprofile`)
  await writeFile(file, JSON.stringify(profile))
  console.log(`The profile is ${file}.`)
  return result
}
