import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findBrowser, INSTALL_BROWSER } from '../src-main/exchange/browser.ts'

/**
 * The browser for the tests that need one, installed where this process may do so: as root on Debian and its kin.
 * Null where there is none; then a line says what to do.
 */
export async function ensureChromium() {
  const found = await findBrowser()
  if (found) return found
  if (process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('Installing Chromium for the tests that need a browser …\n')
    apt('update', '-q')
    // With Vulkan's loader the engine on WebGPU is tested on the software GPU that Chromium brings.
    apt('install', '-y', '-q', '--no-install-recommends', 'chromium', 'libvulkan1')
  }
  const installed = await findBrowser()
  if (!installed) process.stdout.write(`There is no browser, so its tests are skipped: ${INSTALL_BROWSER}.\n`)
  return installed
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}
