import type { RunCourse } from '#core/api/values'
import { levelOf, quantise } from '#core/learning/quantise'
import { getImage } from '#main/store/images'
import { stepsWithWeights } from '#main/store/keptWeights'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { getRun, listRunImages } from '#main/store/runs'
import { lockedTest } from '#main/store/testLooks'
import type { Predictions } from '#main/training/predictions'
import { prepareLabelled } from '#main/training/samples'

/** The images that a run was validated with and that are no part of the test set now, by name. */
export function validationImages(project: Project, runId: number): { imageId: number; name: string }[] {
  return listRunImages(project, runId)
    .filter(({ split }) => split === 'validation')
    .map(({ imageId }) => getImage(project, imageId))
    .filter(({ split, erased }) => split !== 'test' && !erased)
    .map(({ id, name }) => ({ imageId: id, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.imageId - b.imageId)
}

/**
 * How a run came to see one image: what its weights of these steps predict, by default of all that there are.
 *
 * @throws JaccardError `not-found` for a step of which the run has no weights, `conflict` for an image of the test set
 */
export async function runCourse(
  { project, predictions }: { project: Project; predictions: Pick<Predictions, 'course'> },
  runId: number,
  imageId: number,
  steps = stepsWithWeights(project, runId)
): Promise<RunCourse> {
  const { config, threshold, bestStep } = getRun(project, runId)
  const record = getImage(project, imageId)
  if (record.split === 'test') throw lockedTest()
  const labelled = {
    image: record,
    split: 'validation' as const,
    tiles: readMask(project, imageId).tiles
  }
  for await (const sample of prepareLabelled(project, [labelled], config)) {
    const { image, label, width, height } = sample
    const outputs: RunCourse['outputs'] = []
    for await (const { step, probabilities } of predictions.course(runId, steps, sample)) {
      outputs.push({ step, probabilities: quantise(probabilities) })
    }
    return { runId, imageId, width, height, bestStep, level: levelOf(threshold), image, label, outputs }
  }
  throw new Error('An image was asked for and none was prepared.')
}
