// @vitest-environment node
import { expect, test } from 'vitest'
import { gridLayout, isRushing, moveInGrid, scrollToRow } from '../../../../src-renderer/annotate/flow/grid'

test('as many columns as fit, at least one, and rows for all', () => {
  expect(gridLayout(10, 1000, 176)).toEqual({ columns: 5, rows: 2 })
  expect(gridLayout(11, 1000, 176)).toEqual({ columns: 5, rows: 3 })
  expect(gridLayout(3, 50, 176)).toEqual({ columns: 1, rows: 3 })
  expect(gridLayout(0, 1000, 176)).toEqual({ columns: 5, rows: 0 })
})

test('keys lead through the grid and stop at its ends', () => {
  const layout = gridLayout(12, 900, 176)
  const go = (key: string, at: number) => moveInGrid(key, at, layout, 12, 2)
  expect(go('ArrowRight', 3)).toBe(4)
  expect(go('ArrowLeft', 0)).toBe(0)
  expect(go('ArrowDown', 3)).toBe(8)
  expect(go('ArrowDown', 9)).toBe(11)
  expect(go('ArrowUp', 8)).toBe(3)
  expect(go('PageDown', 0)).toBe(10)
  expect([go('Home', 7), go('End', 2)]).toEqual([0, 11])
  expect(go('ArrowRight', -1)).toBe(0)
  expect(go('a', 3)).toBeNull()
  expect(moveInGrid('End', -1, gridLayout(0, 900, 176), 0, 2)).toBeNull()
})

test('a row is scrolled into sight by no more than it takes', () => {
  expect(scrollToRow(0, 500, 400, 100)).toBe(0)
  expect(scrollToRow(6, 500, 400, 100)).toBe(500)
  expect(scrollToRow(9, 500, 400, 100)).toBe(600)
})

test('looking through is no rush, tearing through is', () => {
  expect(isRushing(1000, 900, 100, 600)).toBe(false)
  expect(isRushing(3000, 900, 100, 600)).toBe(true)
  expect(isRushing(900, 3000, 100, 600)).toBe(true)
})
