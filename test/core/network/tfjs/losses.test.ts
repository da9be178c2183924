import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { LOSSES, outputsOf, type LossName } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { lossOf } from '#core/learning/losses'
import { createRandom } from '#core/learning/random'
import { lossTensor } from '#core/network/tfjs/losses'

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

const masks: Record<string, (draw: number) => number> = {
  mixed: (draw) => draw,
  empty: () => 0,
  full: () => 1,
  'all unknown': () => 2
}
const scales = { small: 1, tied: 0, huge: 1e4 }

const cases = LOSSES.flatMap((loss) =>
  Object.keys(masks).flatMap((mask) =>
    (Object.keys(scales) as (keyof typeof scales)[]).flatMap((scale) =>
      [false, true].map((other): [LossName, string, keyof typeof scales, boolean] => [
        loss,
        mask,
        scale,
        other
      ])
    )
  )
)

test.each(cases)(
  '%s on a mask that is %s, logits %s, other settings %s, is the pure function',
  (loss, mask, scale, other) => {
    const outputs = outputsOf(loss)
    const random = createRandom(1, loss, mask)
    const label = Uint8Array.from({ length: 24 }, () => masks[mask]!(random.integer(3)))
    const logits = Float32Array.from({ length: 24 * outputs }, () => scales[scale] * random.normal())
    const settings = { loss, reluLogits: other, positiveWeight: other ? 3 : 1, focusing: other ? 0.5 : 2 }
    const expected = lossOf(settings, logits, label)
    tf.tidy(() => {
      const labels = tf.tensor3d(Float32Array.from(label), [2, 3, 4])
      const { value, grad } = tf.valueAndGrad((z: tf.Tensor) =>
        lossTensor(tf, settings, z as tf.Tensor4D, labels)
      )(tf.tensor4d(logits, [2, 3, 4, outputs]))
      const size = Math.max(1, Math.abs(expected.loss))
      expect(Math.abs(value.dataSync()[0]! - expected.loss) / size).toBeLessThan(1e-6)
      const gradient = grad.dataSync()
      expected.gradient.forEach((slope, i) => expect(Math.abs(gradient[i]! - slope)).toBeLessThan(1e-6))
    })
  }
)

test.each(LOSSES)('%s is no number where a logit is none', (loss) => {
  const outputs = outputsOf(loss)
  const logits = Float32Array.from({ length: 24 * outputs }, (_, i) => (i % 5 ? 1 : NaN))
  const labels = tf.ones([2, 3, 4])
  const value = lossTensor(tf, { ...DEFAULTS, loss }, tf.tensor4d(logits, [2, 3, 4, outputs]), labels)
  expect(value.dataSync()[0]).toBeNaN()
})
