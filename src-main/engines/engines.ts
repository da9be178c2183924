import type { EngineReport } from '#core/api/values'
import { messageOf } from '#core/errors'
import { SOFTWARE_DETAIL } from '#core/network/tfjs/adapter'
import { ENGINES, type Engine, type EngineName } from '#core/network/engine'
import type { EngineOptions, OpenedEngine } from '#main/engines/adapter'
import { timeStep } from '#core/learning/speed'
import { openTensorflow } from '#main/engines/tensorflow'
import { openWasm } from '#main/engines/wasm'
import { openWebgpu } from '#main/engines/webgpu'

/*
 * Opening an engine loads drivers and native libraries, which can take a process down: do it in a trainer, never in
 * the process that holds the project. One engine is open at a time; the one opened last computes.
 */

const OPENERS: Record<EngineName, (options: EngineOptions) => Promise<OpenedEngine>> = {
  'tfjs-wasm': openWasm,
  'tfjs-webgpu': openWebgpu,
  tensorflow: openTensorflow
}

/**
 * Opens the named engine, or with `auto` the fastest.
 *
 * @throws JaccardError `missing-part` that says what the engine lacks. There is no falling back to another one.
 */
export async function openEngine(name: EngineName | 'auto', options: EngineOptions): Promise<Engine> {
  if (name === 'auto') return (await chooseEngine(options)).engine
  return (await OPENERS[name](options)).engine
}

/** Which engines work on this machine, without timing them. */
export async function listEngines(options: EngineOptions = { threads: null }): Promise<EngineReport[]> {
  const reports: EngineReport[] = []
  for (const name of ENGINES) reports.push(await inspect(name, options, false))
  return reports
}

/** Which engines work on this machine, how fast, and which one `auto` takes. */
export async function inspectEngines(options: EngineOptions = { threads: null }): Promise<EngineReport[]> {
  const reports: EngineReport[] = []
  for (const name of ENGINES) reports.push(await inspect(name, options, true))
  const chosen = fastest(reports)
  return reports.map((report) => ({ ...report, chosen: report === chosen }))
}

/**
 * Opens the fastest engine of a short speed test. Devices that only pretend to be GPUs take no part.
 *
 * @returns The engine, and why this one, in words.
 */
export async function chooseEngine(options: EngineOptions): Promise<{ engine: Engine; reason: string }> {
  const reports = await inspectEngines(options)
  // tfjs-wasm opens wherever this program runs at all; where it does not, its own error says why.
  const name = reports.find(({ chosen }) => chosen)?.name ?? 'tfjs-wasm'
  return { engine: await openEngine(name, options), reason: reports.map(inWords).join(' ') }
}

async function inspect(name: EngineName, options: EngineOptions, timed: boolean): Promise<EngineReport> {
  const report = { name, available: false, device: null, speedTestMilliseconds: null, chosen: false }
  let opened: OpenedEngine
  try {
    opened = await OPENERS[name](options)
  } catch (error) {
    return { ...report, detail: messageOf(error) }
  }
  const { engine, software } = opened
  try {
    return {
      ...report,
      available: true,
      device: engine.device,
      detail: software ? SOFTWARE_DETAIL : null,
      speedTestMilliseconds: timed && !software ? await timeStep(engine) : null
    }
  } catch (error) {
    return { ...report, device: engine.device, detail: `The speed test failed: ${messageOf(error)}` }
  } finally {
    engine.dispose()
  }
}

function fastest(reports: EngineReport[]): EngineReport | undefined {
  const timed = reports.filter(({ speedTestMilliseconds }) => speedTestMilliseconds !== null)
  return timed.sort((a, b) => a.speedTestMilliseconds! - b.speedTestMilliseconds!)[0]
}

function inWords({ name, detail, speedTestMilliseconds, chosen }: EngineReport): string {
  if (speedTestMilliseconds === null) return `${name} took no part: ${detail}`
  const time = `${speedTestMilliseconds.toFixed(0)} ms a step in the speed test`
  return chosen ? `${name} was chosen with ${time}.` : `${name} took ${time}.`
}
