import { appendFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { machineHeading } from '../machine'
import { browserVersion } from './open'

/**
 * Prints the figures of a bench of the window under its machine and command, and keeps them in RESULTS.md.
 *
 * @param script `bench:paint`. @param words What was said to it.
 */
export async function report(
  script: string,
  words: readonly string[],
  { lines, record }: { lines: readonly string[]; record: boolean }
): Promise<void> {
  const command = `npm run ${script}${words.length > 0 ? ` -- ${words.join(' ')}` : ''}`
  const text = [
    machineHeading(),
    '',
    `\`${command}\`: Node ${process.versions.node}, ${await browserVersion()} without a window and without a GPU: software ` +
      `draws, on the same processors. Load at the end ${loadavg()[0]!.toFixed(1)}.`,
    '',
    ...lines
  ].join('\n')
  console.log(text)
  if (record) appendFileSync(new URL('../RESULTS.md', import.meta.url), `\n${text}\n`)
}
