import { expect, it } from 'vitest'
import { encodeMask } from '#core/mask/codec'
import { maskOf } from '#core/mask/tiles'
import { maskThumbnail } from '#main/images/display'
import { maskOverlay } from '#main/images/maskOverlay'
import { loadSharp } from '#main/images/sharp.node'

/** 600 × 300: the left half is foreground, the lower right quarter unknown. */
const flat = Uint8Array.from({ length: 600 * 300 }, (_, i) => {
  const [x, y] = [i % 600, Math.floor(i / 600)]
  return x < 300 ? 1 : y >= 150 ? 2 : 0
})
const mask = { width: 600, height: 300, tiles: encodeMask(maskOf(flat, 600, 300)) }

it('shows foreground and unknown in two colours, and the image where there is neither', () => {
  const { pixels } = maskOverlay({ ...mask, frame: { width: 4, height: 2 } })
  const at = (x: number, y: number) => [...pixels.subarray((y * 4 + x) * 4, (y * 4 + x) * 4 + 4)].join()
  expect([at(0, 0), at(1, 1)]).toEqual([at(1, 0), at(1, 0)])
  expect([at(2, 0), at(3, 0)]).toEqual(['0,0,0,0', '0,0,0,0'])
  expect(at(2, 1)).toBe(at(3, 1))
  expect(new Set([at(0, 0), at(2, 0), at(2, 1)]).size).toBe(3)
})

it('is as large as the thumbnail that it lies over, and never larger than the image', async () => {
  const sizeAt = async (edge: number) => {
    const { width, height } = await loadSharp()(await maskThumbnail(mask, edge)).metadata()
    return [width, height]
  }
  expect(await sizeAt(256)).toEqual([256, 128])
  expect(await sizeAt(1024)).toEqual([600, 300])
})
