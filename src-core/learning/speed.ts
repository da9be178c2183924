import { outputsOf } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { createRandom } from '#core/learning/random'
import { parseArchitecture } from '#core/network/architecture'
import type { Batch, Engine, Objective } from '#core/network/engine'
import { initialWeights } from '#core/network/weights'

/** What the speed test trains. */
export const SPEED_TEST = { architecture: 'UNet-xs', size: 64, batch: 4 }
const ROUNDS = 3
const OBJECTIVE: Objective = { ...DEFAULTS, loss: 'iou+xent' }
const LEARNING_RATE = 1e-3

/**
 * Milliseconds of one training step of a small U-Net, losses read as rarely as in a run; the fastest of a few
 * rounds after a first step that does not count. A second or two on a slow CPU.
 */
export async function timeStep(engine: Engine): Promise<number> {
  const spec = parseArchitecture(SPEED_TEST.architecture, SPEED_TEST.size, outputsOf(OBJECTIVE.loss))
  const network = await engine.compile(spec, OBJECTIVE)
  try {
    await network.writeWeights(initialWeights(spec, 0))
    const batch = randomBatch()
    const time = async (steps: number) => {
      const start = performance.now()
      for (let step = 0; step < steps; step++) await network.step(batch, LEARNING_RATE)
      // Reading the losses waits for the device.
      await network.losses()
      return (performance.now() - start) / steps
    }
    await time(1)
    let fastest = Infinity
    for (let round = 0; round < ROUNDS; round++) {
      fastest = Math.min(fastest, await time(engine.lossInterval))
    }
    return fastest
  } finally {
    network.dispose()
  }
}

function randomBatch(): Batch {
  const random = createRandom(0, 'speed test')
  const pixels = SPEED_TEST.batch * SPEED_TEST.size ** 2
  return {
    count: SPEED_TEST.batch,
    images: Uint8Array.from({ length: pixels * 3 }, () => random.integer(256)),
    labels: Uint8Array.from({ length: pixels }, () => random.integer(2)),
    dropout: new Map()
  }
}
