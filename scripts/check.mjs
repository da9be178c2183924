// `npm run check`: format, lint, types and import rules, without the tests.
import { ensureNode } from './ensure-node.mjs'

await ensureNode()
const { checks, jobOf, runJobs } = await import('./checks.mjs')
process.exitCode = (await runJobs(checks.map(jobOf))) === 0 ? 0 : 1
