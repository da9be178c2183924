import { createInterface } from 'node:readline'
import { messageOf } from '#core/errors'
import { dropoutFactors } from '#core/learning/batches'
import { outputsOf } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { createRandom } from '#core/learning/random'
import { parseArchitecture } from '#core/network/architecture'
import type { Batch, CompiledNetwork, Engine, OpenedEngine } from '#core/network/engine'
import type { NetworkSpec } from '#core/network/spec'
import { initialWeights } from '#core/network/weights'
import { openEngine } from '#main/engines/engines'
import { openNaive } from './naive'
import { profileSessions } from './profiling'
import { NAIVE, request, type Answer, type Request } from './protocol'
import type { Work } from './works'

/** A process with one engine, which does what `protocol.ts` says. */

let engine: Engine
let network: CompiledNetwork | undefined
let batch: Batch
let learningRate: number
let endProfiles = () => {}

// Whatever a library prints goes beside the answers, not between them.
console.log = console.info = console.error

for await (const line of createInterface({ input: process.stdin })) {
  let answer: Answer
  try {
    answer = await answerTo(request.parse(JSON.parse(line)))
  } catch (error) {
    answer = { type: 'failed', message: messageOf(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
// Drivers and workers would keep the process.
process.exit()

async function answerTo(request: Request): Promise<Answer> {
  switch (request.type) {
    case 'open': {
      const { engine: name, threads, profileTo } = request
      if (profileTo) endProfiles = await profileSessions(profileTo)
      const found: OpenedEngine = name === NAIVE ? await openNaive() : await openEngine(name, { threads })
      engine = found.engine
      return { type: 'opened', device: engine.device, software: found.software }
    }
    case 'prepare':
      await prepare(request.work)
      return { type: 'prepared' }
    case 'steps':
      return {
        type: 'stepped',
        milliseconds: (await timeOf(request.count)) / request.count,
        peakMemory: process.resourceUsage().maxRSS * 1024
      }
    case 'profile':
      endProfiles()
      return { type: 'profiled' }
  }
}

async function timeOf(steps: number): Promise<number> {
  if (!network) throw new Error('No work was prepared.')
  const start = performance.now()
  for (let step = 0; step < steps; step++) await network.step(batch, learningRate)
  await network.losses()
  return performance.now() - start
}

async function prepare(work: Work): Promise<void> {
  network?.dispose()
  const spec = parseArchitecture(work.architecture, work.size, outputsOf(work.loss))
  network = await engine.compile(spec, { ...DEFAULTS, ...work })
  await network.writeWeights(initialWeights(spec, 0))
  batch = randomBatch(spec, work)
  learningRate = work.learningRate
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
