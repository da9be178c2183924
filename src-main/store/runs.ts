import { z } from 'zod'
import type { RunHistory, RunStatus, RunSummary, Split } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { trainConfig, type TrainConfig } from '#core/learning/config'
import { baselines, bestMetrics, metrics } from '#core/learning/events'
import { fromJson } from './json'
import type { Project } from './project'

/** A run as the project keeps it; whether its trainer is alive only the host knows. */
export interface RunRecord extends Omit<RunSummary, 'live'> {
  /** Versions of the program and its libraries, by name. */
  versions: Record<string, string>
  /** Trainable values of the network. */
  parameters: number | null
  finishedAt: string | null
}

/** An image as a run saw it. */
export interface RunImage {
  imageId: number
  split: Split
  /** SHA-256 of the image's bytes. */
  sha: string
  /** The mask's revision. */
  revision: number
}

/** The most points of a loss curve that are handed out. */
const MAX_LOSS_POINTS = 2_000

/** Keeps a new run, running, with everything that determines it. @returns The run's id. */
export function createRun(
  project: Project,
  run: { config: TrainConfig; versions: Record<string, string>; images: RunImage[]; raceId?: number | null }
): number {
  return project.transaction(() => {
    const { lastInsertRowid } = project.run(
      `INSERT INTO run (status, config, versions, started_at, race_id) VALUES ('running', ?, ?, ?, ?)`,
      JSON.stringify(run.config),
      JSON.stringify(run.versions),
      new Date().toISOString(),
      run.raceId ?? null
    )
    const id = Number(lastInsertRowid)
    for (const image of run.images) {
      project.run(
        `INSERT INTO run_image (run_id, image_id, split, sha, revision)
         VALUES (:id, :imageId, :split, :sha, :revision)`,
        { id, ...image }
      )
    }
    return id
  })
}

/** The column of each thing that changes while a run goes on, and afterwards. */
const COLUMNS = {
  status: 'status',
  engine: 'engine',
  device: 'device',
  chosenBecause: 'chosen_because',
  parameters: 'parameters',
  finishedAt: 'finished_at',
  steps: 'steps',
  seconds: 'seconds',
  medianStepMilliseconds: 'median_step_milliseconds',
  bestStep: 'best_step',
  best: 'best',
  threshold: 'threshold',
  baselines: 'baselines',
  flat: 'flat',
  message: 'message'
} as const satisfies Partial<Record<keyof RunRecord, string>>

/** What can be changed of a run. */
export type RunPatch = Partial<Pick<RunRecord, keyof typeof COLUMNS>>

/**
 * Changes a run; what the patch does not name stays. Once the status says that it ended, so does `finishedAt`.
 *
 * @throws JaccardError `not-found`
 */
export function updateRun(project: Project, id: number, patch: RunPatch): RunRecord {
  const ended: RunPatch =
    patch.status === undefined
      ? {}
      : { finishedAt: patch.status === 'running' ? null : new Date().toISOString() }
  return project.transaction(() => {
    for (const [key, value] of Object.entries({ ...ended, ...patch })) {
      if (value === undefined) continue
      const column = COLUMNS[key as keyof typeof COLUMNS]
      project.run(`UPDATE run SET ${column} = ? WHERE id = ?`, columnValue(value), id)
    }
    return getRun(project, id)
  })
}

function columnValue(value: NonNullable<RunPatch[keyof RunPatch]> | null): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

/** The threshold at which the person wants this run's predictions. @throws JaccardError `not-found` */
export function setThreshold(project: Project, id: number, threshold: number): RunRecord {
  return updateRun(project, id, { threshold })
}

/**
 * Adds a batch of what a run reported, in one transaction, and moves its steps and its best validation on. What
 * was reported for a step before, as by a run that is resumed from an earlier checkpoint, is replaced.
 */
export function appendMetrics(project: Project, id: number, reported: RunHistory): void {
  project.transaction(() => {
    for (const { step, loss } of reported.loss) {
      project.run('INSERT OR REPLACE INTO run_loss (run_id, step, loss) VALUES (?, ?, ?)', id, step, loss)
    }
    for (const { step, loss, metrics } of reported.validation) {
      project.run(
        'INSERT OR REPLACE INTO run_validation (run_id, step, loss, metrics) VALUES (?, ?, ?, ?)',
        id,
        step,
        loss,
        JSON.stringify(metrics)
      )
      const { best } = getRun(project, id)
      if (best === null || metrics.mIoU > best.mIoU) updateRun(project, id, { best: metrics, bestStep: step })
    }
    const last = Math.max(...[...reported.loss, ...reported.validation].map(({ step }) => step))
    project.run('UPDATE run SET steps = max(steps, ?) WHERE id = ?', Math.max(0, last), id)
  })
}

