// `npm test`: the checks, a build, and every test; the last line counts them. With REQUIRE_ALL=1 nothing may be
// skipped for want of a part.
import { ensureNode } from './ensure-node.mjs'

// The oldest that runs TypeScript as it is.
await ensureNode(22, 18)
const { spawnSync } = await import('node:child_process')
const { readFileSync, rmSync } = await import('node:fs')
const { join } = await import('node:path')
const { checks, jobOf, root, runJobs } = await import('./checks.mjs')
const { ensureBuilt } = await import('./ensure-built.mjs')
const { ensureChromium } = await import('./ensure-chromium.mjs')

const all = process.env.REQUIRE_ALL === '1'

await ensureChromium()

const build = {
  name: 'build',
  work: () =>
    ensureBuilt().then(
      () => ({ passed: true, output: '' }),
      (error) => ({ passed: false, output: error.message })
    )
}
const jobs = [build, ...checks.map(jobOf)]
const failedJobs = await runJobs(jobs)
const tests = runTests()

const failed = failedJobs + tests.failed
process.exitCode = failed > 0 || (all && tests.skipped > 0) ? 1 : 0
process.stdout.write(
  `${jobs.length - failedJobs + tests.passed} passed, ${failed} failed, ${tests.skipped} skipped\n`
)

/** Every test's outcome; a run that broke off counts as one failure. */
function runTests() {
  const file = join(root, 'test-results', 'counts.json')
  rmSync(file, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, JACCARD_TEST_COUNTS: file }
  })
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'))
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
