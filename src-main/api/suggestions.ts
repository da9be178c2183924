import type { Suggestion, SuggestionInput } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { runPixelJob } from '#main/images/pool.node'
import { getImage } from '#main/store/images'
import { readPrediction } from '#main/store/predictions'
import type { Opened } from './opened'

/**
 * What a run's model would paint on an image; then, beside the caller, what it predicts for the images that the person
 * will come to.
 *
 * @throws JaccardError as `Predictions.ensure`.
 */
export async function suggest(
  { project, predictions }: Opened,
  { runId, imageId, level, ahead }: SuggestionInput
): Promise<Suggestion> {
  await predictions.ensure(runId, [imageId])
  const prediction = await readPrediction(project, runId, imageId)
  if (!prediction) {
    throw new JaccardError('conflict', `Run ${runId} has found a better model in the meantime; look again.`)
  }
  const { width, height } = getImage(project, imageId)
  const suggested = runPixelJob('suggest', () => ({ input: { prediction, width, height, level } }))
  predictions.ensureAhead(runId, ahead)
  return { width, height, tiles: (await suggested).tiles }
}
