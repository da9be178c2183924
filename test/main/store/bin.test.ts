import { describe, expect, it } from 'vitest'
import { trainConfig } from '#core/learning/config'
import { deleteImages, emptyBin, findInBin, listBin, restoreImages } from '#main/store/bin'
import {
  classBalance,
  countImages,
  findImagesByBaseName,
  findImagesBySha,
  getImage,
  listImages,
  readImageBytes
} from '#main/store/images'
import { commitStroke, readMask, undo } from '#main/store/masks'
import { readPrediction, savePrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { createRun, listRunImages, movedImages } from '#main/store/runs'
import { drawSplits, tornGroups } from '#main/store/splits'
import { imagesOfRun, imagesToLearn } from '#main/training/samples'
import { sourcesOf } from '#main/training/resume'
import { addLabelled, temporaryProject } from '../../fixtures/project'
import { oneWeightConfig } from '../../fixtures/oneWeightEngine'

const config = trainConfig.parse(oneWeightConfig)

/** Three labelled images, all of which a run has used, with a prediction of each. */
async function usedProject(): Promise<{ project: Project; ids: number[]; runId: number }> {
  const project = await temporaryProject()
  const ids: number[] = []
  for (const name of ['a.png', 'b.png', 'c.png']) {
    ids.push(await addLabelled(project, { name, foreground: 20, split: 'train' }))
  }
  const images = ids.map((imageId) => ({
    imageId,
    split: 'train' as const,
    sha: getImage(project, imageId).sha,
    revision: 1
  }))
  const runId = createRun(project, { config, versions: {}, images })
  for (const id of ids) {
    await savePrediction(project, runId, id, {
      width: 2,
      height: 2,
      probabilities: Uint8Array.of(1, 2, 3, 4)
    })
  }
  return { project, ids, runId }
}

describe('a deleted image', () => {
  it('is in no list, count or balance, and nothing trains on it', async () => {
    const { project, ids, runId } = await usedProject()
    const { sha } = getImage(project, ids[0]!)
    deleteImages(project, [ids[0]!])
    expect(listImages(project).map(({ id }) => id)).toEqual(ids.slice(1))
    expect(listImages(project, ids).map(({ id }) => id)).toEqual(ids.slice(1))
    expect(findImagesBySha(project, sha)).toEqual([])
    expect(findImagesByBaseName(project, 'a')).toEqual([])
    expect(countImages(project)).toMatchObject({ total: 2, byState: { complete: 2 }, inBin: 1 })
    expect(classBalance(project).train.images).toBe(2)
    const learned = imagesToLearn(project, { folds: null, fold: null })
    expect(learned.map(({ image }) => image.id)).toEqual(ids.slice(1))
    expect(imagesOfRun(project, runId, ['train']).map(({ image }) => image.id)).toEqual(ids.slice(1))
  })

  it('takes no part in drawing splits or in what belongs together', async () => {
    const project = await temporaryProject()
    const fingerprint = Uint8Array.from({ length: 256 }, (_, i) => (i * 37) % 256)
    const twins = [
      await addLabelled(project, { name: 'a.png', fingerprint, split: 'train' }),
      await addLabelled(project, { name: 'b.png', fingerprint, split: 'validation' })
    ]
    expect(tornGroups(project)).toHaveLength(1)
    const third = await addLabelled(project, { name: 'c.png' })
    deleteImages(project, [twins[1]!, third])
    expect(tornGroups(project)).toEqual([])
    expect(drawSplits(project)).toEqual([])
    restoreImages(project, [twins[1]!, third])
    expect(tornGroups(project)).toHaveLength(1)
    expect(drawSplits(project)).toEqual([third])
  })

  it('stays in the record of the runs that used it, which cannot go on without it', async () => {
    const { project, ids, runId } = await usedProject()
    deleteImages(project, [ids[1]!])
    expect(listRunImages(project, runId).map(({ imageId }) => imageId)).toEqual(ids)
    expect(movedImages(project)).toEqual([])
    expect(() => sourcesOf(project, runId)).toThrow('"b.png" was deleted since run 1 started')
    restoreImages(project, [ids[1]!])
    expect(sourcesOf(project, runId)).toHaveLength(3)
  })

  it('comes back as it was: state, split, mask, undo and predictions', async () => {
    const { project, ids, runId } = await usedProject()
    const before = listImages(project)
    const mask = readMask(project, ids[2]!)
    deleteImages(project, [ids[2]!])
    expect(listBin(project)).toMatchObject([{ id: ids[2], name: 'c.png', foregroundShare: 0.2 }])
    restoreImages(project, [ids[2]!])
    expect(listBin(project)).toEqual([])
    expect(listImages(project)).toEqual(before)
    expect(readMask(project, ids[2]!)).toEqual(mask)
    expect(undo(project, ids[2]!).tiles).toEqual([{ index: 0, data: null }])
    expect(await readPrediction(project, runId, ids[2]!)).toBeDefined()
  })

  it('that does not exist deletes none of the others', async () => {
    const { project, ids } = await usedProject()
    expect(() => deleteImages(project, [ids[0]!, 99])).toThrow('no image 99')
    expect(listImages(project)).toHaveLength(3)
  })
})

describe('the emptied bin', () => {
  it('leaves nothing of an image that no run has used, and its bytes only where another has the same', async () => {
    const project = await temporaryProject()
    const bytes = Buffer.from('the same picture')
    const gone = await addLabelled(project, { name: 'a.png', foreground: 5 })
    const copies = [
      await addLabelled(project, { name: 'b.png', bytes }),
      await addLabelled(project, { name: 'c.png', bytes })
    ]
    deleteImages(project, [gone, copies[0]!])
    expect(emptyBin(project)).toBe(2)
    expect(() => getImage(project, gone)).toThrow('no image')
    for (const table of ['mask_tile', 'edit', 'edit_tile']) {
      const rows = project.all<{ image: number }>(
        table === 'edit_tile'
          ? 'SELECT image_id AS image FROM edit_tile JOIN edit ON edit.id = edit_id'
          : `SELECT image_id AS image FROM ${table}`
      )
      expect(rows.filter(({ image }) => image === gone)).toEqual([])
    }
    expect(project.get('SELECT count(*) AS blobs FROM blob')).toEqual({ blobs: 1 })
    expect(Buffer.from(await readImageBytes(project, copies[1]!))).toEqual(bytes)
    expect(countImages(project)).toMatchObject({ total: 1, inBin: 0 })
  })

  it('leaves to runs what they name their images by, and nothing else', async () => {
    const { project, ids, runId } = await usedProject()
    const { sha } = getImage(project, ids[0]!)
    const record = listRunImages(project, runId)
    deleteImages(project, [ids[0]!])
    emptyBin(project)
    expect(listRunImages(project, runId)).toEqual(record)
    expect(getImage(project, ids[0]!)).toMatchObject({ name: 'a.png', sha, erased: true, foreground: 0 })
    expect(await readPrediction(project, runId, ids[0]!)).toBeUndefined()
    expect(findInBin(project, sha)).toBeNull()
    expect(() => restoreImages(project, [ids[0]!])).toThrow('"a.png" was deleted for good')
    await expect(readImageBytes(project, ids[0]!)).rejects.toThrow('"a.png" was deleted for good')
    const stroke = { imageId: ids[0]!, revision: 1, tool: 'brush', tiles: readMask(project, ids[1]!).tiles }
    expect(() => commitStroke(project, stroke)).toThrow('"a.png" was deleted for good')
    expect(() => sourcesOf(project, runId)).toThrow('start a new one.')
  })

  it('is empty the second time', async () => {
    const { project, ids } = await usedProject()
    deleteImages(project, ids)
    expect([emptyBin(project), emptyBin(project)]).toEqual([3, 0])
    expect(listBin(project)).toEqual([])
  })
})
