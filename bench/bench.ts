// `npm run bench`: how long a training step takes by every engine on this machine and by PyTorch, and how much of it
// is spent waiting for data; appended to RESULTS.md.
import { appendFileSync } from 'node:fs'
import { messageOf } from '#core/errors'
import { ENGINES } from '#core/network/engine'
import { openContenders } from './contenders'
import { headOfRun } from './machine'
import { profileSteps, tableOfProfile } from './profile'
import { readOptions, type Options } from './options'
import { measureSteps, tableOfSteps, type Measured } from './steps'
import { measureWaiting, tableOfWaiting, type Waiting } from './waiting'
import { titleOf, WORKS, type Work } from './works'

const words = process.argv.slice(2)
try {
  const options = readOptions(words)
  const lines = headOfRun(words, options)
  for (const name of options.works) {
    lines.push('', `### ${titleOf(WORKS[name])}`, '', ...(await figuresOf(WORKS[name], options)))
  }
  const text = `\n${lines.join('\n')}\n`
  console.log(text)
  if (options.record) appendFileSync(new URL('RESULTS.md', import.meta.url), text)
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}

/** Every work has processes of its own, so that their memory is the work's. */
async function figuresOf(work: Work, options: Options): Promise<string[]> {
  if (options.profile) return tableOfProfile(await profileSteps(options.profile, work, options))
  const leftOut: string[] = []
  const contenders = await openContenders(work, options, (sentence) => leftOut.push(sentence))
  let measured: Measured[]
  try {
    measured = await measureSteps(contenders, options)
  } finally {
    for (const { process } of contenders) process.end()
  }
  const waiting: Waiting[] = []
  for (const engine of ENGINES.filter((name) => measured.some((row) => row.name === name))) {
    waiting.push(await measureWaiting(engine, options.threads, work))
  }
  const parts = [tableOfSteps(measured), tableOfWaiting(waiting), leftOut]
  return parts.filter((part) => part.length > 0).flatMap((part, i) => (i > 0 ? ['', ...part] : part))
}
