import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { readMask } from '#main/store/masks'
import { inOrder } from '#main/training/inOrder'
import { FOREGROUND_NAME } from './annotations/write'
import type { WriteMasks } from './masks'
import { makeMaskFolder, throwIfExportCancelled } from './targetFolder'
import { writing } from './writing'

const NAME = 'annotations.json'

/**
 * A writer of masks as one file of COCO's instances, image by image, so that no more than one is in memory.
 *
 * @param job What makes annotations of a mask.
 */
export const cocoWriter =
  (job: 'cocoRuns' | 'cocoPolygons'): WriteMasks =>
  async (project, images, folder, signal) => {
    await makeMaskFolder(folder, [NAME])
    const computed = inOrder(images, POOL_SIZE + 1, async ({ id }) => {
      const mask = readMask(project, id)
      return runPixelJob(job, () => ({ input: mask }))
    })
    let bytes = 0
    await writing(folder, 'masks', async () => {
      const file = await open(join(folder, NAME), 'wx')
      try {
        const write = async (text: string) => {
          bytes += (await file.write(text)).bytesWritten
        }
        const listed = images.map(({ id, name, width, height }) => ({ id, file_name: name, width, height }))
        const categories = [{ id: 1, name: FOREGROUND_NAME }]
        await write(
          `{"categories":${JSON.stringify(categories)},\n"images":${JSON.stringify(listed)},\n"annotations":[`
        )
        let [done, count] = [0, 0]
        for await (const { annotations } of computed) {
          throwIfExportCancelled(signal, folder)
          const image = images[done++]!.id
          const lines = annotations.map((one) => JSON.stringify({ id: ++count, image_id: image, ...one }))
          if (lines.length > 0) await write(`${count > lines.length ? ',' : ''}\n${lines.join(',\n')}`)
        }
        await write('\n]}\n')
      } catch (error) {
        await rm(join(folder, NAME), { force: true })
        throw error
      } finally {
        await file.close()
      }
    })
    return [{ name: NAME, bytes }]
  }
