import type { Sample } from '#core/learning/sample'
import { LABELLED, listImageRecords } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { prepareLabelled } from './samples'

/**
 * A training image at a network's input size, to show what augmentation makes of it: the first one with foreground.
 *
 * @returns Null while no labelled image is in the training split.
 */
export async function exampleSample(project: Project, size: number): Promise<Sample | null> {
  const images = listImageRecords(project).filter(
    ({ split, state }) => split === 'train' && LABELLED.includes(state)
  )
  const image = images.find(({ foregroundShare }) => foregroundShare > 0) ?? images[0]
  if (!image) return null
  const { tiles } = readMask(project, image.id)
  for await (const { imageId, image: pixels, label } of prepareLabelled(
    project,
    [{ image, split: 'train' as const, tiles }],
    size
  )) {
    return { imageId, image: pixels, label }
  }
  return null
}
