import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Pictured } from '../../../../src-renderer/annotate/flow/pictured.svelte'

/** A list of places of 100 pixels each, of which five are in sight. */
const list = { scrolled: 0 }
let pictured: Pictured

beforeEach(() => {
  vi.useFakeTimers()
  list.scrolled = 0
  pictured = new Pictured(() => {
    const start = Math.floor(list.scrolled / 100)
    return { scrolled: list.scrolled, extent: 500, range: { start, end: start + 5 } }
  })
  pictured.settle()
})

afterEach(() => {
  pictured.stop()
  vi.useRealTimers()
})

/** Scrolls frame by frame for half a second. */
function scroll(pixelsPerFrame: number): void {
  for (let frame = 0; frame < 30; frame++) {
    list.scrolled += pixelsPerFrame
    pictured.moved()
    vi.advanceTimersByTime(16)
  }
}

test('what is in sight at first has its pictures', () => {
  expect([0, 4, 5].map((place) => pictured.has(place))).toEqual([true, true, false])
})

test('who looks through sees pictures on the way', () => {
  scroll(10)
  expect(pictured.has(5)).toBe(true)
})

test('who rushes by asks for none, until the list comes to rest', () => {
  scroll(1000)
  expect([100, 200, 290].some((place) => pictured.has(place))).toBe(false)
  vi.advanceTimersByTime(500)
  expect([299, 300, 304, 305].map((place) => pictured.has(place))).toEqual([false, true, true, false])
})

test('nothing happens any more when the list is gone', () => {
  list.scrolled = 1000
  pictured.moved()
  pictured.stop()
  vi.advanceTimersByTime(500)
  expect(pictured.has(10)).toBe(false)
})
