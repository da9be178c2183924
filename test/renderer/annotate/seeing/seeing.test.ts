import { beforeEach, expect, test } from 'vitest'
import { seeing } from '../../../../src-renderer/annotate/seeing/seeing.svelte'
import { toasts } from '../../../../src-renderer/shared/toasts.svelte'

/** Asks for full contrast of an image of these greys. */
async function spread(...values: number[]): Promise<string[]> {
  const pixels = Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]))
  const patches = { pixels, width: values.length, height: 1 }
  await seeing.spread({ sample: () => Promise.resolve({ pixels, patches }) })
  return toasts.items.map(({ message }) => message)
}

beforeEach(() => {
  toasts.items = []
  seeing.adjust({ brightness: 0.3, contrast: 0.1 })
})

test('full contrast of a dark image needs no words', async () => {
  expect(await spread(10, 20, 30)).toEqual([])
  expect(seeing.adjusted).toBe(true)
})

test.each([
  [[0, 100, 255], /from black to white already/],
  [[7, 7, 7], /one shade only/]
])('of %j there is nothing to spread, which is told', async (values, sentence) => {
  expect(await spread(...values)).toEqual([expect.stringMatching(sentence)])
  expect(seeing.adjusted).toBe(false)
})
