import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { encodeTile } from '#core/mask/codec'
import { beginStroke, changedTiles } from '#core/mask/paint'
import { paintDisc, paintSegment } from '#core/mask/segment'
import { createMask, flatten, maskOf, TILE_PIXELS } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import { getImage, setState } from '#main/store/images'
import { commitStroke, loadMask, MAX_EDITS, readMask, redo, replaceMask, undo } from '#main/store/masks'
import { openProject } from '#main/store/open'
import type { Project } from '#main/store/project'
import { addImage, temporaryProject } from '../../fixtures/project'

/** Paints a disc as the window does: on the mask as it is, then saved. */
function paint(project: Project, imageId: number, x: number, y: number, value: MaskValue = 1, radius = 20) {
  const mask = loadMask(project, imageId)
  const stroke = beginStroke()
  paintDisc(mask, stroke, { x, y }, radius, value)
  const { revision } = readMask(project, imageId)
  return commitStroke(project, { imageId, revision, tool: 'brush', tiles: changedTiles(mask, stroke) })
}

const stateOf = (project: Project, id: number) => getImage(project, id).state
const pixels = (project: Project, id: number) => Buffer.from(flatten(loadMask(project, id))).toString('hex')

describe('a stroke', () => {
  it('is in the mask, counted, and moves the revision on', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    const change = paint(project, id, 256, 100, 1, 5)
    expect(change).toMatchObject({ revision: 1, canUndo: true, canRedo: false, image: { id, revision: 1 } })
    expect(change.tiles.map(({ index }) => index)).toEqual([0, 1])
    const flat = flatten(loadMask(project, id))
    const area = flat.reduce((sum, v) => sum + v, 0)
    expect(area).toBeGreaterThan(70)
    expect(flat[100 * 300 + 256]).toBe(1)
    expect(getImage(project, id)).toMatchObject({ foreground: area, known: 300 * 200 })
    expect(readMask(project, id)).toMatchObject({ width: 300, height: 200, revision: 1, canUndo: true })
  })

  it('is refused when it was painted on an older mask, and nothing changes', async () => {
    const project = await temporaryProject()
    const id = await addImage(project, { name: 'leaf.png' })
    paint(project, id, 50, 50)
    const before = readMask(project, id)
    expect(() =>
      commitStroke(project, { imageId: id, revision: 0, tool: 'brush', tiles: before.tiles })
    ).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: expect.stringContaining('"leaf.png" was changed elsewhere')
      })
    )
    expect(readMask(project, id)).toEqual(before)
  })

  it('is refused whole when one tile of it is damaged', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    const good = encodeTile(new Uint8Array(TILE_PIXELS).fill(1))
    for (const bad of [
      { index: 1, data: Uint8Array.of(1, 2, 3) },
      { index: 1, data: good },
      { index: 2, data: null },
      { index: 7, data: good }
    ]) {
      expect(() =>
        commitStroke(project, {
          imageId: id,
          revision: 0,
          tool: 'brush',
          tiles: [{ index: 0, data: null }, bad]
        })
      ).toThrow(expect.objectContaining({ code: 'bad-input' }))
    }
    expect(readMask(project, id)).toMatchObject({ revision: 0, tiles: [], canUndo: false })
    expect(stateOf(project, id)).toBe('untouched')
  })

  it('that changes nothing is no edit and keeps what can be redone', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 50, 50)
    paint(project, id, 90, 90)
    undo(project, id)
    const before = readMask(project, id)
    expect(
      commitStroke(project, { imageId: id, revision: before.revision, tool: 'brush', tiles: before.tiles })
    ).toMatchObject({ revision: before.revision, tiles: [], canRedo: true })
    expect(readMask(project, id)).toEqual(before)
  })

  it('that erases a tile leaves no row behind, whichever way the tile is sent', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    for (const data of [null, encodeTile(new Uint8Array(TILE_PIXELS))]) {
      paint(project, id, 50, 50)
      const { revision } = readMask(project, id)
      commitStroke(project, { imageId: id, revision, tool: 'eraser', tiles: [{ index: 0, data }] })
      expect(project.get('SELECT count(*) AS tiles FROM mask_tile')).toEqual({ tiles: 0 })
    }
    expect(pixels(project, id)).toBe('00'.repeat(300 * 200))
  })
})

describe('the state of an image', () => {
  it('becomes in progress with the first paint and untouched again without it', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    expect(paint(project, id, 50, 50).image.state).toBe('in-progress')
    expect(undo(project, id).image.state).toBe('untouched')
    expect(redo(project, id).image.state).toBe('in-progress')
  })

  it('stays complete while it is repaired', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 50, 50)
    setState(project, [id], 'complete')
    expect(paint(project, id, 90, 90).image.state).toBe('complete')
    expect(undo(project, id).image.state).toBe('complete')
  })

  it('that the person has chosen since a stroke outlives its undo', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 50, 50)
    setState(project, [id], 'complete')
    expect(undo(project, id).image.state).toBe('complete')
  })

  it('is no longer confirmed empty once there is foreground, by paint or by undo', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    setState(project, [id], 'confirmed-empty')
    expect(paint(project, id, 150, 50, 2).image.state).toBe('confirmed-empty')
    expect(paint(project, id, 50, 50).image.state).toBe('in-progress')
    expect(undo(project, id).image.state).toBe('confirmed-empty')

    paint(project, id, 50, 50)
    paint(project, id, 50, 50, 0, 40)
    setState(project, [id], 'confirmed-empty')
    expect(undo(project, id).image.state).toBe('in-progress')
  })
})

