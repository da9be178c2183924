import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { saving } from '../../bench/window/commits'
import { large } from '../../bench/window/large'
import { painting } from '../../bench/window/painting'
import { walking } from '../../bench/window/walk'
import { temporaryFolder } from '../fixtures/temporary'
import { obstacle } from './fixture'

/** The cells of a report's table, without its head. */
function cellsOf(lines: string[]): string[][] {
  const rows = lines.filter((line) => line.startsWith('|')).slice(2)
  return rows.map((row) => row.split('|').map((cell) => cell.trim())).map((cells) => cells.slice(1, -1))
}

const SIZE = { width: 1280, height: 720 }

describe.skipIf(obstacle)(`the bench of painting${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  // Where it keeps the projects that it makes.
  beforeAll(() => void vi.stubEnv('TMPDIR', temporaryFolder()))
  afterAll(() => vi.unstubAllEnvs())

  test('measures strokes in every view with every mouse', async () => {
    const rows = cellsOf(await painting({ ...SIZE, strokes: 1, seconds: 0.3, profile: false }))
    expect(rows.map(([view, mouse]) => [view, mouse])).toEqual(
      ['fit', '100 %', '400 %'].flatMap((view) => ['125 Hz', '1000 Hz'].map((mouse) => [view, mouse]))
    )
    for (const [, mouse, moves, ...times] of rows) {
      const [all, events] = moves!.split(' in ').map(Number)
      expect(all).toBe(mouse === '125 Hz' ? 37 : 300)
      expect(events).toBeGreaterThan(0)
      expect(events).toBeLessThanOrEqual(all!)
      for (const time of times.slice(0, 3)) expect(Number(time)).toBeGreaterThan(0)
    }
  })

  test('measures what the host does with strokes', async () => {
    const rows = cellsOf(await saving({ commits: 5 }))
    expect(rows).toHaveLength(2)
    for (const [, strokes, tiles, ...times] of rows) {
      expect([Number(strokes), Number(tiles) > 1]).toEqual([5, true])
      for (const time of times) expect(Number(time)).toBeGreaterThan(0)
    }
  })

  test('measures the memory on a walk there and back', async () => {
    const rows = cellsOf(await walking({ ...SIZE, stops: [2, 3] }))
    expect(rows.map(([images]) => images)).toEqual(['1', '2', '3', '4', '5'])
    for (const [, ...sizes] of rows) for (const size of sizes) expect(Number(size)).toBeGreaterThan(0)
  })

  test('measures how a large image opens and moves, beside a small one', async () => {
    const image = { width: 6144, height: 4200 }
    const cells = cellsOf(await large({ ...SIZE, strokes: 1, seconds: 0.1, image }))
    const opened = cells.filter((row) => row.length === 5)
    expect(opened.map(([name]) => name)).toEqual(['other.tif', 'large.tif', 'painted.tif'])
    for (const [, seen, sharp, page, host] of opened) {
      expect(Number(sharp)).toBeGreaterThanOrEqual(Number(seen))
      for (const size of [page, host]) expect(Number(size)).toBeGreaterThan(0)
    }
    const moved = cells.filter((row) => row.length === 7 && row[0]!.endsWith('.tif'))
    expect(moved).toHaveLength(3 * 2 * 2)
    for (const row of moved) for (const time of row.slice(3, 6)) expect(Number(time)).toBeGreaterThan(0)
  })
})
