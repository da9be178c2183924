import { expect, test } from 'vitest'
import { inspectEngine } from '#core/learning/inspect'
import { openEngine } from '#main/engines/engines'
import { profileSteps, readProfile, tableOfProfile } from '../../bench/profile'
import { WORKS } from '../../bench/works'

const SMALL = { ...WORKS.vgg, architecture: 'VGG6xs-Fc6-k1-16-Deconv-k16s8', size: 32, batch: 2 }

function kernel(node: string, operator: string, ts: number, dur: number, shape = [2, 4]) {
  const args = { op_name: operator, output_type_shape: [{ float: shape }] }
  return { cat: 'Node', name: `${node}_kernel_time`, ts, dur, args }
}

function run(ts: number, dur: number) {
  return { cat: 'Session', name: 'model_run', ts, dur, args: {} }
}

test('the first step is left out, the others are averaged by operator and by node', () => {
  const profile = readProfile(
    JSON.stringify([
      { cat: 'Session', name: 'session_initialization', ts: 0, dur: 9000, args: {} },
      kernel('a', 'Conv', 10_010, 90_000),
      run(10_000, 95_000),
      kernel('a', 'Conv', 200_010, 4000),
      kernel('b', 'Conv', 205_000, 1000),
      kernel('c', 'Relu', 207_000, 2000),
      run(200_000, 8000),
      kernel('a', 'Conv', 300_010, 6000),
      kernel('b', 'Conv', 307_000, 1000),
      kernel('c', 'Relu', 308_000, 2000),
      run(300_000, 12_000)
    ])
  )
  expect(profile.steps).toBe(2)
  expect(profile.milliseconds).toBe(10)
  expect(profile.operators).toEqual([
    { operator: 'Conv', count: 2, milliseconds: 6 },
    { operator: 'Relu', count: 1, milliseconds: 2 }
  ])
  expect(profile.nodes.map(({ node, milliseconds }) => [node, milliseconds])).toEqual([
    ['a', 5],
    ['c', 2],
    ['b', 1]
  ])
  expect(tableOfProfile(profile)).toContain('| a | Conv | 2×4 | 5.0 | 50.0 % |')
})

test('the only step counts', () => {
  expect(readProfile(JSON.stringify([kernel('a', 'Conv', 1, 1000), run(0, 2000)]))).toMatchObject({
    steps: 1,
    milliseconds: 2
  })
})

test('a file of something else is refused', () => {
  expect(() => readProfile('{"events": []}')).toThrow()
})

test("an engine's steps are profiled down to their operators", async ({ skip }) => {
  const report = await inspectEngine('onnx-cpu', () => openEngine('onnx-cpu', { threads: 1 }))
  if (!report.available && process.env.REQUIRE_ALL !== '1') skip(report.detail ?? 'onnx-cpu is not available')
  const profile = await profileSteps('onnx-cpu', SMALL, { threads: 1, rounds: 3 })
  expect(profile.steps).toBe(3)
  expect(profile.operators.map(({ operator }) => operator)).toContain('Conv')
  const inOperators = profile.operators.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  expect(inOperators).toBeLessThanOrEqual(profile.milliseconds)
})

test('an engine without ONNX Runtime says that it has no profile', async () => {
  await expect(profileSteps('tfjs-wasm', SMALL, { threads: 1, rounds: 1 })).rejects.toThrow(
    'does not run on ONNX Runtime'
  )
})
