import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Extent } from '#core/learning/frame'
import { damaged } from './faults'
import type { Project } from './project'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** What a run's best checkpoint predicts for one image. */
export interface Prediction extends Extent {
  /** `[height, width]` of the image's frame, quantised by `learning/quantise.ts`. */
  probabilities: Uint8Array
}

/** Keeps a prediction in place of the one before; it is compressed beside the event loop. */
export async function savePrediction(
  project: Project,
  runId: number,
  imageId: number,
  { width, height, probabilities }: Prediction
): Promise<void> {
  const data = await deflate(probabilities)
  project.run(
    'INSERT OR REPLACE INTO prediction (run_id, image_id, width, height, data) VALUES (?, ?, ?, ?, ?)',
    runId,
    imageId,
    width,
    height,
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
  const row = project.get<Extent & { data: Uint8Array }>(
    'SELECT width, height, data FROM prediction WHERE run_id = ? AND image_id = ?',
    runId,
    imageId
  )
  if (!row) return undefined
  const { width, height } = row
  const pixels = width * height
  const probabilities = await inflate(row.data, { maxOutputLength: pixels }).catch((error: unknown) => {
    throw damaged(project.path, error)
  })
  if (probabilities.length !== pixels) throw damaged(project.path)
  return { width, height, probabilities }
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
