import { outputsOf } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import { parseArchitecture } from '#core/network/architecture'
import type { Batch, Engine, Objective } from '#core/network/engine'
import { initialWeights } from '#core/network/weights'

const SIZE = 64
const COUNT = 4
const STEPS = 3
const OBJECTIVE: Objective = { loss: 'iou+xent', learningRate: 1e-3, reluLogits: false }

/**
 * Milliseconds of one training step of a small U-Net, the fastest of a few after a first one that does not
 * count. A second or two on a slow CPU.
 */
export async function timeStep(engine: Engine): Promise<number> {
  const spec = parseArchitecture('UNet-xs', SIZE, outputsOf(OBJECTIVE.loss))
  const network = await engine.compile(spec, OBJECTIVE)
  try {
    await network.writeWeights(initialWeights(spec, 0))
    const batch = randomBatch()
    let fastest = Infinity
    for (let step = 0; step <= STEPS; step++) {
      const start = performance.now()
      await network.step(batch)
      // Reading the loss waits for the device.
      await network.loss()
      if (step > 0) fastest = Math.min(fastest, performance.now() - start)
    }
    return fastest
  } finally {
    network.dispose()
  }
}

function randomBatch(): Batch {
  const random = createRandom(0, 'speed test')
  return {
    count: COUNT,
    images: Uint8Array.from({ length: COUNT * SIZE * SIZE * 3 }, () => random.integer(256)),
    labels: Uint8Array.from({ length: COUNT * SIZE * SIZE }, () => random.integer(2)),
    dropout: new Map()
  }
}
