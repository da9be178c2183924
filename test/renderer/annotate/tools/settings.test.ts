// @vitest-environment node
import { expect, test } from 'vitest'
import { nextSize, parseSettings, SIZE } from '../../../../src-renderer/annotate/tools/settings'

const first = parseSettings(null)

test('a first start has a round brush that paints foreground', () => {
  expect(first).toMatchObject({ tool: 'brush', size: 30, shape: 'round', value: 1, subtracts: false })
})

test('everything that was set is remembered', () => {
  const set = { ...first, tool: 'polygon', size: 7, shape: 'square', value: 2, fill: 'holes', opacity: 0.8 }
  expect(parseSettings(JSON.stringify(set))).toEqual(set)
})

test('what an older version remembered is taken over, what is no setting is not', () => {
  expect(parseSettings('{"size":12,"opacity":0.3}')).toEqual({ ...first, size: 12, opacity: 0.3 })
  const odd = { tool: 'spade', size: 9000, shape: null, value: 0, opacity: 'much', pressure: false }
  expect(parseSettings(JSON.stringify(odd))).toEqual({ ...first, pressure: false })
  for (const text of ['', 'no settings', '[]', 'null', '7']) expect(parseSettings(text)).toEqual(first)
})

test('the brush grows and shrinks by steps between its limits', () => {
  expect(nextSize(30, -1)).toBe(26)
  expect(nextSize(30, 1)).toBe(34)
  expect(nextSize(1, 1)).toBe(2)
  expect(nextSize(SIZE.min, -1)).toBe(SIZE.min)
  expect(nextSize(SIZE.max, 1)).toBe(SIZE.max)
})
