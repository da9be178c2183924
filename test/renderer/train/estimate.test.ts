// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { EngineReport } from '#core/api/values'
import { DEFAULTS } from '#core/learning/defaults'
import { expectedTime } from '../../../src-renderer/train/estimate'
import { runOf } from './fixtures'

const engine: EngineReport = {
  name: 'tfjs-wasm',
  available: true,
  device: 'CPU',
  detail: null,
  speedTestMilliseconds: 40,
  chosen: true
}

describe('the time that training will take', () => {
  it('is what a like run took', () => {
    const runs = [runOf(2, { steps: 200, seconds: 50 }), runOf(1, { config: { ...DEFAULTS, size: 64 } })]
    expect(expectedTime(DEFAULTS, engine, runs)).toEqual({ seconds: 100, rough: false })
    expect(expectedTime({ ...DEFAULTS, minutes: 1 }, engine, runs)).toEqual({ seconds: 60, rough: false })
  })

  it('is guessed from the speed test, which grows with pixels, images and network', () => {
    const guess = (change: object) => expectedTime({ ...DEFAULTS, ...change }, engine, [])!
    const base = guess({})
    expect(base.rough).toBe(true)
    // Ten images of 128² against four of 64²: ten times the work of the 40 ms.
    expect(base.seconds).toBeCloseTo(400 * 0.04 * 10 * 1.15, 6)
    expect(guess({ size: 256 }).seconds).toBeCloseTo(4 * base.seconds, 6)
    expect(guess({ batch: 20 }).seconds).toBeCloseTo(2 * base.seconds, 6)
    expect(guess({ architecture: 'UNet-m' }).seconds).toBeGreaterThan(10 * base.seconds)
  })

  it('is the limit where there is one, and unknown without an engine or its speed test', () => {
    expect(expectedTime({ ...DEFAULTS, steps: null, minutes: 3 }, null, [])!.seconds).toBe(180)
    expect(expectedTime(DEFAULTS, null, [])).toBeNull()
    expect(expectedTime(DEFAULTS, { ...engine, speedTestMilliseconds: null }, [])).toBeNull()
  })
})
