// @vitest-environment node
import { expect, test } from 'vitest'
import { visibleRange } from '../../../src-renderer/annotate/visible-range'

test('only what is in sight and a little more exists, however many images there are', () => {
  const { start, end } = visibleRange(50_000, 1200, 100, 2000)
  expect(start).toBeLessThan(500)
  expect(end).toBeGreaterThanOrEqual(512)
  expect(end - start).toBeLessThan(30)
})

test('never more than there is', () => {
  expect(visibleRange(0, 1200, 100, 3)).toEqual({ start: 0, end: 3 })
  expect(visibleRange(9000, 1200, 100, 3)).toEqual({ start: 3, end: 3 })
  expect(visibleRange(0, 1200, 100, 0)).toEqual({ start: 0, end: 0 })
})
