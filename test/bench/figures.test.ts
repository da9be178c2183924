import { describe, expect, it } from 'vitest'
import { droppedOf, gapsOf, percentile, spreadOf, table } from '../../bench/window/figures'
import { figuresOf, placeAt } from '../../bench/window/strokes'

describe('the figures of the window’s benches', () => {
  it('take percentiles by the nearest rank, in any order of the values', () => {
    const values = [15, 20, 35, 40, 50].toReversed()
    expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(values, share))).toEqual([15, 20, 20, 35, 50])
    expect(
      percentile(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95
      )
    ).toBe(95)
    expect(percentile([], 0.5)).toBe(0)
  })

  it('count a frame as dropped that is later than one and a half of the usual gap', () => {
    const gaps = gapsOf([0, 16, 32, 64, 80, 96, 119, 135])
    expect(gaps).toEqual([16, 16, 32, 16, 16, 23, 16])
    expect(droppedOf(gaps)).toEqual([32])
    expect(droppedOf(gaps, 10)).toEqual(gaps)
    expect(droppedOf([])).toEqual([])
  })

  it('join the strokes, without the pauses between them', () => {
    const stroke = (from: number) => ({
      events: [
        { happened: from, shown: from + 4, moves: 2 },
        { happened: from + 16, shown: from + 22, moves: 3 }
      ],
      frames: [from, from + 16, from + 32]
    })
    expect(figuresOf([stroke(0), stroke(5000)])).toEqual({
      ...{ moves: 10, events: 4, toPaint: [4, 6, 4, 6], frames: 4, dropped: [] }
    })
  })

  it('become rows of a table', () => {
    expect(spreadOf([1, 2, 3, 250.4])).toEqual(['2.0', '250', '250'])
    expect(table(['a', 'b'], [[1, 'x']])).toEqual(['| a | b |', '| --- | --- |', '| 1 | x |'])
  })

  it('come from a hand that stays in its box and never goes the same way twice', () => {
    const box = { x: 100, y: 50, width: 800, height: 400 }
    const ways = [0, 1].map((number) => Array.from({ length: 300 }, (_, i) => placeAt(box, i / 125, number)))
    for (const { x, y } of ways.flat()) {
      expect(x).toBeGreaterThanOrEqual(100)
      expect(x).toBeLessThanOrEqual(900)
      expect(y).toBeGreaterThanOrEqual(50)
      expect(y).toBeLessThanOrEqual(450)
    }
    expect(ways[0]![0]).not.toEqual(ways[1]![0])
    const last = ways[0]!.slice(1).map(({ x }, i) => Math.abs(x - ways[0]![i]!.x))
    expect(Math.max(...last)).toBeLessThan(20)
  })
})
