import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '#core/learning/random'
import { openEngine } from '#main/engines/engines'

/** Each computation by stock TensorFlow.js in JavaScript and by wasm with the project's kernels. */
beforeAll(async () => {
  await openEngine('tfjs-wasm', { threads: null })
})

type Shape = [number, number, number, number]

function values(shape: number[], seed: number): Float32Array {
  const random = createRandom(seed, 'values')
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal())
}

async function onBoth(compute: () => tf.Tensor[]): Promise<void> {
  const results: Float32Array[][] = []
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend)
    const before = tf.engine().backend.numDataIds()
    const tensors = tf.tidy(compute)
    results.push(tensors.map((tensor) => tensor.dataSync<'float32'>()))
    tf.dispose(tensors)
    expect(tf.engine().backend.numDataIds(), `values left on ${backend}`).toBe(before)
  }
  const [expected, actual] = results as [Float32Array[], Float32Array[]]
  expected.forEach((array, i) => {
    const largest = array.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(actual[i]).toHaveLength(array.length)
    array.forEach((value, k) => expect(Math.abs(actual[i]![k]! - value)).toBeLessThanOrEqual(1e-5 * largest))
  })
}

describe('gradients of a convolution', () => {
  test.each([
    [1, [2, 6, 10, 3], 4],
    [3, [2, 6, 10, 3], 4],
    [5, [1, 5, 7, 2], 3],
    [7, [3, 4, 4, 1], 2]
  ] as [number, Shape, number][])('kernel %i on %o', async (kernel, shape, filters) => {
    const filterShape: Shape = [kernel, kernel, shape[3], filters]
    await onBoth(() => {
      const x = tf.tensor4d(values(shape, 1), shape)
      const filter = tf.tensor4d(values(filterShape, 2), filterShape)
      const dy = tf.tensor4d(values([...shape.slice(0, 3), filters], 3), [
        shape[0],
        shape[1],
        shape[2],
        filters
      ])
      return tf.grads((x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'))(
        [x, filter],
        dy
      )
    })
  })
})

describe('a transposed convolution and its gradients', () => {
  test.each([
    [2, 2, [2, 3, 5, 6], 4],
    [4, 2, [2, 3, 5, 2], 3],
    [16, 8, [2, 2, 3, 2], 2],
    [64, 32, [1, 2, 2, 1], 1]
  ] as [number, number, Shape, number][])(
    'kernel %i, stride %i on %o',
    async (kernel, stride, shape, filters) => {
      const [count, height, width, channels] = shape
      const outShape: Shape = [count, height * stride, width * stride, filters]
      const filterShape: Shape = [kernel, kernel, filters, channels]
      await onBoth(() => {
        const x = tf.tensor4d(values(shape, 1), shape)
        const filter = tf.tensor4d(values(filterShape, 2), filterShape)
        const forward = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, outShape, stride, 'same')
        const dy = tf.tensor4d(values(outShape, 3), outShape)
        return [forward(x, filter), ...tf.grads(forward)([x, filter], dy)]
      })
    }
  )
})

describe('the gradient of max pooling', () => {
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same')

  test('is stock TensorFlow.js on values that differ', async () => {
    await onBoth(() => [
      tf.grad(pool)(
        tf.tensor4d(values([2, 6, 4, 3], 1), [2, 6, 4, 3]),
        tf.tensor4d(values([2, 3, 2, 3], 2), [2, 3, 2, 3])
      )
    ])
  })

  test('goes to the first of equal maxima', async () => {
    await tf.setBackend('wasm')
    const flat = tf.grad(pool)(tf.ones([1, 2, 4, 1]), tf.tensor4d([5, 7], [1, 1, 2, 1]))
    expect([...flat.dataSync()]).toEqual([5, 0, 7, 0, 0, 0, 0, 0])
    const late = tf.grad(pool)(tf.tensor4d([0, 0, 1, 1], [1, 2, 2, 1]), tf.tensor4d([3], [1, 1, 1, 1]))
    expect([...late.dataSync()]).toEqual([0, 0, 3, 0])
  })
})

test('replaced kernels still do all that the stock ones do', async () => {
  await onBoth(() => {
    const a = tf.tensor4d(values([2, 3, 4, 5], 1), [2, 3, 4, 5])
    const b = tf.tensor4d(values([2, 3, 4, 70], 2), [2, 3, 4, 70])
    return [
      ...[0, 3, [0, 1, 2], [1, 2], [2, 3]].map((axis) => tf.sum(a, axis)),
      tf.sum(a),
      tf.sum(a, [0, 1, 2], true),
      tf.concat([a, b], 3),
      tf.concat([a, a], 1),
      ...tf.split(b, [1, 64, 5], 3),
      ...tf.split(a, 3, 1),
      tf.clone(a),
      tf.cast(tf.cast(a, 'int32'), 'float32'),
      tf.cast(tf.concat([tf.ones([2], 'int32'), tf.zeros([2], 'int32')]), 'float32'),
      tf.cast(tf.sum(tf.ones([2, 3], 'int32'), 0), 'float32')
    ]
  })
})

test('a copy outlives what it was copied from', async () => {
  await tf.setBackend('wasm')
  const original = tf.tensor1d([1, 2, 3])
  const copy = tf.clone(original)
  const cast = tf.cast(original, 'float32')
  original.dispose()
  expect([...copy.dataSync(), ...cast.dataSync()]).toEqual([1, 2, 3, 1, 2, 3])
  tf.dispose([copy, cast])
})
