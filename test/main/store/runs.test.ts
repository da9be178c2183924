import { describe, expect, it } from 'vitest'
import { trainConfig } from '#core/learning/config'
import type { Metrics } from '#core/learning/events'
import { createRandom } from '#core/learning/random'
import { hasCheckpoint, readCheckpoint, saveCheckpoint } from '#main/store/checkpoints'
import { openProject } from '#main/store/open'
import { listPredictions, readPrediction, savePrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import {
  appendMetrics,
  createRun,
  deleteRun,
  findRun,
  getRun,
  listRunImages,
  listRuns,
  markInterrupted,
  readHistory,
  runningRun,
  setThreshold,
  updateRun
} from '#main/store/runs'
import { addImage, temporaryProject } from '../../fixtures/project'

const config = trainConfig.parse({
  ...{ loss: 'iou+xent', architecture: 'UNet-xs', size: 128, batch: 10, learningRate: 1e-3, dropout: 0 },
  ...{ steps: 400, minutes: null, seed: 1, engine: 'auto', threads: null, flips: true, reluLogits: false }
})
const metricsAt = (mIoU: number): Metrics => ({
  ...{ threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: 0.5, recall: 0.25 }
})
const startRun = (project: Project) =>
  createRun(project, { config, versions: { jaccard: '0.1.0' }, images: [] })
const checkpointOf = (step: number) => ({
  step,
  weights: Buffer.from(`weights ${step}`) as Uint8Array<ArrayBuffer>,
  optimiser: Buffer.from(`moments ${step}`) as Uint8Array<ArrayBuffer>
})

describe('a run', () => {
  it('starts running, with all that determines it', async () => {
    const project = await temporaryProject()
    const imageId = await addImage(project)
    const images = [{ imageId, split: 'train' as const, sha: 'a'.repeat(64), revision: 3 }]
    const id = createRun(project, { config, versions: { jaccard: '0.1.0', tfjs: '4.22.0' }, images })
    expect(getRun(project, id)).toMatchObject({
      ...{ id, status: 'running', config, versions: { jaccard: '0.1.0', tfjs: '4.22.0' } },
      ...{
        engine: null,
        device: null,
        chosenBecause: null,
        parameters: null,
        finishedAt: null,
        steps: 0,
        seconds: 0
      },
      ...{ medianStepMilliseconds: null, bestStep: null, best: null, threshold: 0.5, baselines: null },
      ...{ flat: false, message: null }
    })
    expect(Date.parse(getRun(project, id).startedAt)).not.toBeNaN()
    expect(listRunImages(project, id)).toEqual(images)
  })

  it('keeps what it reports and how it ended, also after reopening', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    const baselines = { background: 0.31, foreground: 0.2, meanMask: 0.4 }
    updateRun(project, id, { engine: 'tfjs-wasm', device: 'CPU', parameters: 12345, baselines })
    const ended = updateRun(project, id, {
      ...{ status: 'done', steps: 400, seconds: 61.5, medianStepMilliseconds: 150, bestStep: 380 },
      ...{ best: metricsAt(0.8), flat: true, message: 'This model knows nothing yet.' }
    })
    expect(ended.finishedAt).not.toBeNull()
    project.close()
    const again = await openProject(project.path)
    expect(getRun(again, id)).toEqual(ended)
    expect(ended).toMatchObject({
      ...{ status: 'done', engine: 'tfjs-wasm', parameters: 12345, baselines, seconds: 61.5 },
      ...{ best: metricsAt(0.8), bestStep: 380, flat: true, message: 'This model knows nothing yet.' }
    })
    again.close()
  })

  it('knows whether its threshold was tuned; one of an older version was not', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    expect(updateRun(project, id, { best: { ...metricsAt(0.8), tunedOn: 12 } }).best!.tunedOn).toBe(12)
    const old = '{"threshold":0.5,"mIoU":0.8,"iou1":0.7,"iou0":0.9,"precision":0.75,"recall":0.85}'
    project.run('UPDATE run SET best = ? WHERE id = ?', old, id)
    expect(getRun(project, id).best).toEqual(JSON.parse(old))
  })

  it('runs again when it is resumed', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    updateRun(project, id, { status: 'cancelled' })
    expect(updateRun(project, id, { status: 'running' })).toMatchObject({
      status: 'running',
      finishedAt: null
    })
  })

  it('takes the person’s threshold', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    expect(setThreshold(project, id, 0.25).threshold).toBe(0.25)
    expect(() => setThreshold(project, 99, 0.25)).toThrow('no run 99')
    expect(() => setThreshold(project, id, 1.5)).toThrow('CHECK')
  })

  it('says so when its row is damaged', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    project.run(`UPDATE run SET config = '{"loss":"hope"}' WHERE id = ?`, id)
    expect(() => listRuns(project)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('is damaged') })
    )
  })
})