describe('undo and redo', () => {
  it('go through every mask there was, also after reopening', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    const other = await addImage(project)
    const history = [pixels(project, id)]
    const random = createRandom(4, 'strokes')
    for (let i = 0; i < 12; i++) {
      paint(project, id, random.uniform() * 300, random.uniform() * 200, random.integer(3) as MaskValue, 30)
      if (pixels(project, id) !== history.at(-1)) history.push(pixels(project, id))
      paint(project, other, random.uniform() * 300, 50)
    }
    const others = pixels(project, other)
    project.close()
    const again = await openProject(project.path)
    for (const expected of history.slice(0, -1).reverse()) {
      expect(undo(again, id).canRedo).toBe(true)
      expect(pixels(again, id)).toBe(expected)
    }
    expect(readMask(again, id)).toMatchObject({ canUndo: false, canRedo: true })
    for (const expected of history.slice(1)) {
      redo(again, id)
      expect(pixels(again, id)).toBe(expected)
    }
    expect(readMask(again, id)).toMatchObject({ canUndo: true, canRedo: false })
    expect(pixels(again, other)).toBe(others)
    again.close()
  })

  it('hand over the tiles that changed, and a new revision', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 50, 50)
    const painted = readMask(project, id).tiles
    paint(project, id, 280, 50)
    expect(undo(project, id)).toMatchObject({ revision: 3, tiles: [{ index: 1, data: null }] })
    expect(undo(project, id)).toMatchObject({ revision: 4, tiles: [{ index: 0, data: null }] })
    expect(redo(project, id)).toMatchObject({ revision: 5, tiles: painted })
  })

  it('do nothing where there is nothing', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    expect(undo(project, id)).toMatchObject({ revision: 0, tiles: [], canUndo: false, canRedo: false })
    paint(project, id, 50, 50)
    expect(redo(project, id)).toMatchObject({ revision: 1, tiles: [], canUndo: true, canRedo: false })
  })

  it('forget what was undone when a new stroke comes', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 50, 50)
    paint(project, id, 100, 50)
    undo(project, id)
    const change = paint(project, id, 150, 100)
    expect(change).toMatchObject({ canUndo: true, canRedo: false })
    const now = pixels(project, id)
    redo(project, id)
    expect(pixels(project, id)).toBe(now)
  })

  it(`reach ${MAX_EDITS} edits back and no further, on each image`, async () => {
    const project = await temporaryProject()
    const [id, other] = [await addImage(project), await addImage(project)]
    paint(project, other, 10, 10)
    project.transaction(() => {
      for (let i = 0; i < MAX_EDITS + 20; i++) paint(project, id, 50, 50, (i % 2 ? 0 : 1) as MaskValue, 3)
    })
    expect(project.get('SELECT count(*) AS edits FROM edit WHERE image_id = ?', id)).toEqual({
      edits: MAX_EDITS
    })
    expect(project.get('SELECT count(*) AS tiles FROM edit_tile')).toEqual({ tiles: MAX_EDITS + 1 })
    let undone = 0
    while (undo(project, id).tiles.length) undone++
    expect(undone).toBe(MAX_EDITS)
    expect(undo(project, other).tiles).toHaveLength(1)
  })
})

describe('a whole mask', () => {
  it('takes the place of what was there, in one edit', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    paint(project, id, 280, 50)
    const before = pixels(project, id)
    const flat = new Uint8Array(300 * 200).fill(1, 0, 1000)
    const change = replaceMask(project, id, maskOf(flat, 300, 200), { tool: 'import', state: 'complete' })
    expect(change).toMatchObject({ revision: 2, image: { state: 'complete', foregroundShare: 1000 / 60000 } })
    expect(flatten(loadMask(project, id))).toEqual(flat)
    expect(undo(project, id).image.state).toBe('in-progress')
    expect(pixels(project, id)).toBe(before)
  })

  it('may be empty and say so', async () => {
    const project = await temporaryProject()
    const id = await addImage(project)
    const change = replaceMask(project, id, createMask(300, 200), {
      tool: 'import',
      state: 'confirmed-empty'
    })
    expect(change.image.state).toBe('confirmed-empty')
    expect(undo(project, id).image.state).toBe('untouched')
  })

  it('of another size is refused with both sizes', async () => {
    const project = await temporaryProject()
    const id = await addImage(project, { name: 'leaf.png' })
    expect(() => replaceMask(project, id, createMask(200, 300), { tool: 'import' })).toThrow(
      'The mask for "leaf.png" is 200 × 300 pixels, the image 300 × 200'
    )
    expect(readMask(project, id).revision).toBe(0)
  })
})

describe('a large image', () => {
  it('takes a stroke across many tiles', async () => {
    const project = await temporaryProject()
    const id = await addImage(project, { width: 4000, height: 3000 })
    const mask = createMask(4000, 3000)
    const stroke = beginStroke()
    paintSegment(mask, stroke, { x: 10, y: 10 }, { x: 3990, y: 2990 }, 30, 1)
    commitStroke(project, { imageId: id, revision: 0, tool: 'brush', tiles: changedTiles(mask, stroke) })
    expect(Buffer.compare(flatten(loadMask(project, id)), flatten(mask))).toBe(0)
    undo(project, id)
    expect(readMask(project, id).tiles).toEqual([])
  })
})
