import { expect, it } from 'vitest'
import { saveCheckpoint } from '#main/store/checkpoints'
import { keepWeights, readWeights, stepsWithWeights } from '#main/store/keptWeights'
import { createRun, deleteRun } from '#main/store/runs'
import { oneWeightConfig as config } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'

/** A project with a run that has not begun. */
async function setUp() {
  const project = await temporaryProject()
  return { project, runId: createRun(project, { config, versions: {}, images: [] }) }
}

it('gives back what was kept, and what the checkpoints hold', async () => {
  const { project, runId } = await setUp()
  for (const step of [1, 2, 5]) keepWeights(project, runId, step, Uint8Array.of(step))
  const optimiser = Uint8Array.of(0)
  saveCheckpoint(project, runId, 'best', { step: 5, weights: Uint8Array.of(5), optimiser })
  saveCheckpoint(project, runId, 'last', { step: 7, weights: Uint8Array.of(7), optimiser })
  expect(stepsWithWeights(project, runId)).toEqual([1, 2, 5, 7])
  for (const step of [1, 2, 5, 7]) expect([...readWeights(project, runId, step)]).toEqual([step])
  expect(() => readWeights(project, runId, 3)).toThrow(/no weights of step 3; it has those of 1, 2, 5, 7\./)
})

it('replaces those of a step that was taken again', async () => {
  const { project, runId } = await setUp()
  keepWeights(project, runId, 10, Uint8Array.of(1))
  keepWeights(project, runId, 10, Uint8Array.of(2))
  expect(stepsWithWeights(project, runId)).toEqual([10])
  expect([...readWeights(project, runId, 10)]).toEqual([2])
})

it('lets the earliest go where they become too many, of this run only', async () => {
  const { project, runId } = await setUp()
  const other = createRun(project, { config, versions: {}, images: [] })
  keepWeights(project, other, 1, Uint8Array.of(1))
  const steps = Array.from({ length: 15 }, (_, i) => i + 1)
  for (const step of steps) keepWeights(project, runId, step, Uint8Array.of(step))
  expect(stepsWithWeights(project, runId)).toEqual(steps.slice(3))
  expect(stepsWithWeights(project, other)).toEqual([1])
})

it('has nothing of a run that was deleted, or that ended at once', async () => {
  const { project, runId } = await setUp()
  expect(() => readWeights(project, runId, 1)).toThrow(/before its first checkpoint/)
  keepWeights(project, runId, 1, Uint8Array.of(1))
  deleteRun(project, runId)
  expect(stepsWithWeights(project, runId)).toEqual([])
})
