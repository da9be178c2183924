import { afterEach, expect, test, vi } from 'vitest'
import { inspectEngine } from '#core/learning/inspect'
import { ENGINES, type EngineName } from '#core/network/engine'
import { openEngine } from '#main/engines/engines'

const open = (name: EngineName) => openEngine(name, { threads: null })

afterEach(() => vi.restoreAllMocks())

test.each(ENGINES)('%s is timed, or says why it is not, and leaves standard output alone', async (name) => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const logged = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const report = await inspectEngine(name, () => open(name))
  const calls = written.mock.calls.length + logged.mock.calls.length
  vi.restoreAllMocks()
  expect(calls).toBe(0)
  const { available, device, detail, speedTestMilliseconds } = report
  expect(report).toMatchObject({ name, chosen: false })
  if (speedTestMilliseconds !== null) {
    expect(report).toMatchObject({ available: true, detail: null })
    expect(speedTestMilliseconds).toBeGreaterThan(0)
  }
  // What is available but was not timed is a program that imitates a GPU.
  else if (available) expect(detail).toContain('never chosen')
  else {
    expect(detail).toMatch(/^The .+\.$/)
    await expect(open(name)).rejects.toThrow(detail!)
  }
  if (available) expect(device).not.toBe('')
})

test('an engine that fails in the speed test is not available', async () => {
  const { engine, software } = await open('tfjs-wasm')
  const broken = { ...engine, compile: () => Promise.reject(new Error('Out of memory.')) }
  expect(await inspectEngine('tfjs-wasm', () => Promise.resolve({ engine: broken, software }))).toMatchObject(
    {
      available: false,
      detail: 'The speed test failed: Out of memory.',
      speedTestMilliseconds: null
    }
  )
})

test('wasm is there on any machine, named with its one thread', async () => {
  const { engine } = await open('tfjs-wasm')
  expect(engine.device).toBe('CPU (wasm, SIMD, 1 thread)')
  engine.dispose()
})

test('an engine leaves the handling of uncaught errors to the program', async () => {
  const { engine } = await open('tfjs-wasm')
  const names = process.rawListeners('unhandledRejection').map(String)
  expect(names.filter((source) => source.includes('throw reason'))).toEqual([])
  engine.dispose()
})
