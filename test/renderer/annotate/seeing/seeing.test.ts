import { beforeEach, expect, test, vi } from 'vitest'
import { samplePatches, samplePixels } from '../../../../src-renderer/annotate/seeing/sample-pixels'
import { seeing } from '../../../../src-renderer/annotate/seeing/seeing.svelte'
import { toasts } from '../../../../src-renderer/shared/toasts.svelte'

// Nothing draws pictures here.
vi.mock('../../../../src-renderer/annotate/seeing/sample-pixels')

/** Asks for full contrast of an image of these greys. */
function spread(...values: number[]): string[] {
  const pixels = Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]))
  vi.mocked(samplePixels).mockReturnValue(pixels)
  vi.mocked(samplePatches).mockReturnValue({ pixels, width: values.length, height: 1 })
  seeing.spread(new Image())
  return toasts.items.map(({ message }) => message)
}

beforeEach(() => {
  toasts.items = []
  seeing.adjust({ brightness: 0.3, contrast: 0.1 })
})

test('full contrast of a dark image needs no words', () => {
  expect(spread(10, 20, 30)).toEqual([])
  expect(seeing.adjusted).toBe(true)
})

test.each([
  [[0, 100, 255], /from black to white already/],
  [[7, 7, 7], /one shade only/]
])('of %j there is nothing to spread, which is told', (values, sentence) => {
  expect(spread(...values)).toEqual([expect.stringMatching(sentence)])
  expect(seeing.adjusted).toBe(false)
})
