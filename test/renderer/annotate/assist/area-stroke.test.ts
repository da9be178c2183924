// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { flatten, maskOf } from '#core/mask/tiles'
import { AreaStroke } from '../../../../src-renderer/annotate/assist/area-stroke'
import { MaskEditor } from '../../../../src-renderer/annotate/mask-editor'
import type { PaintTarget } from '../../../../src-renderer/annotate/tools/stroke-line'

function targetOf(width: number, height: number) {
  const editor = new MaskEditor(1, { width, height, tiles: [], revision: 0, canUndo: false, canRedo: false })
  editor.begin()
  const target: PaintTarget = {
    ready: true,
    begin: () => undefined,
    draw: (paint) => editor.draw(paint),
    commit: () => undefined,
    revert: () => undefined
  }
  return { editor, target }
}

describe('a stroke of computed regions', () => {
  test('a large region is painted over several frames, whole and once', () => {
    const [width, height] = [2300, 1900]
    const pixels = Uint8Array.from({ length: width * height }, (_, at) => (at % 7 < 4 ? 1 : 0))
    const { editor, target } = targetOf(width, height)
    let done = 0
    const stroke = new AreaStroke('wand', () => done++)
    stroke.add({ x: 0, y: 0, width, height, pixels }, 1)
    stroke.end()
    let frames = 1
    while (!stroke.paint(target)) frames++
    expect(frames).toBeGreaterThan(1)
    expect(done).toBe(1)
    expect(Buffer.compare(flatten(editor.mask), pixels)).toBe(0)
  })

  test('in a hurry it takes one go', () => {
    const [width, height] = [1500, 1500]
    const { editor, target } = targetOf(width, height)
    const stroke = new AreaStroke('wand', () => undefined)
    stroke.add({ x: 0, y: 0, width, height, pixels: new Uint8Array(width * height).fill(1) }, 1)
    stroke.end()
    stroke.hurry()
    expect(stroke.paint(target)).toBe(true)
    expect(flatten(editor.mask).includes(0)).toBe(false)
  })

  test('goes on until its end is told, and paints over unknown pixels only with unknown', () => {
    const { editor, target } = targetOf(40, 30)
    editor.mask = maskOf(
      Uint8Array.from({ length: 40 * 30 }, (_, at) => (at % 40 < 10 ? 2 : 0)),
      40,
      30
    )
    const stroke = new AreaStroke('superpixels', () => undefined)
    const region = { x: 5, y: 5, width: 10, height: 4, pixels: new Uint8Array(40).fill(1) }
    stroke.add(region, 1)
    expect(stroke.paint(target)).toBe(false)
    expect([...flatten(editor.mask).subarray(5 * 40, 5 * 40 + 17)].join('')).toBe('22222222221111100')
    stroke.add(region, 2)
    stroke.end()
    expect(stroke.paint(target)).toBe(true)
    expect([...flatten(editor.mask).subarray(5 * 40, 5 * 40 + 17)].join('')).toBe('22222222222222200')
  })
})
