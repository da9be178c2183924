import { expect, test } from 'vitest'
import { readOptions } from '../../bench/options'

test('without words everything is measured, and recorded', () => {
  expect(readOptions([])).toMatchObject({
    engines: [],
    works: ['vgg', 'unet'],
    interval: 1,
    naive: false,
    profile: null,
    record: true
  })
})

test('words name engines, work, rounds and threads', () => {
  const words = 'tfjs-wasm onnx-cpu --work unet --rounds 3 --threads 4 --naive --no-record'
  expect(readOptions(words.split(' '))).toEqual({
    engines: ['tfjs-wasm', 'onnx-cpu'],
    works: ['unet'],
    rounds: 3,
    threads: 4,
    interval: 1,
    naive: true,
    profile: null,
    record: false
  })
})

test.each([
  [['tfjs-wsam'], 'no engine named tfjs-wsam'],
  [['--work', 'resnet'], 'no work named resnet'],
  [['--rounds', '0'], '--rounds has to be a whole number above 0, not 0'],
  [['--threads', 'all'], '--threads has to be'],
  [['--profile', 'torch'], 'no engine named torch'],
  [['--fast'], '--fast']
])('%j is refused, and shows what there is', (words, complaint) => {
  expect(() => readOptions(words)).toThrow(complaint)
  expect(() => readOptions(words)).toThrow('npm run bench --')
})
