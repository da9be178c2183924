import { describe, expect, test } from 'vitest'
import { messageOf } from '#core/errors'
import { outputsOf, type LossName } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import type { OpenedEngine } from '#core/network/engine'
import { openTensorflow } from '#main/engines/tensorflow'
import { openWasm } from '#main/engines/wasm'
import { someBatch, someWeights } from '../../fixtures/networks'

const missing = await openTensorflow({ threads: null }).then(() => null, messageOf)

// TensorFlow takes other kernels for large batches than for the small ones that every engine is tested on, and in
// some versions one of them ends the process.
describe('at the size of a real run', () => {
  test.for<[string, number, number, LossName]>([
    ['VGG6xs-Fc6-k1-512-Deconv-k64s32', 224, 10, 'iou'],
    ['UNet-xs', 128, 4, 'iou+xent']
  ])('%s at %i², batch %i, %s: all is as on wasm', async ([name, size, count, loss], { skip }) => {
    if (missing && process.env.REQUIRE_ALL) expect.fail(missing)
    if (missing) return skip(missing)

    const spec = parseArchitecture(name, size, outputsOf(loss))
    const weights = someWeights(spec)
    const batch = someBatch(spec, count)
    const outcomeOn = async ({ engine }: OpenedEngine) => {
      const network = await engine.compile(spec, { ...DEFAULTS, loss })
      await network.writeWeights(weights)
      const differentiated = await network.gradients(batch)
      const prediction = await network.predict(batch.images, count)
      engine.dispose()
      return { ...differentiated, prediction }
    }
    const expected = await outcomeOn(await openWasm())
    const actual = await outcomeOn(await openTensorflow({ threads: null }))

    expect(actual.loss).toBeCloseTo(expected.loss, 5)
    expect(relativeDistance(actual.prediction, expected.prediction)).toBeLessThan(1e-5)
    // Among so many values a pooling meets two that are equal but for rounding, and the engines take one each.
    for (const [parameter, values] of expected.gradients) {
      const distance = relativeDistance(actual.gradients.get(parameter)!, values)
      expect(distance, parameter).toBeLessThan(1e-3)
    }
  })
})

/** The length of the difference, in lengths of the second. */
function relativeDistance(actual: Float32Array, expected: Float32Array): number {
  return length(actual.map((value, i) => value - expected[i]!)) / length(expected)
}

function length(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
}
