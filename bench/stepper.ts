import { ENGINES, type Batch, type CompiledNetwork, type EngineName } from '#core/network/engine'
import { outputsOf, type LossName } from '#core/learning/config'
import { dropoutFactors } from '#core/learning/batches'
import { createRandom } from '#core/learning/random'
import { parseArchitecture } from '#core/network/architecture'
import type { NetworkSpec } from '#core/network/spec'
import { initialWeights } from '#core/network/weights'
import { openEngine } from '#main/engines/engines'

/** One thing that is timed. */
export interface Work {
  architecture: string
  size: number
  batch: number
  loss: LossName
  dropout: number
}

/** What `step.ts` asks of a stepper, a process with one engine; it answers each with a `StepperReport`. */
export type StepperRequest = { prepare: Work } | 'step'

export interface StepperReport {
  device: string
  /** Of the step that was asked for, loss read back; 0 for a preparation. */
  milliseconds: number
  /** The most memory this process has had, in bytes. */
  peakMemory: number
}

const name = ENGINES.find((engine) => engine === process.argv[2]) as EngineName
const { engine } = await openEngine(name, { threads: null })
let network: CompiledNetwork
let batch: Batch

process.on('message', (request: StepperRequest) => {
  void answer(request).then((milliseconds) => {
    const report: StepperReport = {
      device: engine.device,
      milliseconds,
      peakMemory: process.resourceUsage().maxRSS * 1024
    }
    process.send!(report)
  })
})

async function answer(request: StepperRequest): Promise<number> {
  if (request !== 'step') {
    await prepare(request.prepare)
    return 0
  }
  const start = performance.now()
  await network.step(batch)
  await network.losses()
  return performance.now() - start
}

async function prepare(work: Work): Promise<void> {
  network?.dispose()
  const spec = parseArchitecture(work.architecture, work.size, outputsOf(work.loss))
  network = await engine.compile(spec, { loss: work.loss, learningRate: 1e-4, reluLogits: false })
  await network.writeWeights(initialWeights(spec, 0))
  batch = randomBatch(spec, work)
}

/** Noise with blocks of foreground: the time of a step does not depend on what the pixels show. */
function randomBatch(spec: NetworkSpec, { size, batch: count, dropout }: Work): Batch {
  const random = createRandom(0, 'bench')
  return {
    count,
    images: Uint8Array.from({ length: count * size * size * 3 }, () => random.integer(256)),
    labels: Uint8Array.from({ length: count * size * size }, (_, i) => (i >> 5) & 1),
    dropout: dropoutFactors(spec, dropout, count, 0, 1)
  }
}
