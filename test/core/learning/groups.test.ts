import { describe, expect, it } from 'vitest'
import { bondedSets, groupName } from '#core/learning/groups'

describe('the group of a name', () => {
  it.each([
    ['patient07_slice03', 'patient07'],
    ['patient07_slice03_left', 'patient07_slice03'],
    ['patient07-03', 'patient07'],
    ['patient07 03', 'patient07'],
    ['patient07 - 03', 'patient07'],
    ['patient07__03', 'patient07'],
    ['frame0012', 'frame'],
    ['IMG20240131', 'IMG'],
    ['scan_7/slice12', 'scan_7/slice'],
    ['scan_7/slice_12', 'scan_7/slice'],
    ['a_b/plain', null],
    ['plain', null],
    ['0012', null],
    ['_12', null],
    ['name_', null],
    ['', null]
  ])('by prefix: %s → %s', (stem, group) => {
    expect(groupName(stem, 'prefix')).toBe(group)
  })

  it.each([
    ['patient07/slice03', 'patient07'],
    ['clinic/patient07/slice03', 'clinic/patient07'],
    ['slice03', null]
  ])('by folder: %s → %s', (stem, group) => {
    expect(groupName(stem, 'folder')).toBe(group)
  })

  it('is none where names do not group', () => {
    expect(groupName('patient07/slice_03', 'none')).toBeNull()
  })
})

describe('bonded sets', () => {
  it('are the images by themselves without bonds', () => {
    expect(bondedSets([3, 1, 2], [])).toEqual([[3], [1], [2]])
  })

  it('join whatever hangs together, over any number of others', () => {
    const bonds = [
      [1, 5],
      [2, 4],
      [5, 3],
      [3, 1]
    ] as const
    expect(bondedSets([1, 2, 3, 4, 5, 6], bonds)).toEqual([[1, 3, 5], [2, 4], [6]])
  })

  it('join a long chain', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => i)
    const chain = ids.slice(1).map((id) => [id - 1, id] as const)
    expect(bondedSets(ids, chain)).toHaveLength(1)
  })
})
