import type { ReviewDetail, ReviewImage, Split } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { histogramOf } from '#core/learning/metrics'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { getImage } from '#main/store/images'
import { readMask } from '#main/store/masks'
import { readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import { imagesOfRun } from '#main/training/samples'
import type { Opened } from './opened'

/** Every labelled image of a split with the counts that metrics at any threshold are made of. */
export async function reviewImages(opened: Opened, runId: number, split: Split): Promise<ReviewImage[]> {
  const { project, predictions } = opened
  const images = imagesOfRun(project, runId, [split]).map(({ image }) => image)
  await predictions.ensure(
    runId,
    images.map(({ id }) => id)
  )
  const reviewed: ReviewImage[] = []
  const details = inOrder(images, POOL_SIZE + 1, ({ id }) => detail(project, runId, id))
  for await (const { imageId, probabilities, label } of details) {
    const { foreground, background } = histogramOf(probabilities, label)
    const { name } = getImage(project, imageId)
    reviewed.push({ imageId, name, split, foreground: [...foreground], background: [...background] })
  }
  return reviewed
}

/** One prediction beside the label as it is now. */
export async function reviewDetail(opened: Opened, runId: number, imageId: number): Promise<ReviewDetail> {
  await opened.predictions.ensure(runId, [imageId])
  return detail(opened.project, runId, imageId)
}

async function detail(project: Project, runId: number, imageId: number): Promise<ReviewDetail> {
  const prediction = await readPrediction(project, runId, imageId)
  if (!prediction) {
    throw new JaccardError('conflict', `Run ${runId} has found a better model in the meantime; look again.`)
  }
  const { width, height, probabilities } = prediction
  const mask = readMask(project, imageId)
  const input = { tiles: mask.tiles, width: mask.width, height: mask.height, frame: { width, height } }
  const { label } = await runPixelJob('label', () => ({ input }))
  return { imageId, width, height, probabilities, label }
}
