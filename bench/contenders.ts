import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { messageOf } from '#core/errors'
import { outputsOf } from '#core/learning/config'
import { parseArchitecture } from '#core/network/architecture'
import { ENGINES, type EngineName } from '#core/network/engine'
import { startLineProcess, type LineProcess } from './lineProcess'
import { NAIVE, opened, prepared, stepped } from './protocol'
import { findTorch, startTorch, threadVariables } from './torch'
import type { Work } from './works'

/** A process that takes part. */
export interface Contender {
  name: string
  role: 'engine' | 'naive' | 'PyTorch'
  device: string
  process: LineProcess
}

type Candidate = Omit<Contender, 'device'> & { opening: object }

/** Steps before the timed ones, which choose kernels and reserve memory. */
const WARM_UP = 2

/**
 * Opens everyone who takes part, ready to take the work's steps: the engines, with `naive` stock TensorFlow.js, and
 * PyTorch in every version found, with its arrays in its usual order and in the one that is often faster.
 *
 * @param engines Names; empty for all engines but those that only pretend to be a GPU.
 * @param leftOut Called with a sentence for each that cannot do the work here.
 */
export async function openContenders(
  work: Work,
  { engines, threads, naive }: { engines: EngineName[]; threads: number; naive: boolean },
  leftOut: (sentence: string) => void
): Promise<Contender[]> {
  const torches = await findTorch()
  if (torches.length === 0) {
    leftOut(
      'PyTorch is left out: no python3 imports torch (Debian: python3-torch; JACCARD_PYTHON names another).'
    )
  }
  const candidates = [
    ...(engines.length > 0 ? engines : ENGINES).map((name) => stepper(name, 'engine', threads)),
    ...(naive ? [stepper(NAIVE, 'naive', threads)] : []),
    ...torches.flatMap((torch) =>
      [false, true].map((channelsLast) => ({
        name: `PyTorch ${torch.version}, ${channelsLast ? 'channels last' : 'contiguous'}`,
        role: 'PyTorch' as const,
        process: startTorch(torch, threads),
        opening: { type: 'open', threads, channelsLast }
      }))
    )
  ]
  const contenders: Contender[] = []
  for (const { opening, ...candidate } of candidates) {
    const { name, process } = candidate
    try {
      const { device, software } = await process.ask(opening, opened)
      if (software && engines.length === 0) throw new Error(`${device} is no GPU; name the engine to time it`)
      await prepare(process, work)
      await takeSteps(process, WARM_UP)
      contenders.push({ ...candidate, device })
    } catch (error) {
      leftOut(`${name} is left out: ${messageOf(error)}`)
      process.end()
    }
  }
  return contenders
}

/** Builds the work's network and a batch for it. */
export async function prepare(process: LineProcess, work: Work): Promise<void> {
  const spec = parseArchitecture(work.architecture, work.size, outputsOf(work.loss))
  await process.ask({ type: 'prepare', work, spec }, prepared)
}

/** Takes steps with the last work that was prepared, and reads the loss back after the last of them. */
export function takeSteps(process: LineProcess, count: number): Promise<z.infer<typeof stepped>> {
  return process.ask({ type: 'steps', count }, stepped)
}

function stepper(name: EngineName | typeof NAIVE, role: Contender['role'], threads: number): Candidate {
  return { name, role, process: startStepper(threads), opening: { type: 'open', engine: name, threads } }
}

/** Starts `stepper.ts`, which has to be told next which engine to open. */
export function startStepper(threads: number): LineProcess {
  const sources = new URL('../scripts/sources.mjs', import.meta.url).href
  const stepper = fileURLToPath(new URL('stepper.ts', import.meta.url))
  return startLineProcess(process.execPath, ['--import', sources, stepper], threadVariables(threads))
}
