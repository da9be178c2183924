import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('../node_modules/electron', import.meta.url))
const PATIENCE_MS = 180_000

/** Electron's binary, or null. The package itself is not asked, since loading it starts a download. */
export function findElectron() {
  const note = join(PACKAGE, 'path.txt')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : usualName()
  const binary = join(override ?? join(PACKAGE, 'dist'), name)
  return existsSync(binary) ? binary : null
}

/** Electron's binary, fetched by the package's own script where it is missing; null where it cannot be had. */
export function ensureElectron() {
  const found = findElectron()
  if (found || !existsSync(join(PACKAGE, 'install.js'))) return found
  process.stderr.write('Fetching Electron, once (about 120 MB) …\n')
  spawnSync(process.execPath, [join(PACKAGE, 'install.js')], { stdio: 'ignore', timeout: PATIENCE_MS })
  return findElectron()
}

function usualName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}
