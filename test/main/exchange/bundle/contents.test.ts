import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Quantization } from '#core/api/values'
import { parseArchitecture } from '#core/network/architecture'
import { bundleContents, type TrainedModel } from '#main/exchange/bundle/contents'
import { modelJson, preprocess } from '#main/exchange/bundle/format'
import { appProbabilities, randomWeights, redFinder, testImage, trainedModel } from '../../../fixtures/models'

const PARTS = new Map([['jaccard.js', Buffer.from('// loader\n')]])

function network(architecture: string, size: number, outputs: 1 | 2, reluLogits = false): TrainedModel {
  const spec = parseArchitecture(architecture, size, outputs)
  return trainedModel({ spec, weights: randomWeights(spec, 3), reluLogits })
}

const json = (files: Map<string, Uint8Array>, name: string): unknown =>
  JSON.parse(new TextDecoder().decode(files.get(name)))

/** Probabilities by stock TensorFlow.js out of the files alone. */
async function bundleProbabilities(files: Map<string, Uint8Array>, image: Uint8Array): Promise<Float32Array> {
  const { weightsManifest, modelTopology } = modelJson.parse(json(files, 'model.json'))
  const { paths, weights } = weightsManifest[0]!
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weights as unknown as tf.io.WeightsManifestEntry[],
      weightData: new Uint8Array(Buffer.concat(paths.map((path) => files.get(path)!))).buffer
    })
  )
  const { size, divideBy } = preprocess.parse(json(files, 'preprocess.json')).input
  const output = tf.tidy(() => {
    const input = tf.tensor4d(
      Float32Array.from(image, (byte) => byte / divideBy),
      [1, size, size, 3]
    )
    return model.predict(input) as tf.Tensor
  })
  expect(output.shape).toEqual([1, size, size, 1])
  const values = (await output.data()) as Float32Array
  output.dispose()
  model.dispose()
  return values
}

const greatestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

beforeAll(() => tf.setBackend('cpu'))

describe('an exported model in stock TensorFlow.js', () => {
  const networks: [string, TrainedModel][] = [
    ['one logit through a sigmoid', network('UNet-xs', 32, 1)],
    ['two logits through a softmax', network('UNet-xs', 32, 2)],
    ['two clipped logits', network('UNet-xs', 32, 2, true)],
    ['a transposed convolution at the end', network('VGG6xs-Fc6-k1-16-Deconv-k16s8', 32, 2)]
  ]

  it.each(networks)('predicts as the app does: %s', async (_, trained) => {
    const image = testImage(trained.spec.size)
    const app = await appProbabilities(trained, image)
    // The test would say nothing about a network that is certain of one answer.
    expect(app.filter((p) => p > 0.05 && p < 0.95).length).toBeGreaterThan(app.length / 10)
    const bundle = await bundleProbabilities(await bundleContents(trained, 'none', PARTS), image)
    expect(bundle.length).toBe(app.length)
    expect(greatestDifference(app, bundle)).toBeLessThan(1e-6)
  })

  it.each<[Quantization, number]>([
    ['float16', 0.02],
    ['uint8', 0.25]
  ])('predicts nearly the same with %s weights, within %d', async (quantization, tolerance) => {
    for (const outputs of [1, 2] as const) {
      const trained = network('UNet-xs', 32, outputs)
      const image = testImage(32)
      const files = await bundleContents(trained, quantization, PARTS)
      const difference = greatestDifference(
        await appProbabilities(trained, image),
        await bundleProbabilities(files, image)
      )
      expect(difference).toBeLessThan(tolerance)
      expect(difference).toBeGreaterThan(0)
    }
  })

  it('has smaller weight files with fewer bits', async () => {
    const trained = network('UNet-xs', 32, 2)
    const bytes = async (quantization: Quantization) =>
      (await bundleContents(trained, quantization, PARTS)).get('weights-1of1.bin')!.byteLength
    const [full, half, quarter] = [await bytes('none'), await bytes('float16'), await bytes('uint8')]
    expect(half / full).toBeCloseTo(0.5, 1)
    expect(quarter / full).toBeCloseTo(0.25, 1)
  })

  it('leaves no tensor behind in the app', async () => {
    const before = tf.memory().numTensors
    await bundleContents(network('UNet-xs', 32, 2), 'none', PARTS)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('what an exported model says of itself', () => {
  it('is all that a prediction depends on, and where the model comes from', async () => {
    const trained = { ...redFinder(2), threshold: 0.375 }
    const info = preprocess.parse(json(await bundleContents(trained, 'float16', PARTS), 'preprocess.json'))
    expect(info).toMatchObject({
      name: 'Nuclei',
      input: { size: 64, channels: 'RGB', divideBy: 255, resize: { rule: 'stretch-triangle' } },
      output: { kind: 'probability', head: 'softmax' },
      threshold: 0.375,
      quantization: 'float16',
      training: { run: 1, loss: 'iou+xent', seed: 7, step: 400, metrics: { iou1: 0.7 } },
      versions: { tfjs: tf.version['tfjs-layers'] }
    })
  })

  it('includes a readme with this model’s numbers', async () => {
    const files = await bundleContents({ ...redFinder(1), threshold: 0.375 }, 'none', PARTS)
    const readme = new TextDecoder().decode(files.get('README.md'))
    expect(readme).toContain('`[1, 64, 64, 3]`')
    expect(readme).toContain('greater than 0.375')
    expect(readme).toContain('| IoU of foreground | 70.0 % |')
    expect(readme).toContain('`weights-1of1.bin`')
    expect(readme).not.toMatch(/undefined|null|NaN|\[object/)
  })

  it('says so when nothing is known about its quality', async () => {
    const files = await bundleContents({ ...redFinder(1), metrics: null, baselines: null }, 'none', PARTS)
    expect(new TextDecoder().decode(files.get('README.md'))).toContain('without validation images')
  })
})
