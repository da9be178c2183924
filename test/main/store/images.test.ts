import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  classBalance,
  countImages,
  findImagesByBaseName,
  findImagesBySha,
  getImage,
  listImages,
  readImageBytes,
  setSplit,
  setState,
  sha256
} from '#main/store/images'
import { addImage, addLabelled, temporaryProject } from '../../fixtures/project'
import { temporaryFolder } from '../../fixtures/temporary'

describe('an image', () => {
  it('is listed untouched, without a split', async () => {
    const project = await temporaryProject()
    const id = await addImage(project, { name: 'a.tif', width: 640, height: 480, bitDepth: 16 })
    expect(listImages(project)).toEqual([
      {
        id,
        name: 'a.tif',
        baseName: 'a',
        width: 640,
        height: 480,
        bitDepth: 16,
        state: 'untouched',
        split: null,
        splitOwnChoice: false,
        foregroundShare: 0,
        revision: 0
      }
    ])
  })

  it('keeps its display window', async () => {
    const project = await temporaryProject()
    const id = await addImage(project, { bitDepth: 16, windowLow: 120, windowHigh: 4095 })
    expect(getImage(project, id)).toMatchObject({ windowLow: 120, windowHigh: 4095, format: 'png' })
  })

  it('gives back its bytes, which are kept once however often they come', async () => {
    const project = await temporaryProject()
    const bytes = Buffer.from('the same picture')
    const first = await addImage(project, { name: 'a.png', bytes })
    const second = await addImage(project, { name: 'b.png', bytes })
    expect(project.get('SELECT count(*) AS blobs FROM blob')).toEqual({ blobs: 1 })
    for (const id of [first, second]) expect(Buffer.from(await readImageBytes(project, id))).toEqual(bytes)
    expect(findImagesBySha(project, await sha256(bytes)).map(({ id }) => id)).toEqual([first, second])
  })

  it('may have the name of another', async () => {
    const project = await temporaryProject()
    const ids = [await addImage(project, { name: 'leaf.png' }), await addImage(project, { name: 'leaf.png' })]
    expect(findImagesByBaseName(project, 'leaf').map(({ id }) => id)).toEqual(ids)
    expect(findImagesByBaseName(project, 'Leaf')).toEqual([])
  })

  it('that does not exist is named', async () => {
    const project = await temporaryProject()
    expect(() => getImage(project, 5)).toThrow(
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining('no image 5') })
    )
  })

  it('has the known SHA-256', async () => {
    expect(await sha256(Buffer.from('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    )
  })
})

describe('a linked image', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'leaf.png')
  const bytes = Buffer.from('far away')

  it('is read from its file, which the project does not hold', async () => {
    writeFileSync(path, bytes)
    const project = await temporaryProject()
    const id = await addImage(project, { bytes, linkedPath: path })
    expect(project.get('SELECT count(*) AS blobs FROM blob')).toEqual({ blobs: 0 })
    expect(Buffer.from(await readImageBytes(project, id))).toEqual(bytes)
  })

  it('says so when the file is gone or has changed', async () => {
    const project = await temporaryProject()
    writeFileSync(path, bytes)
    const id = await addImage(project, { bytes, linkedPath: path })
    renameSync(path, `${path}.moved`)
    await expect(readImageBytes(project, id)).rejects.toThrow(
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining(`linked to "${path}"`) })
    )
    writeFileSync(path, 'another picture')
    await expect(readImageBytes(project, id)).rejects.toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining('has changed') })
    )
    rmSync(path)
  })
})

describe('states and splits', () => {
  it('are set for several images at once', async () => {
    const project = await temporaryProject()
    const ids = [await addImage(project), await addImage(project), await addImage(project)]
    expect(setState(project, ids.slice(0, 2), 'complete').map(({ state }) => state)).toEqual([
      'complete',
      'complete'
    ])
    expect(setSplit(project, ids.slice(1), 'validation')).toMatchObject([
      { id: ids[1], split: 'validation', splitOwnChoice: true },
      { id: ids[2], split: 'validation', splitOwnChoice: true }
    ])
    expect(setSplit(project, [ids[2]!], null)).toMatchObject([{ split: null, splitOwnChoice: false }])
    expect(listImages(project).map(({ state, split }) => [state, split])).toEqual([
      ['complete', null],
      ['complete', 'validation'],
      ['untouched', null]
    ])
  })

  it('change for all of them or for none', async () => {
    const project = await temporaryProject()
    const empty = await addLabelled(project, { state: 'in-progress' })
    const painted = await addLabelled(project, { name: 'painted.png', foreground: 3, state: 'in-progress' })
    expect(() => setState(project, [empty, painted], 'confirmed-empty')).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: 'The mask of "painted.png" has foreground; erase it before confirming that there is none.'
      })
    )
    expect(listImages(project).map(({ state }) => state)).toEqual(['in-progress', 'in-progress'])
    expect(() => setSplit(project, [empty, 999], 'train')).toThrow('no image 999')
    expect(getImage(project, empty).split).toBeNull()
  })
})

describe('class balance', () => {
  it('is the foreground over all known pixels of a split, of labelled images only', async () => {
    const project = await temporaryProject()
    await addLabelled(project, { foreground: 30, split: 'train' })
    await addLabelled(project, { foreground: 10, unknown: 20, split: 'train' })
    await addLabelled(project, { state: 'confirmed-empty', split: 'train' })
    await addLabelled(project, { foreground: 99, state: 'in-progress', split: 'train' })
    await addLabelled(project, { foreground: 99 })
    await addLabelled(project, { unknown: 100, split: 'test' })
    expect(classBalance(project)).toEqual({
      train: { images: 3, foregroundShare: 40 / 280 },
      validation: { images: 0, foregroundShare: null },
      test: { images: 1, foregroundShare: null }
    })
    expect(countImages(project)).toMatchObject({
      total: 6,
      byState: { untouched: 0, 'in-progress': 1, complete: 4, 'confirmed-empty': 1 },
      bySplit: { train: { images: 3 } }
    })
  })

  it('of an empty project is nothing', async () => {
    const project = await temporaryProject()
    expect(countImages(project).total).toBe(0)
    expect(classBalance(project).train).toEqual({ images: 0, foregroundShare: null })
  })

  it('of one image leaves unknown pixels out', async () => {
    const project = await temporaryProject()
    const id = await addLabelled(project, { foreground: 30, unknown: 40 })
    expect(getImage(project, id)).toMatchObject({ foreground: 30, known: 60, foregroundShare: 0.5 })
    const unknown = await addLabelled(project, { unknown: 100 })
    expect(getImage(project, unknown).foregroundShare).toBe(0)
  })
})
