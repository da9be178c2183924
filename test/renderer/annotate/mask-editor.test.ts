// @vitest-environment node
import { expect, test } from 'vitest'
import { encodePatch } from '#core/mask/codec'
import { paintSegment } from '#core/mask/segment'
import { pixelAt } from '#core/mask/tiles'
import { MaskEditor } from '../../../src-renderer/annotate/mask-editor'

/** 4 × 3 tiles. */
const empty = { width: 1000, height: 700, tiles: [], revision: 0, canUndo: false, canRedo: false }

test('only the tiles under the brush are drawn again, each once', () => {
  const editor = new MaskEditor(1, empty)
  editor.begin()
  editor.draw((mask, stroke) => paintSegment(mask, stroke, { x: 100, y: 100 }, { x: 120, y: 100 }, 10, 1))
  editor.draw((mask, stroke) => paintSegment(mask, stroke, { x: 120, y: 100 }, { x: 130, y: 100 }, 10, 1))
  expect(editor.takeStale()).toEqual([0])
  expect(editor.takeStale()).toEqual([])
  editor.draw((mask, stroke) => paintSegment(mask, stroke, { x: 600, y: 400 }, { x: 600, y: 400 }, 10, 1))
  expect(editor.takeStale()).toEqual([6])
})

test('a brush on the corner of four tiles draws all four', () => {
  const editor = new MaskEditor(1, empty)
  editor.begin()
  editor.draw((mask, stroke) => paintSegment(mask, stroke, { x: 256, y: 256 }, { x: 256, y: 256 }, 3, 1))
  expect(editor.takeStale().sort()).toEqual([0, 1, 4, 5])
  expect(
    editor
      .finish()
      .map(({ index }) => index)
      .sort()
  ).toEqual([0, 1, 4, 5])
})

test('a dab smaller than a pixel is drawn', () => {
  const editor = new MaskEditor(1, empty)
  editor.begin()
  editor.draw((mask, stroke) =>
    paintSegment(mask, stroke, { x: 300.9, y: 10.1 }, { x: 300.9, y: 10.1 }, 0.1, 1)
  )
  expect(editor.takeStale()).toEqual([1])
  expect(pixelAt(editor.mask, 300, 10)).toBe(1)
})

test('a stroke that is taken back is drawn away', () => {
  const editor = new MaskEditor(1, empty)
  editor.begin()
  editor.draw((mask, stroke) => paintSegment(mask, stroke, { x: 10, y: 10 }, { x: 500, y: 10 }, 4, 1))
  editor.takeStale()
  editor.revert()
  expect(editor.takeStale().sort()).toEqual([0, 1])
  expect(pixelAt(editor.mask, 100, 10)).toBe(0)
  expect(editor.finish()).toEqual([])
})

test('tiles from the project take the place of what is there', () => {
  const editor = new MaskEditor(1, empty)
  const tile = new Uint8Array(256 * 256).fill(1, 0, 5)
  editor.apply([encodePatch(2, tile)])
  expect(pixelAt(editor.mask, 512, 0)).toBe(1)
  expect(editor.takeStale()).toEqual([2])
  editor.replace(empty)
  expect(pixelAt(editor.mask, 512, 0)).toBe(0)
  expect(editor.takeStale()).toEqual([2])
})
