import { expect, test } from 'vitest'
import { measureWaiting, tableOfWaiting } from '../../bench/waiting'
import { WORKS } from '../../bench/works'

test('the training loop is timed in a trainer of its own, with what it waited for its batches', async () => {
  const work = { ...WORKS.vgg, architecture: 'VGG6xs-Fc6-k1-16-Deconv-k16s8', size: 32 }
  const waiting = await measureWaiting('tfjs-wasm', 1, work)
  expect(waiting.steps).toBeGreaterThan(0)
  expect(waiting.milliseconds).toBeGreaterThan(0)
  expect(waiting.waitedMilliseconds).toBeLessThan(waiting.milliseconds)
})

test('the share is of all steps together', () => {
  const table = tableOfWaiting([
    { engine: 'onnx-cpu', steps: 20, milliseconds: 2400, waitedMilliseconds: 60 }
  ])
  expect(table.at(-1)).toBe('| onnx-cpu | 20 | 120.0 | 3.0 ms | 2.5 % |')
})
