import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import AxeSource from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { startHost, type HostProcess } from '../fixtures/hostProcess'

/** The repository's root, where the tests are started. */
const ROOT = resolve(import.meta.dirname, '../..')

/** Real images with masks, one mask per image under the same name. */
export const NUCLEI = resolve(ROOT, '../shared/data/nuclei')

const browserPath = await findBrowser()
const required = process.env['REQUIRE_ALL'] === '1'

/** Why these tests cannot run here; null if they can. With `REQUIRE_ALL=1` they run, and fail. */
export const obstacle: string | null = required
  ? null
  : browserPath === null
    ? `no browser: ${INSTALL_BROWSER}`
    : !existsSync(NUCLEI)
      ? `the real images are missing in ${NUCLEI}`
      : null

/** The first `count` nuclei images, or their masks. */
export async function nuclei(kind: 'images' | 'masks', count: number): Promise<string[]> {
  const names = (await readdir(join(NUCLEI, kind))).filter((name) => name.startsWith('nuclei_crop')).sort()
  return names.slice(0, count).map((name) => join(NUCLEI, kind, name))
}

/** The app in a real browser against a real host, in a folder of its own. */
export interface App {
  page: Page
  /** Temporary; the host's state is in it, and new projects go to its folder `projects`. */
  home: string
  /** Of the host that is running, with its token. */
  address(): string
  /** The file of a new project of this name. */
  projectFile(name: string): string
  /** Ends the host; the page stays, without a connection. */
  stopHost(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts a host again, with a project, and opens the app on it. */
  startHost(file?: string): Promise<void>
  /** Creates a project as a person does, from the first screen. */
  createProject(name: string): Promise<void>
  /** What the page has complained about so far: its console's errors and what it threw. */
  complaints: string[]
  close(): Promise<void>
}

/**
 * Starts a host and opens the app in a browser, by default one in which the tour was seen. Every process ends with `close`, or with
 * the tests.
 */
export async function openApp(
  options: { file?: string; width?: number; height?: number; firstRun?: boolean } = {}
): Promise<App> {
  const home = await mkdtemp(join(tmpdir(), 'jaccard-e2e-'))
  const { width = 1280, height = 720 } = options
  let host: HostProcess | null = null
  let browser: Browser | null = null

  async function close() {
    await browser?.close()
    await host?.stop()
    await rm(home, { recursive: true, force: true })
  }

  try {
    if (browserPath === null) throw new Error(`There is no browser: ${INSTALL_BROWSER}.`)
    browser = await chromium.launch({
      executablePath: browserPath,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--enable-unsafe-webgpu']
      ]
    })
    host = await startHost(home, options.file)
    const page = await browser.newPage({ viewport: { width, height } })
    if (!options.firstRun) await page.addInitScript(() => localStorage.setItem('jaccard.tour', 'seen'))
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(host.address)
    return {
      page,
      home,
      complaints,
      close,
      address: () => host!.address,
      projectFile: (name) => join(home, 'projects', `${name}.jaccard`),
      stopHost: async (signal) => {
        await host?.stop(signal)
        host = null
      },
      startHost: async (file) => {
        host = await startHost(home, file)
        await page.goto(host.address)
      },
      createProject: async (name) => {
        await page.getByRole('button', { name: 'New project' }).click()
        await page.getByLabel('Name').waitFor()
        // The dialog is ready to type in.
        await page.keyboard.type(name)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Add the images to learn from' }).waitFor()
      }
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Chooses files in the dialog that a button opens. */
export async function chooseFiles(page: Page, button: string | RegExp, files: string[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button }).first().click()
  ])
  await chooser.setFiles(files)
}

/** Holds the screen, dark and light, against the rules for access by everyone; serious violations fail. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AxeSource.source)
  expect(await violations(page)).toEqual([])
  const before = await page.evaluate(() => document.documentElement.dataset['theme'])
  await showIn(page, before === 'light' ? 'dark' : 'light')
  expect(await violations(page, ['color-contrast'])).toEqual([])
  await showIn(page, before)
}

/** Changes the colours at once: half-way they would be neither dark nor light. */
async function showIn(page: Page, theme: string | undefined): Promise<void> {
  await page.evaluate((value) => {
    const still = new CSSStyleSheet()
    still.replaceSync('*, *::before, *::after { transition: none !important }')
    document.adoptedStyleSheets.push(still)
    if (value) document.documentElement.dataset['theme'] = value
    else delete document.documentElement.dataset['theme']
    // Colours are computed before transitions are allowed again.
    for (const element of document.querySelectorAll('*')) void getComputedStyle(element).color
    document.adoptedStyleSheets.pop()
  }, theme)
}

/** What serious is wrong with the screen, by all rules or by these. */
function violations(page: Page, rules?: string[]): Promise<string[]> {
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: typeof AxeSource }
    const results = await axe.run(only ? { runOnly: only } : {})
    return results.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`
      )
  }, rules)
}
