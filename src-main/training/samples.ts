import type { Split, TilePatch } from '#core/api/values'
import type { Sample } from '#core/learning/sample'
import { POOL_SIZE } from '#main/images/pool.node'
import { prepareSample } from '#main/images/prepare'
import { getImage, LABELLED, listImageRecords, readImageBytes, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from './inOrder'

/** An image with its mask as it is at this moment, whatever is painted later. */
export interface LabelledImage<Splits extends Split = Split> {
  image: ImageRecord
  split: Splits
  tiles: TilePatch[]
}

/** The complete and confirmed empty images of these splits, in the order in which they were added. */
export function labelledImages<Splits extends Split>(
  project: Project,
  splits: readonly Splits[]
): LabelledImage<Splits>[] {
  return listImageRecords(project).flatMap((image) => {
    const split = splits.find((wanted) => wanted === image.split)
    if (split === undefined || !LABELLED.includes(image.state)) return []
    return [{ image, split, tiles: readMask(project, image.id).tiles }]
  })
}

/** Images at the network's input size with their labels, in the order given. */
export function prepareLabelled<Splits extends Split>(
  project: Project,
  images: LabelledImage<Splits>[],
  size: number
): AsyncGenerator<Sample & { split: Splits }> {
  return inOrder(images, POOL_SIZE + 1, async ({ image, split, tiles }) => ({
    split,
    ...(await prepare(project, image, tiles, size))
  }))
}

/** Images at the network's input size, labelled or not; their labels are left empty. */
export function prepareImages(project: Project, imageIds: number[], size: number): AsyncGenerator<Sample> {
  return inOrder(imageIds, POOL_SIZE + 1, (id) => prepare(project, getImage(project, id), [], size))
}

async function prepare(
  project: Project,
  record: ImageRecord,
  tiles: TilePatch[],
  size: number
): Promise<Sample> {
  const { id, name, windowLow, windowHigh } = record
  const bytes = await readImageBytes(project, id)
  const window = windowLow === null || windowHigh === null ? null : { low: windowLow, high: windowHigh }
  const { image, label } = await prepareSample({ name, bytes, tiles, size, window })
  return { imageId: id, image, label }
}