describe('metrics', () => {
  it('come in batches and move the steps and the best validation on', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    const first = { step: 2, loss: 0.6, metrics: metricsAt(0.5) }
    appendMetrics(project, id, {
      loss: [
        { step: 1, loss: 0.9 },
        { step: 2, loss: 0.8 }
      ],
      validation: [first]
    })
    const second = { step: 3, loss: 0.5, metrics: metricsAt(0.7) }
    const third = { step: 4, loss: 0.4, metrics: metricsAt(0.7) }
    appendMetrics(project, id, { loss: [{ step: 3, loss: 0.7 }], validation: [second, third] })
    appendMetrics(project, id, { loss: [], validation: [] })
    expect(readHistory(project, id)).toEqual({
      loss: [1, 2, 3].map((step) => ({ step, loss: 1 - step / 10 })),
      validation: [first, second, third]
    })
    expect(getRun(project, id)).toMatchObject({ steps: 4, bestStep: 3, best: { mIoU: 0.7 } })
  })

  it('of steps that are done again are replaced', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    appendMetrics(project, id, {
      loss: [
        { step: 1, loss: 0.9 },
        { step: 2, loss: 0.8 }
      ],
      validation: []
    })
    appendMetrics(project, id, { loss: [{ step: 2, loss: 0.75 }], validation: [] })
    expect(readHistory(project, id).loss).toEqual([
      { step: 1, loss: 0.9 },
      { step: 2, loss: 0.75 }
    ])
  })

  it('keep a loss that is no number', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    appendMetrics(project, id, { loss: [{ step: 1, loss: NaN }], validation: [] })
    expect(readHistory(project, id).loss).toEqual([{ step: 1, loss: NaN }])
  })

  it.each([0, 1, 1999, 2000, 2001, 5000])(
    'of %i steps are thinned evenly, with the last one kept',
    async (count) => {
      const project = await temporaryProject()
      const id = startRun(project)
      const loss = Array.from({ length: count }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) }))
      appendMetrics(project, id, { loss, validation: [] })
      const thinned = readHistory(project, id).loss
      expect(thinned.length).toBeLessThanOrEqual(2000)
      expect(thinned.length).toBeGreaterThanOrEqual(Math.min(count, 1000))
      expect(thinned.at(-1)).toEqual(loss.at(-1))
      const gaps = thinned.slice(1, -1).map(({ step }, i) => step - thinned[i]!.step)
      expect(new Set(gaps).size).toBeLessThanOrEqual(1)
    }
  )
})

describe('finding runs', () => {
  it('lists the newest first, and finds the latest and the best that have a checkpoint', async () => {
    const project = await temporaryProject()
    expect(() => findRun(project, 'latest')).toThrow(expect.objectContaining({ code: 'not-found' }))
    const scores = [0.6, 0.8, 0.7]
    const ids = scores.map((mIoU, i) => {
      const id = startRun(project)
      appendMetrics(project, id, { loss: [], validation: [{ step: i, loss: 1, metrics: metricsAt(mIoU) }] })
      saveCheckpoint(project, id, 'best', checkpointOf(i))
      return id
    })
    const unfinished = startRun(project)
    expect(listRuns(project).map(({ id }) => id)).toEqual([unfinished, ...ids.toReversed()])
    expect(findRun(project, 'latest').id).toBe(ids[2])
    expect(findRun(project, 'best').id).toBe(ids[1])
    expect(findRun(project, unfinished).id).toBe(unfinished)
    expect(() => findRun(project, 99)).toThrow('no run 99')
  })

  it('marks those as interrupted that are still said to be running', async () => {
    const project = await temporaryProject()
    expect(runningRun(project)).toBeNull()
    const [left, done] = [startRun(project), startRun(project)]
    updateRun(project, done, { status: 'done' })
    expect(runningRun(project)).toBe(left)
    expect(markInterrupted(project)).toEqual([left])
    expect(listRuns(project).map(({ status }) => status)).toEqual(['done', 'interrupted'])
    expect(markInterrupted(project)).toEqual([])
    expect(runningRun(project)).toBeNull()
  })
})

