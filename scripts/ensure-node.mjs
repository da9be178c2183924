// Runs on any Node that knows ES modules, because its task is to notice one that is too old for the rest.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/**
 * Returns at once on a suitable Node. Otherwise runs the same command on the Node that came with the packages and
 * ends with its exit code, or, where there is none, says in one line what is needed and ends with 1. Without a
 * version given, suitable is what the program runs on; on an older Node the SQLite library crashes.
 */
export async function ensureNode(major = 22, minor = 15) {
  const suitable = (version) => {
    const [ownMajor, ownMinor] = version.split('.').map(Number)
    return ownMajor > major || (ownMajor === major && ownMinor >= minor)
  }
  if (suitable(process.versions.node)) return
  const carried = carriedNode(suitable)
  if (carried === null) {
    process.stderr.write(
      `Jaccard needs Node ${major}.${minor} or newer, and this is ${process.versions.node}; install a newer one from https://nodejs.org.\n`
    )
    process.exit(1)
  }
  const child = spawn(carried, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
  const forward = (signal) => child.kill(signal)
  // A terminal sends Ctrl-C to both processes; only one that was sent to this process alone needs passing on.
  process.on('SIGINT', () => process.stdin.isTTY || forward('SIGINT'))
  process.on('SIGTERM', forward)
  process.on('SIGHUP', forward)
  await new Promise(() => {
    child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
  })
}

/** The Node among the packages, if it is suitable. */
function carriedNode(suitable) {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(node)) return null
  try {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1)
    return suitable(version) ? node : null
  } catch {
    return null
  }
}
