// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { AS_IT_IS } from '../../../../src-renderer/annotate/seeing/adjust'
import {
  adjustmentOf,
  parseAdjustments,
  parseHabits,
  withAdjustment
} from '../../../../src-renderer/annotate/seeing/memory'

const light = { ...AS_IT_IS, gamma: 2 }

describe('how images are shown', () => {
  test('is remembered by project', () => {
    const kept = parseAdjustments(JSON.stringify(withAdjustment([], '/a.jaccard', light)))
    expect(adjustmentOf(kept, '/a.jaccard')).toEqual(light)
    expect(adjustmentOf(kept, '/b.jaccard')).toEqual(AS_IT_IS)
  })

  test('is forgotten when it is reset', () => {
    expect(withAdjustment(withAdjustment([], '/a.jaccard', light), '/a.jaccard', AS_IT_IS)).toEqual([])
  })

  test('of the projects used longest ago is forgotten after a hundred others', () => {
    let all = withAdjustment([], '/first.jaccard', light)
    for (let i = 0; i < 100; i++) all = withAdjustment(all, `/${i}.jaccard`, light)
    expect(all).toHaveLength(100)
    expect(adjustmentOf(all, '/first.jaccard')).toEqual(AS_IT_IS)
    expect(adjustmentOf(all, '/99.jaccard')).toEqual(light)
  })

  test.each([null, 'nonsense', '{}', '[{"project":"/a.jaccard","adjustment":{"gamma":-3}}]'])(
    'starts as it is after %j',
    (text) => expect(parseAdjustments(text)).toEqual([])
  )
})

describe('habits', () => {
  test('that are missing or unknown get their first value, the others stay', () => {
    const first = { outline: false, colour: 'blue', grid: true, minimap: true, suggestions: false }
    expect(parseHabits(null)).toEqual(first)
    expect(parseHabits('nonsense')).toEqual(first)
    expect(parseHabits('{"outline":true,"colour":"plaid","minimap":false}')).toEqual({
      ...first,
      outline: true,
      minimap: false
    })
  })
})
