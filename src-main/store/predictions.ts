import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { damaged } from './faults'
import type { Project } from './project'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** What a run's best checkpoint predicts for one image. */
export interface Prediction {
  /** Height and width, the run's network input. */
  size: number
  /** `[size, size]`, quantised by `learning/quantise.ts`. */
  probabilities: Uint8Array
}

/** Keeps a prediction in place of the one before; it is compressed beside the event loop. */
export async function savePrediction(
  project: Project,
  runId: number,
  imageId: number,
  { size, probabilities }: Prediction
): Promise<void> {
  const data = await deflate(probabilities)
  project.run(
    'INSERT OR REPLACE INTO prediction (run_id, image_id, size, data) VALUES (?, ?, ?, ?)',
    runId,
    imageId,
    size,
    data
  )
}

/**
 * A prediction, or undefined where there is none yet.
 *
 * @throws JaccardError `bad-input` where it is damaged
 */
export async function readPrediction(
  project: Project,
  runId: number,
  imageId: number
): Promise<Prediction | undefined> {
  const row = project.get<{ size: number; data: Uint8Array }>(
    'SELECT size, data FROM prediction WHERE run_id = ? AND image_id = ?',
    runId,
    imageId
  )
  if (!row) return undefined
  const pixels = row.size * row.size
  const probabilities = await inflate(row.data, { maxOutputLength: pixels }).catch((error: unknown) => {
    throw damaged(project.path, error)
  })
  if (probabilities.length !== pixels) throw damaged(project.path)
  return { size: row.size, probabilities }
}

/** The images for which a run has a prediction. */
export function listPredictions(project: Project, runId: number): number[] {
  return project
    .all<{ imageId: number }>(
      'SELECT image_id AS imageId FROM prediction WHERE run_id = ? ORDER BY image_id',
      runId
    )
    .map(({ imageId }) => imageId)
}
