import type { TrainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
import type { Batch } from '#core/network/engine'
import { shapesOf, sizeOf } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'

/** Which mirror images a sample is replaced by. */
export interface Flip {
  horizontal: boolean
  vertical: boolean
}

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

/** How each of a step's `count` samples is mirrored. */
export function batchFlips(count: number, seed: number, step: number): Flip[] {
  const random = createRandom(seed, 'flips', step)
  return Array.from({ length: count }, () => ({
    horizontal: random.integer(2) === 1,
    vertical: random.integer(2) === 1
  }))
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
  const flips = config.flips ? batchFlips(count, seed, step) : []
  chosen.forEach(({ image, label }, i) => {
    const flip = flips[i] ?? { horizontal: false, vertical: false }
    copyFlipped(image, images.subarray(i * image.length, (i + 1) * image.length), size, 3, flip)
    copyFlipped(label, labels.subarray(i * label.length, (i + 1) * label.length), size, 1, flip)
  })
  return { count, images, labels, dropout: dropoutFactors(spec, config.dropout, count, seed, step) }
}

/** Copies `[size, size, channels]`, mirrored. */
function copyFlipped(from: Uint8Array, to: Uint8Array, size: number, channels: number, flip: Flip): void {
  if (!flip.horizontal && !flip.vertical) {
    to.set(from)
    return
  }
  const width = size * channels
  for (let y = 0; y < size; y++) {
    const source = (flip.vertical ? size - 1 - y : y) * width
    const target = y * width
    if (!flip.horizontal) to.set(from.subarray(source, source + width), target)
    else {
      for (let x = 0; x < width; x += channels) {
        for (let c = 0; c < channels; c++) to[target + x + c] = from[source + width - channels - x + c]!
      }
    }
  }
}
