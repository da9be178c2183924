import { beforeEach, expect, test, vi } from 'vitest'

async function opened() {
  vi.resetModules()
  return (await import('../../../src-renderer/tour/tour.svelte')).tour
}

beforeEach(() => localStorage.clear())

test('starts by itself once, also where it was left in the middle', async () => {
  const tour = await opened()
  tour.offer()
  tour.next()
  tour.leave()
  tour.offer()
  expect(tour.at).toBeNull()
  const later = await opened()
  later.offer()
  expect(later.at).toBeNull()
})

test('goes on and back, ends after its last step, and can be called again', async () => {
  const tour = await opened()
  tour.start()
  tour.back()
  expect(tour.at).toBe(0)
  for (let i = 0; i < 3; i++) tour.next()
  expect([tour.at, tour.isLast]).toEqual([3, true])
  tour.back()
  expect(tour.at).toBe(2)
  tour.next()
  tour.next()
  expect(tour.step).toBeNull()
  tour.start()
  expect(tour.at).toBe(0)
})
