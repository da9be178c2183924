import { expect, it } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import type { RacePair } from '#core/learning/race/compare'
import { plannedRuns, raceOf } from '#core/learning/race/config'
import {
  createRace,
  deleteRace,
  getRace,
  listRaceImages,
  listRaces,
  markRacesInterrupted,
  runningRace,
  saveRacePair,
  setRaceStatus
} from '#main/store/races'
import type { Project } from '#main/store/project'
import { createRun, getRun, listRuns, updateRun } from '#main/store/runs'
import { addLabelled, temporaryProject } from '../../fixtures/project'

const config = raceOf({ ...DEFAULTS, seed: 3 }, ['iou', 'xent'], 2)

async function raceIn(project: Project) {
  const imageId = await addLabelled(project, { split: 'validation' })
  const images = [{ imageId, split: 'validation' as const, sha: 'a'.repeat(64), revision: 1 }]
  const id = createRace(project, { config, engine: 'onnx-cpu', chosenBecause: 'It was the fastest.', images })
  return { id, images }
}

function startRun(project: Project, raceId: number, index: number): number {
  return createRun(project, { config: plannedRuns(config)[index]!.config, versions: {}, images: [], raceId })
}

const pair = (seed: number, mIoU: number): RacePair => {
  const run = {
    runId: 1,
    metrics: { threshold: 0.5, mIoU, iou1: 0.5, iou0: 0.5, precision: 0.5, recall: 0.5 },
    objects: { objects: 3, found: 2, touched: 3 },
    recovered: 5,
    added: 6
  }
  return { seed, images: 4, runs: [run, { ...run, runId: 2 }], imageInterval: null }
}

it('a race is what was agreed at its start, and where its runs stand', async () => {
  const project = await temporaryProject()
  const { id, images } = await raceIn(project)
  expect(getRace(project, id)).toMatchObject({
    ...{ id, status: 'running', config, engine: 'onnx-cpu', chosenBecause: 'It was the fastest.' },
    ...{ message: null, finishedAt: null, pairs: [] }
  })
  expect(listRaceImages(project, id)).toEqual(images)

  const first = startRun(project, id, 0)
  updateRun(project, first, { status: 'done' })
  const second = startRun(project, id, 1)
  expect(getRace(project, id).runs).toEqual([
    { loss: 'iou', seed: 3, runId: first, status: 'done' },
    { loss: 'xent', seed: 3, runId: second, status: 'running' },
    { loss: 'iou', seed: 4, runId: null, status: null },
    { loss: 'xent', seed: 4, runId: null, status: null }
  ])
  expect(listRuns(project).map(({ raceId }) => raceId)).toEqual([id, id])
})

it('a run that was started again stands for its loss and seed', async () => {
  const project = await temporaryProject()
  const { id } = await raceIn(project)
  updateRun(project, startRun(project, id, 0), { status: 'failed' })
  const again = startRun(project, id, 0)
  expect(getRace(project, id).runs[0]).toMatchObject({ runId: again, status: 'running' })
})

it('pairs are kept in the order of the seeds, the latest judgement of each', async () => {
  const project = await temporaryProject()
  const { id } = await raceIn(project)
  saveRacePair(project, id, pair(4, 0.5))
  saveRacePair(project, id, pair(3, 0.6))
  saveRacePair(project, id, pair(4, 0.7))
  expect(getRace(project, id).pairs).toEqual([pair(3, 0.6), pair(4, 0.7)])
})

it('a race that its process left behind is marked as interrupted', async () => {
  const project = await temporaryProject()
  const { id } = await raceIn(project)
  expect(runningRace(project)).toBe(id)
  expect(markRacesInterrupted(project)).toEqual([id])
  expect(runningRace(project)).toBeNull()
  expect(getRace(project, id)).toMatchObject({ status: 'interrupted', finishedAt: expect.any(String) })
  setRaceStatus(project, id, 'running')
  expect(getRace(project, id).finishedAt).toBeNull()
})

it('a race is removed with its runs, and with nothing else', async () => {
  const project = await temporaryProject()
  const { id } = await raceIn(project)
  const inside = startRun(project, id, 0)
  const outside = createRun(project, { config: DEFAULTS, versions: {}, images: [] })
  saveRacePair(project, id, pair(3, 0.6))
  deleteRace(project, id)
  expect(listRaces(project)).toEqual([])
  expect(() => getRace(project, id)).toThrow(/no race/)
  expect(() => getRun(project, inside)).toThrow(/no run/)
  expect(getRun(project, outside).raceId).toBeNull()
  expect(project.all('SELECT * FROM race_pair')).toEqual([])
})
