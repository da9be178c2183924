// `npm run soak`: what the tests do for seconds, for minutes: 100 times kill -9 of a process and of a host while they
// paint, no saved stroke lost; 10,000 random tool actions with undo and redo, ending in exactly the same mask.
import { ensureNode } from './ensure-node.mjs'

// The oldest that runs TypeScript as it is.
await ensureNode(22, 18)
const { spawnSync } = await import('node:child_process')
const { join } = await import('node:path')
const { ensureBuilt } = await import('./ensure-built.mjs')
const { root } = await import('./checks.mjs')

const TESTS = [
  'test/main/store/crash.test.ts',
  'test/e2e/kill.test.ts',
  'test/renderer/annotate/tools/soak.test.ts'
]

await ensureBuilt()
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', '--no-file-parallelism', ...TESTS], {
  cwd: root,
  env: { JACCARD_KILLS: '100', JACCARD_ACTIONS: '10000', ...process.env },
  stdio: 'inherit'
})
process.exitCode = status ?? 1
