// @vitest-environment node
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TilePatch } from '#core/api/values'
import { createRandom } from '#core/learning/random'
import { commitStroke, readMask, redo, undo } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { addImage } from '../../../fixtures/project'
import { temporaryFolder } from '../../../fixtures/temporary'
import { RandomPainting, type MaskStore } from './random-painting'

const ACTIONS = Number(process.env['JACCARD_ACTIONS'] ?? 2000)
const timeout = 30 * ACTIONS
/** Undo has to reach at least so far. */
const STEPS = 200

/** Keeps tiles and edits in plain maps. */
function memoryStore(): MaskStore {
  const tiles = new Map<number, TilePatch['data']>()
  const edits: { before: TilePatch[]; after: TilePatch[] }[] = []
  let done = 0
  const put = (patches: TilePatch[]) => {
    for (const { index, data } of patches) tiles.set(index, data)
    return patches
  }
  return {
    read: () => ({
      width: 300,
      height: 300,
      tiles: [...tiles].map(([index, data]) => ({ index, data })),
      revision: 0,
      canUndo: done > 0,
      canRedo: done < edits.length
    }),
    commit: (_, after) => {
      const before = after.map(({ index }) => ({ index, data: tiles.get(index) ?? null }))
      edits.splice(done++, Infinity, { before, after })
      put(after)
    },
    undo: () => (done > 0 ? put(edits[--done]!.before) : []),
    redo: () => (done < edits.length ? put(edits[done++]!.after) : [])
  }
}

/** Undo and redo come in bursts; now and then the image is shown afresh. */
function act(painting: RandomPainting, random: ReturnType<typeof createRandom>, reopen: () => void): void {
  const kind = random.integer(100)
  if (kind < 70) painting.gesture()
  else if (kind < 81) for (let i = random.integer(4); i >= 0; i--) painting.undo()
  else if (kind < 96) for (let i = random.integer(4); i >= 0; i--) painting.redo()
  else reopen()
}

test(`${ACTIONS} random actions, undo and redo end in the mask of a plain replay`, { timeout }, () => {
  const random = createRandom(1, 'actions')
  const painting = new RandomPainting(random, memoryStore())
  for (let action = 0; action < ACTIONS; action++) {
    act(painting, random, () => painting.reopen())
    expect(painting.fault(), `action ${action}`).toBeNull()
  }
  expect(painting.edits).toBeGreaterThan(STEPS)
})

test(`so do ${ACTIONS} in a project, across restarts, then ${STEPS} steps back`, { timeout }, async () => {
  const path = join(temporaryFolder(), 'soak.jaccard')
  let project = await createProject(path)
  // Nothing is killed here: no need to wait for the disk.
  project.run('PRAGMA synchronous = OFF')
  const ids = [
    await addImage(project, { width: 300, height: 300 }),
    await addImage(project, { width: 300, height: 300 })
  ]
  const random = createRandom(2, 'actions')
  const paintings = ids.map((imageId) => {
    const store: MaskStore = {
      read: () => readMask(project, imageId),
      commit: (tool, tiles) => {
        const { revision } = readMask(project, imageId)
        commitStroke(project, { imageId, revision, tool, tiles })
      },
      undo: () => undo(project, imageId).tiles,
      redo: () => redo(project, imageId).tiles
    }
    return new RandomPainting(random, store)
  })
  const restart = async () => {
    project.close()
    project = await openProject(path)
    project.run('PRAGMA synchronous = OFF')
    for (const painting of paintings) painting.reopen()
  }

  let current = paintings[0]!
  for (let action = 0; action < ACTIONS; action++) {
    act(current, random, () => {
      current = paintings[random.integer(2)]!
      current.reopen()
    })
    if (action % 400 === 399) await restart()
    expect(current.fault(), `action ${action}`).toBeNull()
  }

  for (const painting of paintings) {
    await restart()
    expect(painting.edits).toBeGreaterThan(STEPS)
    for (const step of ['undo', 'redo'] as const) {
      for (let i = 0; i < STEPS; i++) {
        painting[step]()
        expect(painting.fault(), `${step} ${i}`).toBeNull()
      }
    }
  }
  project.close()
})