/** A run's curves: the validations, and the loss thinned evenly to at most 2,000 points with the last one kept. */
export function readHistory(project: Project, id: number): RunHistory {
  const { count } = project.get<{ count: number }>(
    'SELECT count(*) AS count FROM run_loss WHERE run_id = ?',
    id
  )!
  const stride = Math.ceil(count / (MAX_LOSS_POINTS - 1)) || 1
  // SQLite has no NaN, which is what the loss of a run that diverged is; it keeps NULL instead.
  const loss = project.all<{ step: number; loss: number | null }>(
    `SELECT step, loss FROM
       (SELECT step, loss, row_number() OVER (ORDER BY step) AS number FROM run_loss WHERE run_id = :id)
     WHERE number % :stride = 0 OR number = :count ORDER BY step`,
    { id, stride, count }
  )
  const validation = project
    .all<{ step: number; loss: number | null; metrics: string }>(
      'SELECT step, loss, metrics FROM run_validation WHERE run_id = ? ORDER BY step',
      id
    )
    .map((row) => ({ ...row, loss: row.loss ?? NaN, metrics: fromJson(project, metrics, row.metrics) }))
  return { loss: loss.map((row) => ({ ...row, loss: row.loss ?? NaN })), validation }
}

/** The images that a run learned from and was validated with, as they were then. */
export function listRunImages(project: Project, id: number): RunImage[] {
  return project.all<RunImage>(
    'SELECT image_id AS imageId, split, sha, revision FROM run_image WHERE run_id = ? ORDER BY image_id',
    id
  )
}

/**
 * How many of a run's images are in another split now than in the run, of the runs that have any. A run of a
 * cross-validation has splits of its own, which no drawing changes.
 */
export function movedImages(project: Project): { runId: number; images: number }[] {
  return project.all(
    `SELECT run_id AS runId, count(*) AS images
     FROM run_image JOIN run ON run.id = run_id JOIN image ON image.id = image_id
     WHERE image.split IS NOT run_image.split AND deleted_at IS NULL AND json_extract(config, '$.folds') IS NULL
     GROUP BY run_id ORDER BY run_id`
  )
}

interface RunRow extends Omit<RunRecord, 'config' | 'versions' | 'best' | 'baselines' | 'flat'> {
  config: string
  versions: string
  best: string | null
  baselines: string | null
  flat: number
}

const SELECT = `
  SELECT id, race_id AS raceId, status, config, versions, started_at AS startedAt,
    ${Object.entries(COLUMNS)
      .map(([key, column]) => `${column} AS ${key}`)
      .join(', ')}
  FROM run`

function recordOf(project: Project, row: RunRow): RunRecord {
  return {
    ...row,
    config: fromJson(project, trainConfig, row.config),
    versions: fromJson(project, z.record(z.string(), z.string()), row.versions),
    best: row.best === null ? null : fromJson(project, bestMetrics, row.best),
    baselines: row.baselines === null ? null : fromJson(project, baselines, row.baselines),
    flat: row.flat === 1
  }
}

/** Every run, the newest first. */
export function listRuns(project: Project): RunRecord[] {
  return project.all<RunRow>(`${SELECT} ORDER BY id DESC`).map((row) => recordOf(project, row))
}

/** @throws JaccardError `not-found` */
export function getRun(project: Project, id: number): RunRecord {
  const row = project.get<RunRow>(`${SELECT} WHERE id = ?`, id)
  if (!row) throw new JaccardError('not-found', `The project has no run ${id}; it may have been removed.`)
  return recordOf(project, row)
}

/**
 * A run by number, or of those that have a best checkpoint the newest (`latest`), or the one of the highest
 * validation mIoU (`best`; of equal ones the newest).
 *
 * @throws JaccardError `not-found`
 */
export function findRun(project: Project, which: number | 'latest' | 'best'): RunRecord {
  if (typeof which === 'number') return getRun(project, which)
  const row = project.get<RunRow>(
    `${SELECT} WHERE id IN (SELECT run_id FROM checkpoint WHERE kind = 'best')
     ORDER BY ${which === 'best' ? `json_extract(best, '$.mIoU') DESC,` : ''} id DESC LIMIT 1`
  )
  if (row) return recordOf(project, row)
  throw new JaccardError('not-found', 'The project has no trained run yet; train one first.')
}

/** The run that is said to be running; null without one. */
export function runningRun(project: Project): number | null {
  return project.get<{ id: number }>(`SELECT id FROM run WHERE status = 'running'`)?.id ?? null
}

/**
 * Marks the runs as interrupted that are still said to be running. Whoever asks for it holds the training lock:
 * their trainers are gone.
 *
 * @returns The ids of the runs that were marked.
 */
export function markInterrupted(project: Project): number[] {
  return project.transaction(() => {
    const left = project.all<{ id: number }>(`SELECT id FROM run WHERE status = 'running' ORDER BY id`)
    const status: RunStatus = 'interrupted'
    return left.map(({ id }) => updateRun(project, id, { status }).id)
  })
}

/** Removes a run with its metrics, checkpoints and predictions. @throws JaccardError `not-found` */
export function deleteRun(project: Project, id: number): void {
  project.transaction(() => {
    getRun(project, id)
    project.run('DELETE FROM run WHERE id = ?', id)
  })
}
