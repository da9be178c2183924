import type { Checkpoint } from '#core/learning/events'
import { JaccardError } from '#core/errors'
import type { Project } from './project'

/** `best` has the best validation so far; `last` is what a resumed run goes on from. */
export type CheckpointKind = 'best' | 'last'

/**
 * Keeps a run's checkpoint in place of the one of that kind before. Predictions belong to the best checkpoint: a
 * new one discards them.
 */
export function saveCheckpoint(
  project: Project,
  runId: number,
  kind: CheckpointKind,
  checkpoint: Checkpoint
): void {
  project.transaction(() => {
    project.run(
      `INSERT OR REPLACE INTO checkpoint (run_id, kind, step, weights, optimiser)
       VALUES (:runId, :kind, :step, :weights, :optimiser)`,
      { runId, kind, ...checkpoint }
    )
    if (kind === 'best') project.run('DELETE FROM prediction WHERE run_id = ?', runId)
  })
}

/** @throws JaccardError `not-found` for a run that has none of this kind */
export function readCheckpoint(project: Project, runId: number, kind: CheckpointKind): Checkpoint {
  const checkpoint = project.get<Checkpoint>(
    'SELECT step, weights, optimiser FROM checkpoint WHERE run_id = ? AND kind = ?',
    runId,
    kind
  )
  if (checkpoint) return checkpoint
  throw new JaccardError('not-found', `Run ${runId} ended before its first checkpoint; train again.`)
}

/** Whether a run has a checkpoint of this kind. */
export function hasCheckpoint(project: Project, runId: number, kind: CheckpointKind): boolean {
  return project.get('SELECT 1 FROM checkpoint WHERE run_id = ? AND kind = ?', runId, kind) !== undefined
}
