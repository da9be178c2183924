// Runs at the end of `npm ci`, so that every command works right away.
import { ensureNode } from './ensure-node.mjs'

await ensureNode()
const { ensureBuilt } = await import('./ensure-built.mjs')
try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
