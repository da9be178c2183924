import { JaccardError } from '#core/errors'
import type { Histogram } from '#core/learning/metrics'
import { both, pairOf, tunedLevel, type Both, type Judged, type RacePair } from '#core/learning/race/compare'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { inOrder } from './inOrder'
import type { RunSource } from './liveRun'
import type { Predictions } from './predictions'
import type { PredictedTwice } from './racePixels'

/**
 * Judges two runs by their predictions of the validation images, each at the threshold of its greatest mIoU.
 *
 * @param images With the masks that the runs were trained and validated with.
 */
export async function judgePair(
  project: Project,
  predictions: Pick<Predictions, 'ensure'>,
  seed: number,
  runIds: Both<number>,
  images: RunSource[]
): Promise<RacePair> {
  const validation = images.filter(({ split }) => split === 'validation')
  const imageIds = validation.map(({ image }) => image.id)
  for (const runId of runIds) await predictions.ensure(runId, imageIds)

  const read = async ({ image, tiles }: RunSource): Promise<PredictedTwice> => {
    const [first, second] = [
      await predictionOf(project, runIds[0], image.id),
      await predictionOf(project, runIds[1], image.id)
    ]
    const { width, height } = image
    return {
      tiles,
      width,
      height,
      frame: { width: first.width, height: first.height },
      predictions: [first.probabilities, second.probabilities]
    }
  }

  const histograms: Both<Histogram[]> = [[], []]
  const counted = inOrder(validation, POOL_SIZE + 1, (source) =>
    runPixelJob('raceHistograms', async () => ({ input: await read(source) }))
  )
  for await (const image of counted) both((run) => histograms[run].push(image.histograms[run]))

  const levels = both((run) => tunedLevel(histograms[run]))
  const judged: Both<Judged>[] = []
  const compared = inOrder(validation, POOL_SIZE + 1, (source) =>
    runPixelJob('raceComparison', async () => ({ input: { ...(await read(source)), levels } }))
  )
  for await (const image of compared) judged.push(image.judged)
  return pairOf(seed, runIds, levels, judged)
}

async function predictionOf(project: Project, runId: number, imageId: number) {
  const prediction = await readPrediction(project, runId, imageId)
  if (prediction) return prediction
  throw new JaccardError(
    'conflict',
    `The predictions of run ${runId} were removed while its race was judged.`
  )
}
