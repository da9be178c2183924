// `npm run bench`: the time of a training step by every engine on this machine, one step of each in turn, so that
// whatever else the machine does falls on all of them. Medians, ratios to the first engine, appended to RESULTS.md.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ENGINES, type EngineName } from '#core/network/engine'
import type { StepperReport, StepperRequest, Work } from './stepper'

const WORKS: Work[] = [
  { architecture: 'VGG6xs-Fc6-k1-512-Deconv-k64s32', size: 224, batch: 10, loss: 'iou', dropout: 0.5 },
  { architecture: 'UNet-xs', size: 128, batch: 10, loss: 'iou+xent', dropout: 0 }
]
const ROUNDS = 15

/** Engines named on the command line, else all. */
const wanted = process.argv.slice(2).length ? ENGINES.filter((name) => process.argv.includes(name)) : ENGINES

interface Stepper {
  name: EngineName
  ask(request: StepperRequest): Promise<StepperReport>
  end(): void
}

const lines = [
  `## ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`,
  '',
  `\`npm run bench${process.argv.slice(2).map((word) => ` ${word}`)}\`: medians of ${ROUNDS} interleaved steps.`,
  '',
  '| work | engine | device | ms a step | ratio | peak memory |',
  '| --- | --- | --- | --- | --- | --- |'
]
const steppers = (await Promise.all(wanted.map(start))).filter((stepper) => stepper !== null)
for (const work of WORKS) {
  const times = new Map<Stepper, number[]>(steppers.map((stepper) => [stepper, []]))
  const reports = new Map<Stepper, StepperReport>()
  for (const stepper of steppers) {
    await stepper.ask({ prepare: work })
    await stepper.ask('step')
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const stepper of steppers) {
      const report = await stepper.ask('step')
      reports.set(stepper, report)
      times.get(stepper)!.push(report.milliseconds)
    }
  }
  const first = median(times.get(steppers[0]!)!)
  for (const stepper of steppers) {
    const { device, peakMemory } = reports.get(stepper)!
    const time = median(times.get(stepper)!)
    const what = `${work.architecture}, ${work.size}², batch ${work.batch}, ${work.loss}`
    lines.push(
      `| ${what} | ${stepper.name} | ${device} | ${time.toFixed(0)} | ${(time / first).toFixed(2)} | ` +
        `${(peakMemory / 1e6).toFixed(0)} MB |`
    )
  }
}
for (const stepper of steppers) stepper.end()
const text = `\n${lines.join('\n')}\n`
console.log(text)
appendFileSync(new URL('RESULTS.md', import.meta.url), text)

/** A process with one engine; null where the engine is not to be had, which is said. */
async function start(name: EngineName): Promise<Stepper | null> {
  const child: ChildProcess = fork(fileURLToPath(new URL('stepper.ts', import.meta.url)), [name], {
    execArgv: ['--import', fileURLToPath(new URL('../scripts/sources.mjs', import.meta.url))],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  const exited = once(child, 'exit')
  const ask = async (request: StepperRequest) => {
    child.send(request)
    const [report] = (await Promise.race([once(child, 'message'), exited])) as [StepperReport | number]
    if (typeof report !== 'object') throw new Error(`${name} ended in the middle of a step.`)
    return report
  }
  let trouble = ''
  child.stderr!.on('data', (words: Buffer) => (trouble += words.toString()))
  try {
    await ask({ prepare: { ...WORKS[0]!, size: 32, batch: 1 } })
  } catch {
    console.log(`${name} is left out: ${/JaccardError: (.*)/.exec(trouble)?.[1] ?? 'it does not start'}`)
    return null
  }
  return { name, ask, end: () => void child.kill() }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