describe('checkpoints', () => {
  it('are one of each kind, the last one saved', async () => {
    const project = await temporaryProject()
    const id = startRun(project)
    expect(hasCheckpoint(project, id, 'best')).toBe(false)
    expect(() => readCheckpoint(project, id, 'best')).toThrow(expect.objectContaining({ code: 'not-found' }))
    for (const step of [10, 20]) saveCheckpoint(project, id, 'best', checkpointOf(step))
    saveCheckpoint(project, id, 'last', checkpointOf(30))
    expect(hasCheckpoint(project, id, 'best')).toBe(true)
    expect(readCheckpoint(project, id, 'best')).toEqual(checkpointOf(20))
    expect(readCheckpoint(project, id, 'last')).toEqual(checkpointOf(30))
  })
})

describe('predictions', () => {
  it('come back as they were, until there is a better checkpoint', async () => {
    const project = await temporaryProject()
    const imageId = await addImage(project)
    const id = startRun(project)
    const random = createRandom(1, 'prediction')
    const probabilities = Uint8Array.from({ length: 32 * 128 }, () => random.integer(256))
    saveCheckpoint(project, id, 'best', checkpointOf(10))
    await savePrediction(project, id, imageId, {
      width: 64,
      height: 64,
      probabilities: new Uint8Array(64 * 64)
    })
    await savePrediction(project, id, imageId, { width: 32, height: 128, probabilities })
    saveCheckpoint(project, id, 'last', checkpointOf(20))
    expect(listPredictions(project, id)).toEqual([imageId])
    const { width, height, probabilities: read } = (await readPrediction(project, id, imageId))!
    expect([width, height]).toEqual([32, 128])
    expect(Uint8Array.from(read)).toEqual(probabilities)
    saveCheckpoint(project, id, 'best', checkpointOf(30))
    expect(await readPrediction(project, id, imageId)).toBeUndefined()
  })

  it.each([
    ['bytes that are not compressed', 64, Buffer.from('nonsense')],
    ['another size', 65, null],
    ['more than the size allows', 3, null]
  ])('that are damaged are refused: %s', async (_, size, data) => {
    const project = await temporaryProject()
    const imageId = await addImage(project)
    const id = startRun(project)
    await savePrediction(project, id, imageId, {
      width: 64,
      height: 64,
      probabilities: new Uint8Array(64 * 64)
    })
    project.run('UPDATE prediction SET width = ?', size)
    if (data) project.run('UPDATE prediction SET data = ?', data)
    await expect(readPrediction(project, id, imageId)).rejects.toThrow('is damaged')
  })
})

describe('removing a run', () => {
  it('removes all that belongs to it and nothing else', async () => {
    const project = await temporaryProject()
    const imageId = await addImage(project)
    const images = [{ imageId, split: 'train' as const, sha: 'a'.repeat(64), revision: 0 }]
    const ids = [1, 2].map(() => createRun(project, { config, versions: {}, images }))
    for (const id of ids) {
      const validation = [{ step: 1, loss: 1, metrics: metricsAt(0.5) }]
      appendMetrics(project, id, { loss: [{ step: 1, loss: 1 }], validation })
      saveCheckpoint(project, id, 'best', checkpointOf(1))
      await savePrediction(project, id, imageId, { width: 2, height: 2, probabilities: new Uint8Array(4) })
    }
    deleteRun(project, ids[0]!)
    expect(() => deleteRun(project, ids[0]!)).toThrow('no run')
    expect(listRuns(project).map(({ id }) => id)).toEqual([ids[1]])
    for (const table of ['run_image', 'run_loss', 'run_validation', 'checkpoint', 'prediction']) {
      expect(project.all(`SELECT run_id FROM ${table}`)).toEqual([{ run_id: ids[1] }])
    }
  })
})
