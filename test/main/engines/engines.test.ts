import { afterEach, expect, test, vi } from 'vitest'
import { ENGINES } from '#core/network/engine'
import { chooseEngine, inspectEngines, listEngines, openEngine } from '#main/engines/engines'

const threads = null

afterEach(() => vi.restoreAllMocks())

test('every engine is listed, and one that does not work says why', async () => {
  const reports = await listEngines()
  expect(reports.map(({ name }) => name)).toEqual([...ENGINES])
  for (const { available, device, detail } of reports) {
    if (available) expect(device).not.toBe('')
    else expect(detail).toMatch(/^The .+\.$/)
  }
})

test('wasm is there on any machine, named with its one thread', async () => {
  const engine = await openEngine('tfjs-wasm', { threads })
  expect(engine.device).toBe('CPU (wasm, SIMD, 1 thread)')
  engine.dispose()
})

test('opening an engine that lacks its library fails and falls back to nothing', async () => {
  const missing = (await listEngines()).filter(({ available }) => !available)
  for (const { name, detail } of missing) await expect(openEngine(name, { threads })).rejects.toThrow(detail!)
})

test('the automatic choice is the fastest that computes on real hardware, and says why', async () => {
  const reports = await inspectEngines()
  expect(reports.filter(({ chosen }) => chosen)).toHaveLength(1)
  for (const { available, speedTestMilliseconds, detail } of reports) {
    // What is available but was not timed is a program that imitates a GPU.
    if (available && speedTestMilliseconds === null) expect(detail).toContain('never chosen')
  }
  const { engine, reason } = await chooseEngine({ threads })
  expect(reason).toContain(`${engine.name} was chosen`)
  for (const name of ENGINES) expect(reason).toContain(name)
  engine.dispose()
})

test('engines leave standard output to the program', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const logged = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const { engine } = await chooseEngine({ threads })
  engine.dispose()
  expect(written).not.toHaveBeenCalled()
  expect(logged).not.toHaveBeenCalled()
})

test('an engine leaves the handling of uncaught errors to the program', async () => {
  const engine = await openEngine('tfjs-wasm', { threads })
  const names = process.rawListeners('unhandledRejection').map(String)
  expect(names.filter((source) => source.includes('throw reason'))).toEqual([])
  engine.dispose()
})
