// @vitest-environment node
import { expect, test } from 'vitest'
import type { ImageState, ImageSummary } from '#core/api/values'
import { neighbour, nextUnfinished } from '../../../src-renderer/annotate/walk'

const images = (...states: ImageState[]) => states.map((state, i) => ({ id: i + 1, state }) as ImageSummary)

test('previous and next stop at the ends of the list', () => {
  const list = images('untouched', 'untouched', 'untouched')
  expect(neighbour(list, 1, -1)?.id).toBe(1)
  expect(neighbour(list, 1, 1)?.id).toBe(2)
  expect(neighbour(list, 3, 1)?.id).toBe(3)
  expect(neighbour(list, null, 1)?.id).toBe(1)
  expect(neighbour([], null, 1)).toBeNull()
})

test('next unfinished skips what is labelled, goes round, and ends when all is done', () => {
  const list = images('untouched', 'complete', 'confirmed-empty', 'in-progress')
  expect(nextUnfinished(list, 1)?.id).toBe(4)
  expect(nextUnfinished(list, 4)?.id).toBe(1)
  expect(nextUnfinished(images('complete', 'untouched'), 2)).toBeNull()
  expect(nextUnfinished(images('complete', 'confirmed-empty'), 1)).toBeNull()
})
