import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { encodeTile } from '#core/mask/codec'
import { TILE, TILE_PIXELS } from '#core/mask/tiles'
import { readMask } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { requireBuilt } from '../fixtures/built'
import { addImage } from '../fixtures/project'
import { temporaryFolder } from '../fixtures/temporary'
import { connectWindow } from '../fixtures/window'
import { startHost } from '../fixtures/hostProcess'

const KILLS = Number(process.env['JACCARD_KILLS'] ?? 20)
const timeout = 60_000 + 5_000 * KILLS

requireBuilt()

/** A stroke's tile, unlike that of any other revision. */
function tileOf(image: number, revision: number): Uint8Array {
  const random = createRandom(revision, 'stroke', String(image))
  const tile = new Uint8Array(TILE_PIXELS)
  for (let dab = 0; dab < 40; dab++) {
    const start = random.integer(TILE_PIXELS - TILE)
    tile.fill(1 + random.integer(2), start, start + 1 + random.integer(TILE))
  }
  return encodeTile(tile)
}

describe('a host that is killed while somebody paints', () => {
  it(`has every stroke that it acknowledged, ${KILLS} times`, { timeout }, async () => {
    const home = temporaryFolder()
    const file = join(home, 'painted.jaccard')
    const created = await createProject(file)
    const images = [
      await addImage(created, { width: 1000, height: 800 }),
      await addImage(created, { width: 1000, height: 800 })
    ]
    created.close()
    const random = createRandom(1, 'kills')
    const acknowledged = new Map(images.map((id) => [id, 0]))
    const sent = new Map(images.map((id) => [id, 0]))

    for (let kill = 0; kill < KILLS; kill++) {
      const host = await startHost(home, file)
      const { api, close } = await connectWindow(host.address)
      let left = 1 + random.integer(25)
      let isStruck = false
      let end!: () => void
      const ended = new Promise<void>((resolve) => (end = resolve))

      async function paint(imageId: number): Promise<void> {
        let { revision } = await api.masks.read.query({ imageId })
        for (;;) {
          sent.set(imageId, revision + 1)
          const tiles = [{ index: 0, data: tileOf(imageId, revision + 1) }]
          revision = (await api.masks.commit.mutate({ imageId, revision, tool: 'brush', tiles })).revision
          acknowledged.set(imageId, revision)
          if (--left > 0 || isStruck) continue
          isStruck = true
          // Anywhere in the next strokes: they take about a millisecond each.
          setTimeout(() => void host.stop('SIGKILL').then(end), 5 * random.uniform())
        }
      }

      // A call that was on its way when the host fell may wait for it until the window closes.
      const painting = images.map((imageId) => {
        return paint(imageId).catch((error: unknown) => {
          if (!isStruck) throw error
        })
      })
      await Promise.race([ended, Promise.all(painting).then(() => ended)])
      await close()

      const project = await openProject(file)
      expect(project.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
      for (const imageId of images) {
        const { revision, tiles, canUndo } = readMask(project, imageId)
        expect(revision).toBeGreaterThanOrEqual(acknowledged.get(imageId)!)
        expect(revision).toBeLessThanOrEqual(sent.get(imageId)!)
        if (revision === 0) continue
        expect(tiles).toHaveLength(1)
        expect(Buffer.from(tiles[0]!.data!)).toEqual(Buffer.from(tileOf(imageId, revision)))
        expect(canUndo).toBe(true)
      }
      project.close()
    }
    expect(Math.min(...acknowledged.values())).toBeGreaterThan(KILLS)
  })
})
