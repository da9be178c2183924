import type { EngineReport } from '#core/api/values'
import type { TrainConfig } from '#core/learning/config'
import { ENGINES, type EngineName } from '#core/network/engine'
import type { StartTrainer } from './port'

/** The trainers that a host can start, and what they can compute with. */
export interface Trainers {
  start: StartTrainer
  /**
   * Which engines work on this machine, how fast, and which one `auto` takes; found out once. Each is looked at in a
   * trainer of its own, since a driver can take its process down, and one after the other, since they are timed.
   */
  inspect(): Promise<EngineReport[]>
}

/** The engine that runs on every machine. */
export const LAST_RESORT: EngineName = 'tfjs-wasm'

export function createTrainers(start: StartTrainer): Trainers {
  let known: Promise<EngineReport[]> | null = null
  return { start, inspect: () => (known ??= inspectAll(start)) }
}

/** The engine that a run takes: the one it names, or with `auto` the fastest, and then why, as a sentence. */
export async function chooseEngine(
  wanted: TrainConfig['engine'],
  trainers: Trainers
): Promise<{ name: EngineName; because: string | null }> {
  if (wanted !== 'auto') return { name: wanted, because: null }
  const reports = await trainers.inspect()
  const name = reports.find(({ chosen }) => chosen)?.name
  // Its own error will say what is wrong.
  if (!name)
    return { name: LAST_RESORT, because: `No engine passed the speed test; ${LAST_RESORT} is tried.` }
  return { name, because: `${name} was chosen by the speed test: ${reports.map(inWords).join(', ')}.` }
}

function inWords({ name, available, speedTestMilliseconds }: EngineReport): string {
  if (speedTestMilliseconds !== null) return `${name} ${speedTestMilliseconds.toFixed(0)} ms a step`
  return `${name} ${available ? 'not timed' : 'not available'}`
}

async function inspectAll(start: StartTrainer): Promise<EngineReport[]> {
  const reports: EngineReport[] = []
  for (const name of ENGINES) reports.push(await inspect(name, start))
  const times = reports.map(({ speedTestMilliseconds }) => speedTestMilliseconds ?? Infinity)
  const fastest = times.indexOf(Math.min(...times))
  return reports.map((report, i) => ({ ...report, chosen: i === fastest && times[i]! < Infinity }))
}

/** An engine that takes its trainer down is one that cannot be used. */
async function inspect(engine: EngineName, start: StartTrainer): Promise<EngineReport> {
  const port = start(engine)
  try {
    return await new Promise((resolve) => {
      const unusable = (detail: string) =>
        resolve({
          ...{ name: engine, available: false, device: null, detail },
          ...{ speedTestMilliseconds: null, chosen: false }
        })
      port.listen((message) => {
        if (message.type === 'inspected') resolve(message.report)
        else if (message.type === 'failed') unusable(message.message)
      })
      void port.exited.then((how) =>
        unusable(
          `The engine ${engine} ended its process when it was tried (${how}); choose another engine, or ` +
            `update your GPU's driver.`
        )
      )
      void port.send({ type: 'inspect', engine })
    })
  } finally {
    port.kill()
  }
}
