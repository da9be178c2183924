// `npm start`: the window where Electron can open one, else the same app served to a browser.
import { ensureNode } from './ensure-node.mjs'

await ensureNode()
const { spawn } = await import('node:child_process')
const { once } = await import('node:events')
const { fileURLToPath } = await import('node:url')
const { ensureBuilt } = await import('./ensure-built.mjs')
const { ensureElectron } = await import('./ensure-electron.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const file = process.argv.slice(2)

try {
  await ensureBuilt()
  const obstacle = await openWindow()
  if (obstacle !== null) {
    process.stderr.write(`${obstacle} Serving Jaccard to a browser instead.\n`)
    const { main } = await import('../out/main/cli.js')
    process.exitCode = await main(['serve', ...file])
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** Runs Electron until it ends and returns null, or why it cannot open a window. */
async function openWindow() {
  if (!hasDisplay()) return 'There is no display for a window.'
  const electron = ensureElectron()
  if (electron === null) return 'Electron’s binary could not be fetched.'
  // Chromium's sandbox refuses to run as root.
  const sandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : []
  const child = spawn(electron, [...sandbox, root, ...file], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  const [code] = await once(child, 'exit')
  // The system could not load the binary, for want of a library.
  if (code === 127) return 'Electron’s binary does not run on this system.'
  process.exitCode = code ?? 1
  return null
}

function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
