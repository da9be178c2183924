import type * as tensorflow from '@tensorflow/tfjs'
import { autoContrast } from '#core/learning/contrast'
import { frameOf, type Extent } from '#core/learning/frame'
import { predictAll } from '#core/learning/predictAll'
import { enlargeProbabilities, resampleImage } from '#core/learning/resample'
import type { Preprocess } from '../format'
import { pixelsOf, type Picture } from './pixels'

export type Tensorflow = typeof tensorflow

/** A bundle's content inside of a script, for pages opened from disk, where nothing can be fetched. */
export interface Embedded {
  preprocess: Preprocess
  /** `model.json`. */
  model: {
    modelTopology: tensorflow.io.ModelJSON['modelTopology']
    weightsManifest: tensorflow.io.WeightsManifestConfig
  }
  /** The weight files one after the other, each in base64. */
  weights: string[]
}

export interface Prediction {
  /** Of the picture, in pixels. */
  width: number
  height: number
  /** `[height, width]`, 1 where the probability is greater than the threshold, else 0. */
  mask: Uint8Array
  /** `[height, width]`, foreground probability, 0 to 1. */
  probabilities: Float32Array
}

export interface Model {
  readonly preprocess: Preprocess
  /** The mask of a picture at the picture's own size. */
  predict(picture: Picture, options?: { threshold?: number }): Promise<Prediction>
  /** The network's own output, `[height, width]` of what it sees, before it is scaled back to the picture. */
  predictFrame(picture: Picture): Promise<Extent & { probabilities: Float32Array }>
  /** Frees the weights' memory. */
  dispose(): void
}

/**
 * Loads an exported model.
 *
 * @param source The folder's address, or its content from `model-embedded.js`.
 * @param options.tf TensorFlow.js, where it is not the global `tf`.
 * @throws Error if a file is missing or is not what it should be.
 */
export async function load(
  source: string | URL | Embedded = './',
  options: { tf?: Tensorflow } = {}
): Promise<Model> {
  const tf = options.tf ?? (globalThis as { tf?: Tensorflow }).tf
  if (!tf) throw new Error('TensorFlow.js is missing: load tf.min.js first, or pass { tf }.')
  return typeof source === 'object' && 'weights' in source ? fromMemory(tf, source) : fromFolder(tf, source)
}

async function fromFolder(tf: Tensorflow, address: string | URL): Promise<Model> {
  const base = new URL(String(address).replace(/\/?$/, '/'), globalThis.location?.href)
  const url = new URL('preprocess.json', base)
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The model is incomplete: ${url.href} could not be loaded.`)
  const preprocess = (await response.json()) as Preprocess
  return createModel(tf, await tf.loadLayersModel(new URL('model.json', base).href), preprocess)
}

async function fromMemory(tf: Tensorflow, { model, weights, preprocess }: Embedded): Promise<Model> {
  const network = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
      weightData: await new Blob(weights.map(bytesOfBase64)).arrayBuffer()
    })
  )
  return createModel(tf, network, preprocess)
}

function createModel(tf: Tensorflow, network: tensorflow.LayersModel, preprocess: Preprocess): Model {
  const { size, divideBy } = preprocess.input

  async function inferTiles(bytes: Uint8Array, count: number): Promise<Float32Array> {
    const output = tf.tidy(() => {
      const input = tf.tensor4d(
        Float32Array.from(bytes, (byte) => byte / divideBy),
        [count, size, size, 3]
      )
      return network.predict(input) as tensorflow.Tensor
    })
    try {
      return (await output.data()) as Float32Array
    } finally {
      output.dispose()
    }
  }

  async function infer({
    data,
    width,
    height
  }: ImageData): Promise<Extent & { probabilities: Float32Array }> {
    const frame = frameOf(preprocess.input, { width, height })
    const scaled = resampleImage(data, width, height, 4, frame)
    const image = preprocess.input.autoContrast ? autoContrast(scaled) : scaled
    // One tile at a time leaves the page time to answer, and takes no more memory for a large picture.
    const predicted = predictAll({ predict: inferTiles }, [{ ...frame, image }], { size, batch: 1 })
    for await (const { probabilities } of predicted) return { ...frame, probabilities }
    throw new Error('The picture has no pixels.')
  }

  return {
    preprocess,
    async predict(picture, { threshold = preprocess.threshold } = {}) {
      const pixels = await pixelsOf(picture)
      const { width, height } = pixels
      const frame = await infer(pixels)
      const probabilities = enlargeProbabilities(frame.probabilities, frame, { width, height })
      return { width, height, probabilities, mask: maskOf(probabilities, threshold) }
    },
    async predictFrame(picture) {
      return infer(await pixelsOf(picture))
    },
    dispose: () => network.dispose()
  }
}

function maskOf(probabilities: Float32Array, threshold: number): Uint8Array {
  const mask = new Uint8Array(probabilities.length)
  for (let i = 0; i < mask.length; i++) mask[i] = probabilities[i]! > threshold ? 1 : 0
  return mask
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
