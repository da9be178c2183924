import { describe, expect, it } from 'vitest'
import { applyPatches, decodeTile } from '#core/mask/codec'
import { beginStroke, changedTiles, revertStroke } from '#core/mask/paint'
import { paintDisc, paintSegment } from '#core/mask/segment'
import { createMask, flatten, maskOf } from '#core/mask/tiles'

describe('a stroke', () => {
  it('remembers each touched tile as it was before, once', () => {
    const mask = maskOf(new Uint8Array(600 * 300).fill(2, 0, 100), 600, 300)
    const before = flatten(mask)
    const stroke = beginStroke()
    paintSegment(mask, stroke, { x: 250, y: 20 }, { x: 262, y: 20 }, 10, 1)
    paintSegment(mask, stroke, { x: 262, y: 20 }, { x: 240, y: 20 }, 10, 1)
    expect([...stroke.before.keys()].sort()).toEqual([0, 1])
    expect(stroke.before.get(1)).toBeNull()
    expect(flatten(mask)).not.toEqual(before)
    revertStroke(mask, stroke)
    expect(flatten(mask)).toEqual(before)
    expect(mask.tiles.size).toBe(1)
  })

  it('touches no tile when the eraser meets background', () => {
    const mask = createMask(600, 300)
    const stroke = beginStroke()
    paintDisc(mask, stroke, { x: 256, y: 150 }, 30, 0)
    expect(stroke.before.size).toBe(0)
    expect(mask.tiles.size).toBe(0)
  })

  it('saves the tiles it changed and no others, all background as nothing', () => {
    const mask = createMask(600, 300)
    paintDisc(mask, beginStroke(), { x: 100, y: 100 }, 10, 1)
    paintDisc(mask, beginStroke(), { x: 400, y: 100 }, 40, 1)
    const again = beginStroke()
    paintDisc(mask, again, { x: 400, y: 100 }, 20, 1)
    expect(changedTiles(mask, again)).toEqual([])

    const erasing = beginStroke()
    paintDisc(mask, erasing, { x: 100, y: 100 }, 12, 0)
    paintDisc(mask, erasing, { x: 400, y: 100 }, 12, 0)
    const patches = changedTiles(mask, erasing)
    expect(patches.map(({ index }) => index)).toEqual([0, 1])
    expect(patches[0]!.data).toBeNull()
    expect(decodeTile(patches[1]!.data!)).toEqual(mask.tiles.get(1))

    const other = createMask(600, 300)
    applyPatches(other, patches)
    expect(flatten(other)).toEqual(flatten(mask))
  })
})
