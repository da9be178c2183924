import type { Split, TilePatch } from '#core/api/values'
import type { TrainConfig } from '#core/learning/config'
import type { Preparation } from '#core/learning/frame'
import type { Sample } from '#core/learning/sample'
import { POOL_SIZE } from '#main/images/pool.node'
import { prepareSample } from '#main/images/prepare'
import type { PixelWindow } from '#main/images/window'
import { getImage, LABELLED, listImageRecords, readImageFile, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { listRunImages } from '#main/store/runs'
import { foldSplits } from '#main/store/splits'
import { inOrder } from './inOrder'

/** A labelled image and where it is. */
export interface PlacedImage<Splits extends Split = Split> {
  image: ImageRecord
  split: Splits
}

/** An image with its mask as it is at this moment, whatever is painted later. */
export interface LabelledImage<Splits extends Split = Split> extends PlacedImage<Splits> {
  tiles: TilePatch[]
}

/**
 * What a run with this configuration trains on and validates with, in the order in which the images were added: the
 * project's splits, or a fold of the images outside of the test set.
 *
 * @throws JaccardError `bad-input` for more folds than the images can be divided into.
 */
export function imagesToLearn(
  project: Project,
  { folds, fold }: Pick<TrainConfig, 'folds' | 'fold'>
): PlacedImage<'train' | 'validation'>[] {
  const splits = folds === null || fold === null ? null : foldSplits(project, { folds, fold })
  return listImageRecords(project).flatMap((image) => {
    const split = splits ? splits.get(image.id) : image.split
    if (split !== 'train' && split !== 'validation') return []
    return LABELLED.includes(image.state) ? [{ image, split }] : []
  })
}

/**
 * The labelled images of some splits as a run sees them: what it trained or validated with stays that, whatever was
 * drawn since, and only what came later goes by its split now. What is in the test set now is nothing else to any run.
 */
export function imagesOfRun(project: Project, runId: number, splits: readonly Split[]): PlacedImage[] {
  const used = new Map(listRunImages(project, runId).map(({ imageId, split }) => [imageId, split]))
  return listImageRecords(project).flatMap((image) => {
    const split = image.split === 'test' ? 'test' : (used.get(image.id) ?? image.split)
    if (split === null || !splits.includes(split) || !LABELLED.includes(image.state)) return []
    return [{ image, split }]
  })
}

/** The same with their masks as they are at this moment. */
export function withMasks<Splits extends Split>(
  project: Project,
  images: PlacedImage<Splits>[]
): LabelledImage<Splits>[] {
  return images.map((placed) => ({ ...placed, tiles: readMask(project, placed.image.id).tiles }))
}

/** Images as a network sees them, with their labels, in the order given. */
export function prepareLabelled<Splits extends Split>(
  project: Project,
  images: LabelledImage<Splits>[],
  preparation: Preparation
): AsyncGenerator<Sample & { split: Splits }> {
  return inOrder(images, POOL_SIZE + 1, async ({ image, split, tiles }) => ({
    split,
    ...(await prepare(project, image, tiles, preparation))
  }))
}

/** Images as a network sees them, labelled or not; their labels are left empty. */
export function prepareImages(
  project: Project,
  imageIds: number[],
  preparation: Preparation
): AsyncGenerator<Sample> {
  return inOrder(imageIds, POOL_SIZE + 1, (id) => prepare(project, getImage(project, id), [], preparation))
}

/** The values that an image of more than 8 bits shows as black and white; null for its default ones. */
export function windowOf({ windowLow, windowHigh }: ImageRecord): PixelWindow | null {
  return windowLow === null || windowHigh === null ? null : { low: windowLow, high: windowHigh }
}

async function prepare(
  project: Project,
  record: ImageRecord,
  tiles: TilePatch[],
  preparation: Preparation
): Promise<Sample> {
  const file = await readImageFile(project, record.id)
  const window = windowOf(record)
  const { image, label, width, height } = await prepareSample({ ...file, tiles, preparation, window })
  return { imageId: record.id, width, height, image, label }
}
