import { JaccardError } from '#core/errors'
import { mostKept } from '#core/learning/keeping'
import type { Project } from './project'

/**
 * Keeps a run's packed weights after a step, in place of those that it has of that step. Where they become too many,
 * the earliest go.
 */
export function keepWeights(project: Project, runId: number, step: number, weights: Uint8Array): void {
  project.transaction(() => {
    project.run(
      'INSERT OR REPLACE INTO kept_weights (run_id, step, weights) VALUES (?, ?, ?)',
      runId,
      step,
      weights
    )
    project.run(
      `DELETE FROM kept_weights WHERE run_id = :runId AND step NOT IN
         (SELECT step FROM kept_weights WHERE run_id = :runId ORDER BY step DESC LIMIT :most)`,
      { runId, most: mostKept(weights.length) }
    )
  })
}

/** Everything of a run that can predict: kept weights and checkpoints. */
const WEIGHTS = `
  SELECT step, weights FROM kept_weights WHERE run_id = :runId
  UNION ALL SELECT step, weights FROM checkpoint WHERE run_id = :runId`

/** The steps of which a run has weights, kept or in a checkpoint, ascending. */
export function stepsWithWeights(project: Project, runId: number): number[] {
  return project
    .all<{ step: number }>(`SELECT DISTINCT step FROM (${WEIGHTS}) ORDER BY step`, { runId })
    .map(({ step }) => step)
}

/** A run's packed weights after a step. @throws JaccardError `not-found` where they were not kept */
export function readWeights(project: Project, runId: number, step: number): Uint8Array {
  const found = project.get<{ weights: Uint8Array }>(`SELECT weights FROM (${WEIGHTS}) WHERE step = :step`, {
    runId,
    step
  })
  if (found) return found.weights
  const steps = stepsWithWeights(project, runId)
  throw new JaccardError(
    'not-found',
    steps.length === 0
      ? `Run ${runId} ended before its first checkpoint; train again.`
      : `Run ${runId} has no weights of step ${step}; it has those of ${steps.join(', ')}.`
  )
}
