// `npm run bench`: how long a training step takes by every engine on this machine and by PyTorch, and how much of it
// is spent waiting for data; appended to RESULTS.md.
import { appendFileSync } from 'node:fs'
import { messageOf } from '#core/errors'
import { openContenders } from './contenders'
import { headOfRun } from './machine'
import { readOptions, type Options } from './options'
import { measureSteps, tableOfSteps } from './steps'
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
  const leftOut: string[] = []
  const contenders = await openContenders(options.engines, options, (sentence) => leftOut.push(sentence))
  try {
    return [...tableOfSteps(await measureSteps(contenders, work, options)), '', ...leftOut]
  } finally {
    for (const { process } of contenders) process.end()
  }
}
