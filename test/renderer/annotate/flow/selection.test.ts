// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { ImageState, ImageSummary, Split } from '#core/api/values'
import {
  countStates,
  isFiltering,
  nameRanks,
  neighbourOfRemoved,
  NO_FILTER,
  selectImages,
  type Filter,
  type Order
} from '../../../../src-renderer/annotate/flow/selection'

const image = (id: number, name: string, state: ImageState, split: Split | null = null) =>
  ({ id, name, state, split }) as ImageSummary

const images = [
  image(1, 'plot10.png', 'complete', 'train'),
  image(2, 'plot2.png', 'untouched'),
  image(3, 'Leaf.png', 'in-progress'),
  image(4, 'leaf-b.png', 'confirmed-empty', 'validation'),
  image(5, 'plot2.png', 'untouched')
]

const shown = (filter: Partial<Filter>, order: Order = 'added', currentId: number | null = null) =>
  selectImages(images, { ...NO_FILTER, ...filter }, order, currentId, nameRanks()).map(({ id }) => id)

describe('filtering', () => {
  test('nothing asked for shows all', () => {
    expect(shown({})).toEqual([1, 2, 3, 4, 5])
    expect(isFiltering({ ...NO_FILTER, name: '  ' })).toBe(false)
  })

  test('by any of several states, by split, by a part of the name, and by all of them', () => {
    expect(shown({ states: ['untouched', 'in-progress'] })).toEqual([2, 3, 5])
    expect(shown({ split: 'train' })).toEqual([1])
    expect(shown({ split: 'none' })).toEqual([2, 3, 5])
    expect(shown({ name: 'LEAF' })).toEqual([3, 4])
    expect(shown({ name: 'leaf', states: ['in-progress'] })).toEqual([3])
    expect(shown({ name: 'nothing of that name' })).toEqual([])
  })

  test('an umlaut is found however it was typed', () => {
    const list = [image(1, 'Ma\u0308rz.png', 'untouched')]
    expect(selectImages(list, { ...NO_FILTER, name: 'märz' }, 'added', null, nameRanks())).toHaveLength(1)
  })

  test('the image at hand stays, whatever became of it', () => {
    expect(shown({ states: ['untouched'] }, 'added', 3)).toEqual([2, 3, 5])
  })

  test('the counts say what choosing a state would show', () => {
    expect(countStates(images, { ...NO_FILTER, name: 'plot', states: ['complete'] })).toEqual({
      untouched: 2,
      'in-progress': 0,
      complete: 1,
      'confirmed-empty': 0
    })
  })
})

describe('order', () => {
  test('names are counted as a person counts, equal ones as they were added', () => {
    expect(shown({}, 'name').slice(-3)).toEqual([2, 5, 1])
    expect(shown({ name: 'plot' }, 'name')).toEqual([2, 5, 1])
  })

  test('what is to be done comes first', () => {
    expect(shown({}, 'state')).toEqual([2, 5, 3, 1, 4])
  })

  test('ranks are kept while the images are the same, and made again when they are not', () => {
    const ranks = nameRanks()
    const before = ranks(images)
    expect(ranks(images.map((one) => ({ ...one })))).toBe(before)
    const more = [...images, image(6, 'a.png', 'untouched')]
    expect(ranks(more).get(6)).toBe(0)
    expect(ranks(images.slice(1)).size).toBe(4)
  })
})

test('after a deletion the person is at the next image that is left, at the end at the last one', () => {
  expect(neighbourOfRemoved(images, 2, [2])).toBe(3)
  expect(neighbourOfRemoved(images, 2, [2, 3])).toBe(4)
  expect(neighbourOfRemoved(images, 5, [5, 4])).toBe(3)
  expect(neighbourOfRemoved(images, 1, [1, 2, 3, 4, 5])).toBeNull()
})
