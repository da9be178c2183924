import { augment, batchAugmentations, type Corner } from '#core/learning/augment'
import type { TrainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
import { piecesOf, tilesOf, type Piece } from '#core/learning/tiles'
import type { Batch } from '#core/network/engine'
import { shapesOf, sizeOf } from '#core/network/shapes'
import type { NetworkSpec } from '#core/network/spec'

/** Steps until every crop was seen once; the last batch of an epoch may be smaller. */
export function stepsPerEpoch(crops: number, batch: number): number {
  return Math.ceil(crops / batch)
}

/**
 * The crops of a step's batch by number: every epoch goes through all of them once, in an order of its own.
 *
 * @param crops How many there are.
 * @param batch Greatest size of a batch.
 * @param step From 1.
 */
export function batchIndices(crops: number, batch: number, seed: number, step: number): number[] {
  const perEpoch = stepsPerEpoch(crops, batch)
  const order = epochOrder(crops, seed, Math.floor((step - 1) / perEpoch))
  return batchWithin(order, batch, step)
}

function epochOrder(crops: number, seed: number, epoch: number): number[] {
  return createRandom(seed, 'order', epoch).shuffle(Array.from({ length: crops }, (_, i) => i))
}

function batchWithin(order: number[], batch: number, step: number): number[] {
  const start = ((step - 1) % stepsPerEpoch(order.length, batch)) * batch
  return order.slice(start, start + batch)
}

/** A square of a sample's frame, as large as the network's input. */
export interface Crop extends Corner {
  sample: Sample
}

/** Which crops make up each step's batch. */
export interface CropPlan {
  /** Crops of an epoch. */
  count: number
  /** @param step From 1. */
  batch(step: number): Crop[]
}

/**
 * The crops of every step: an epoch goes once through the tiles of all frames, so that an image counts by its area,
 * each tile shifted at random by up to half of the way to its neighbours, within the frame. A frame no larger than the
 * network's input is one crop that stays where it is. The same for the same step, whenever it is asked for; quick
 * where the steps of an epoch are asked for one after the other.
 */
export function planCrops(
  samples: Sample[],
  { size, batch, seed }: Pick<TrainConfig, 'size' | 'batch' | 'seed'>
): CropPlan {
  const tiles = samples.flatMap((sample) => tilesOf(sample, size).map((tile) => ({ sample, ...tile })))
  const perEpoch = stepsPerEpoch(tiles.length, batch)
  let known: { epoch: number; order: number[] } | null = null

  return {
    count: tiles.length,
    batch(step) {
      const epoch = Math.floor((step - 1) / perEpoch)
      if (known?.epoch !== epoch) known = { epoch, order: epochOrder(tiles.length, seed, epoch) }
      const random = createRandom(seed, 'crops', step)
      return batchWithin(known.order, batch, step).map((index) => {
        const { sample, across, down } = tiles[index]!
        const [shiftX, shiftY] = [random.uniform(), random.uniform()]
        return {
          sample,
          left: shifted(across, sample.width, size, shiftX),
          top: shifted(down, sample.height, size, shiftY)
        }
      })
    }
  }
}

/** Where a piece of an edge begins once it was shifted. @param share 0 for the farthest to the left, 1 to the right. */
function shifted({ start }: Piece, edge: number, size: number, share: number): number {
  const pieces = piecesOf(edge, size).length
  if (pieces === 1) return start
  const spacing = (edge - size) / (pieces - 1)
  return Math.min(edge - size, Math.max(0, Math.round(start + (share - 0.5) * spacing)))
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
 * @param samples The training samples.
 * @param step From 1.
 */
export function batchOf(samples: Sample[], spec: NetworkSpec, config: TrainConfig, step: number): Batch {
  const { size, seed } = config
  const crops = planCrops(samples, config).batch(step)
  const count = crops.length
  const images = new Uint8Array(count * size * size * 3)
  const labels = new Uint8Array(count * size * size)
  const augmentations = batchAugmentations(config, count, seed, step)
  const pixels = size * size
  crops.forEach((crop, i) => {
    const image = images.subarray(3 * i * pixels, 3 * (i + 1) * pixels)
    const label = labels.subarray(i * pixels, (i + 1) * pixels)
    augment(crop.sample, size, augmentations[i]!, image, label, crop)
  })
  return { count, images, labels, dropout: dropoutFactors(spec, config.dropout, count, seed, step) }
}
