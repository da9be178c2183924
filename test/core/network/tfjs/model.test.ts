import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { parseArchitecture } from '#core/network/architecture'
import { layersModel } from '#core/network/tfjs/model'
import { someBatch, someWeights } from '../../../fixtures/networks'
import { plainPrediction, plainWeights } from '../../../fixtures/plainNetwork'

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

test.each([
  ['VGG6xs-Fc6-k3-24-Deconv-k16s8', 24, 1],
  ['VGG6xs-Fc6-k1-8-Deconv-k64s32', 32, 2],
  ['UNet-xs', 16, 2]
] as const)(
  'the layers model of %s at %i² has the logits of the definition',
  (architecture, size, outputs) => {
    const spec = parseArchitecture(architecture, size, outputs)
    const weights = someWeights(spec)
    const batch = someBatch(spec, 2)
    const p = tf.tidy(() => {
      const images = tf.tensor4d(
        Float32Array.from(batch.images, (byte) => byte / 255),
        [2, size, size, 3]
      )
      const logits = layersModel(tf, spec, weights).predict(images) as tf.Tensor
      expect(logits.shape).toEqual([2, size, size, outputs])
      const foreground = outputs === 1 ? tf.sigmoid(logits) : tf.softmax(logits).slice([0, 0, 0, 1])
      return foreground.dataSync()
    })
    const expected = plainPrediction(spec, plainWeights(weights), batch, { reluLogits: false })
    expect(p).toHaveLength(expected.length)
    expected.forEach((value, i) => expect(Math.abs(p[i]! - value)).toBeLessThan(1e-5))
  }
)

test("the layers model keeps the spec's names, so that a reader of the export finds its way", () => {
  const spec = parseArchitecture('UNet-xs', 16, 1)
  const model = layersModel(tf, spec, someWeights(spec))
  const kept = spec.layers.filter(({ op }) => op !== 'dropout').map(({ name }) => name)
  expect(model.layers.map(({ name }) => name).sort()).toEqual(kept.sort())
  model.dispose()
})
