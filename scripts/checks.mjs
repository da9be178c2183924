// The static checks of the project, each a command that prints what is wrong and fails.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const bin = (name) => join(root, 'node_modules', '.bin', name)

/** @type {{ name: string, command: string[] }[]} */
export const checks = [
  { name: 'lint', command: [bin('eslint'), '--max-warnings', '0', '.'] },
  { name: 'types of the main side and the tests', command: [bin('tsc'), '-p', 'tsconfig.node.json'] },
  {
    name: 'types of the window',
    command: [bin('svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']
  },
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'types of core', command: [bin('tsc'), '-p', 'tsconfig.core.json'] },
  { name: 'import rules', command: [process.execPath, 'scripts/layers.mjs'] }
]

/**
 * Runs the jobs, two at a time in their order, and prints the outcome of each with its output where it failed.
 * @param {{ name: string, work: () => Promise<{ passed: boolean, output: string }> }[]} jobs
 * @returns {Promise<number>} how many failed
 */
export async function runJobs(jobs) {
  const waiting = [...jobs]
  let failed = 0
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const started = performance.now()
      const { passed, output } = await job.work()
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      process.stdout.write(
        `${passed ? 'passed' : 'FAILED'}  ${job.name} (${seconds} s)\n${passed ? '' : output}`
      )
      if (!passed) failed++
    }
  }
  await Promise.all([worker(), worker()])
  return failed
}

/** A check as a job. */
export function jobOf({ name, command: [program, ...words] }) {
  return {
    name,
    work: () =>
      new Promise((resolve) => {
        const child = spawn(program, words, { cwd: root, shell: process.platform === 'win32' })
        const output = []
        child.stdout.on('data', (data) => output.push(data))
        child.stderr.on('data', (data) => output.push(data))
        child.on('error', (error) => resolve({ passed: false, output: `${error.message}\n` }))
        child.on('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(output).toString() }))
      })
  }
}
