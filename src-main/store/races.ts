import type { RaceRun, RaceSummary, RunStatus } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { racePair, type RacePair } from '#core/learning/race/compare'
import { plannedRuns, raceConfig, type RaceConfig } from '#core/learning/race/config'
import type { EngineName } from '#core/network/engine'
import { fromJson } from './json'
import type { Project } from './project'
import type { RunImage } from './runs'

/** A race as the project keeps it; whether it goes on only the host knows. */
export interface RaceRecord extends Omit<RaceSummary, 'live'> {
  finishedAt: string | null
}

/** Keeps a new race, running, with everything that determines it. @returns The race's id. */
export function createRace(
  project: Project,
  race: { config: RaceConfig; engine: EngineName; chosenBecause: string | null; images: RunImage[] }
): number {
  return project.transaction(() => {
    const { lastInsertRowid } = project.run(
      `INSERT INTO race (status, config, engine, chosen_because, started_at) VALUES ('running', ?, ?, ?, ?)`,
      JSON.stringify(race.config),
      race.engine,
      race.chosenBecause,
      new Date().toISOString()
    )
    const id = Number(lastInsertRowid)
    for (const image of race.images) {
      project.run(
        `INSERT INTO race_image (race_id, image_id, split, sha, revision)
         VALUES (:id, :imageId, :split, :sha, :revision)`,
        { id, ...image }
      )
    }
    return id
  })
}

/** Says how a race stands. @throws JaccardError `not-found` */
export function setRaceStatus(
  project: Project,
  id: number,
  status: RunStatus,
  message: string | null = null
): void {
  project.transaction(() => {
    getRace(project, id)
    project.run(
      'UPDATE race SET status = :status, message = :message, finished_at = :finishedAt WHERE id = :id',
      { id, status, message, finishedAt: status === 'running' ? null : new Date().toISOString() }
    )
  })
}

/** Keeps a pair of runs as it was judged, in place of the one with the same seed. */
export function saveRacePair(project: Project, id: number, pair: RacePair): void {
  project.run(
    'INSERT OR REPLACE INTO race_pair (race_id, seed, judged) VALUES (?, ?, ?)',
    id,
    pair.seed,
    JSON.stringify(pair)
  )
}

/** The images of all runs of a race, as they were when it started. */
export function listRaceImages(project: Project, id: number): RunImage[] {
  return project.all<RunImage>(
    'SELECT image_id AS imageId, split, sha, revision FROM race_image WHERE race_id = ? ORDER BY image_id',
    id
  )
}

interface RaceRow extends Omit<RaceRecord, 'config' | 'runs' | 'pairs'> {
  config: string
}

const SELECT = `
  SELECT id, status, config, engine, chosen_because AS chosenBecause, started_at AS startedAt,
    finished_at AS finishedAt, message
  FROM race`

function recordOf(project: Project, row: RaceRow): RaceRecord {
  const config = fromJson(project, raceConfig, row.config)
  return { ...row, config, runs: runsOf(project, row.id, config), pairs: pairsOf(project, row.id, config) }
}

/** The newest run with each loss and seed: the others failed or were removed. */
function runsOf(project: Project, id: number, config: RaceConfig): RaceRun[] {
  const started = project.all<{ runId: number; status: RunStatus; loss: string; seed: number }>(
    `SELECT id AS runId, status, json_extract(config, '$.loss') AS loss, json_extract(config, '$.seed') AS seed
     FROM run WHERE race_id = ? ORDER BY id`,
    id
  )
  return plannedRuns(config).map(({ loss, seed }) => {
    const run = started.findLast((other) => other.loss === loss && other.seed === seed)
    return { loss, seed, runId: run?.runId ?? null, status: run?.status ?? null }
  })
}

function pairsOf(project: Project, id: number, { seeds }: RaceConfig): RacePair[] {
  const pairs = project
    .all<{ judged: string }>('SELECT judged FROM race_pair WHERE race_id = ?', id)
    .map(({ judged }) => fromJson(project, racePair, judged))
  return seeds.flatMap((seed) => pairs.filter((pair) => pair.seed === seed))
}

/** Every race, the newest first. */
export function listRaces(project: Project): RaceRecord[] {
  return project.all<RaceRow>(`${SELECT} ORDER BY id DESC`).map((row) => recordOf(project, row))
}

/** @throws JaccardError `not-found` */
export function getRace(project: Project, id: number): RaceRecord {
  const row = project.get<RaceRow>(`${SELECT} WHERE id = ?`, id)
  if (!row) throw new JaccardError('not-found', `The project has no race ${id}; it may have been removed.`)
  return recordOf(project, row)
}

/** The race that is said to be going on; null without one. */
export function runningRace(project: Project): number | null {
  return project.get<{ id: number }>(`SELECT id FROM race WHERE status = 'running'`)?.id ?? null
}

/**
 * Marks the races as interrupted that are still said to be going on. Whoever asks for it holds the training lock.
 *
 * @returns The ids of the races that were marked.
 */
export function markRacesInterrupted(project: Project): number[] {
  return project.transaction(() => {
    const left = project.all<{ id: number }>(`SELECT id FROM race WHERE status = 'running' ORDER BY id`)
    for (const { id } of left) setRaceStatus(project, id, 'interrupted')
    return left.map(({ id }) => id)
  })
}

/** Removes a race with all of its runs. @throws JaccardError `not-found` */
export function deleteRace(project: Project, id: number): void {
  project.transaction(() => {
    getRace(project, id)
    project.run('DELETE FROM run WHERE race_id = ?', id)
    project.run('DELETE FROM race WHERE id = ?', id)
  })
}
