import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...names) => join(root, ...names)

const SOURCES = ['src-core', 'src-main', 'src-renderer', 'resources']
const SETTINGS = [
  'package.json',
  'electron.vite.config.ts',
  'svelte.config.js',
  'scripts/build.mjs',
  'scripts/build-web.mjs'
]
const STAMP = at('out', 'built')
const LOCK = at('node_modules', '.jaccard-build')

/**
 * Builds `out/` if a source is newer than the last build; only one process at a time builds. Where there are no
 * sources or no build tools (a packaged app), what is there is used. Throws with the build's output if it fails.
 */
export async function ensureBuilt() {
  if (!stale()) return
  await withLock(() => {
    if (stale()) build()
  })
}

function stale() {
  if (!existsSync(at('src-main')) || !existsSync(at('node_modules', 'electron-vite'))) return false
  if (!existsSync(STAMP)) return true
  const built = Number(readFileSync(STAMP, 'utf8'))
  return [...SOURCES, ...SETTINGS].some((name) => newest(at(name)) > built)
}

function build() {
  process.stderr.write('Building Jaccard, because its sources are newer than its last build …\n')
  const started = Date.now()
  rmSync(STAMP, { force: true })
  const result = spawnSync(process.execPath, [at('scripts', 'build.mjs')], { cwd: root, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`The build failed.\n${result.stdout}${result.stderr}`)
  writeFileSync(STAMP, String(started))
}

/** The time of the last change of a file, or of anything in a folder; removals change their folder. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

async function withLock(work) {
  for (;;) {
    try {
      mkdirSync(LOCK)
      break
    } catch {
      if (!alive(holder())) rmSync(LOCK, { recursive: true, force: true })
      await delay(100)
    }
  }
  writeFileSync(join(LOCK, 'pid'), String(process.pid))
  try {
    work()
  } finally {
    rmSync(LOCK, { recursive: true, force: true })
  }
}

function holder() {
  try {
    return Number(readFileSync(join(LOCK, 'pid'), 'utf8'))
  } catch {
    return null
  }
}

/** A lock without a process number was made a moment ago, unless it is older than any build takes. */
function alive(pid) {
  if (pid === null) {
    const made = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return Date.now() - made < 5_000
  }
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
