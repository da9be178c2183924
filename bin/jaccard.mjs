#!/usr/bin/env node
import { ensureNode } from '../scripts/ensure-node.mjs'

await ensureNode()
const { ensureBuilt } = await import('../scripts/ensure-built.mjs')
try {
  await ensureBuilt()
  const { main } = await import('../out/main/cli.js')
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
}
