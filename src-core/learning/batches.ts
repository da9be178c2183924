import { augment, batchAugmentations } from '#core/learning/augment'
import type { TrainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
import type { Batch } from '#core/network/engine'
import { shapesOf, sizeOf } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'

/** Steps until every sample was seen once; the last batch of an epoch may be smaller. */
export function stepsPerEpoch(samples: number, batch: number): number {
  return Math.ceil(samples / batch)
}

/**
 * The samples of a step's batch: every epoch goes through all of them once, in an order of its own.
 *
 * @param samples How many there are.
 * @param batch Greatest size of a batch.
 * @param step From 1.
 */
export function batchIndices(samples: number, batch: number, seed: number, step: number): number[] {
  const perEpoch = stepsPerEpoch(samples, batch)
  const epoch = Math.floor((step - 1) / perEpoch)
  const order = createRandom(seed, 'order', epoch).shuffle(Array.from({ length: samples }, (_, i) => i))
  const start = ((step - 1) % perEpoch) * batch
  return order.slice(start, start + batch)
}

/**
 * The factors of a step's dropout (Srivastava et al. 2014, scaled while training): per dropout layer
 * `[count, h, w, c]`, 0 with probability `rate`, 1 / (1 − rate) elsewhere. Empty where the rate is 0.
 */
export function dropoutFactors(
  spec: NetworkSpec,
  rate: number,
  count: number,
  seed: number,
  step: number
): Map<string, Float32Array> {
  const factors = new Map<string, Float32Array>()
  if (rate === 0) return factors
  const shapes = shapesOf(spec)
  for (const layer of spec.layers) {
    if (layer.op !== 'dropout') continue
    const random = createRandom(seed, 'dropout', layer.name, step)
    // Looked up, since a processor guesses wrong at every second branch of a coin's.
    const factor = Float32Array.of(0, 1 / (1 - rate))
    const values = new Float32Array(count * sizeOf(shapes.get(layer.name)!))
    for (let i = 0; i < values.length; i++) values[i] = factor[Number(random.uniform() >= rate)]!
    factors.set(layer.name, values)
  }
  return factors
}

/**
 * The batch of one step. It follows from the arguments alone, so that a resumed run sees the batches that it
 * would have seen without the break.
 *
 * @param samples The training samples at `config.size`.
 * @param step From 1.
 */
export function batchOf(samples: Sample[], spec: NetworkSpec, config: TrainConfig, step: number): Batch {
  const { size, seed } = config
  const chosen = batchIndices(samples.length, config.batch, seed, step).map((index) => samples[index]!)
  const count = chosen.length
  const images = new Uint8Array(count * size * size * 3)
  const labels = new Uint8Array(count * size * size)
  const augmentations = batchAugmentations(config, count, seed, step)
  const pixels = size * size
  chosen.forEach((sample, i) => {
    const image = images.subarray(3 * i * pixels, 3 * (i + 1) * pixels)
    const label = labels.subarray(i * pixels, (i + 1) * pixels)
    augment(sample, size, augmentations[i]!, image, label)
  })
  return { count, images, labels, dropout: dropoutFactors(spec, config.dropout, count, seed, step) }
}
