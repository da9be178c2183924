import { expect, test } from 'vitest'
import { tableOfSteps, type Measured } from '../../bench/steps'

function measured(name: string, role: Measured['role'], times: number[]): Measured {
  return { name, role, device: 'CPU', times, peakMemory: 500e6 }
}

const engine = measured('onnx-cpu', 'engine', [110, 300, 120])

/** The cells of the row that begins with this name. */
function row(table: string[], name: string): string[] {
  const line = table.find((line) => line.startsWith(`| ${name} |`))
  return line ? line.split('|').map((cell) => cell.trim()) : []
}

test('a step counts by the median of its rounds, beside the fastest, and in memory', () => {
  expect(row(tableOfSteps([engine]), 'onnx-cpu')).toEqual([
    '',
    'onnx-cpu',
    'CPU',
    '120',
    '110',
    '1.00',
    '500 MB',
    ''
  ])
})

test('ratios are to the fastest PyTorch, whatever its version and the order of its arrays', () => {
  const table = tableOfSteps([
    engine,
    measured('PyTorch 1, contiguous', 'PyTorch', [150, 160, 170]),
    measured('PyTorch 2, contiguous', 'PyTorch', [130, 130, 130]),
    measured('PyTorch 2, channels last', 'PyTorch', [100, 100, 100])
  ])
  expect(table[0]).toContain('× PyTorch 2, channels last')
  expect(row(table, 'onnx-cpu')[5]).toBe('1.20')
  expect(row(table, 'PyTorch 1, contiguous')[5]).toBe('1.60')
  expect(row(table, 'PyTorch 2, contiguous')[5]).toBe('1.30')
})

test('without PyTorch, ratios are to the first engine', () => {
  const table = tableOfSteps([engine, measured('tfjs-wasm', 'engine', [60, 60, 60])])
  expect(table[0]).toContain('× onnx-cpu')
  expect(row(table, 'tfjs-wasm')[5]).toBe('0.50')
})

test('stock TensorFlow.js is compared with every engine', () => {
  const naive = measured('tfjs-wasm, naive', 'naive', [4000, 3600, 3600])
  const table = tableOfSteps([engine, measured('tfjs-wasm', 'engine', [900]), naive])
  expect(table.at(-1)).toMatch(/onnx-cpu 30\.0 ×, tfjs-wasm 4\.0 ×/)
})

test('where nobody could be timed there is no table', () => {
  expect(tableOfSteps([])).toEqual([])
})
