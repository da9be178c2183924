import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where systems keep a Chromium or Chrome; `CHROME_PATH` names another one. */
const PLACES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
]

/** A Chromium on this machine, or null. */
export function findChromium() {
  return PLACES.find((place) => place && existsSync(place)) ?? null
}

/**
 * A Chromium for the tests, installed where this process may do so. Returns the binary, or null with a sentence
 * that says what to do.
 * @returns {{ binary: string | null, advice: string }}
 */
export function ensureChromium() {
  if (
    !findChromium() &&
    process.platform === 'linux' &&
    process.getuid() === 0 &&
    existsSync('/usr/bin/apt-get')
  ) {
    process.stderr.write('Installing Chromium for the tests that need a browser …\n')
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...words) =>
      spawnSync('apt-get', words, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update', '-q')
    apt('install', '-y', '-q', '--no-install-recommends', 'chromium')
  }
  return {
    binary: findChromium(),
    advice:
      'install Chromium or Chrome, or name one in CHROME_PATH; the tests in a browser are skipped without'
  }
}
