import { setImmediate } from 'node:timers/promises'
import type { ClassBalance, TrainingOverview } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { baselinesOf } from '#core/learning/baselines'
import { outputsOf, type TrainConfig } from '#core/learning/config'
import type { Baselines } from '#core/learning/events'
import { frameOf, type Extent, type Framing } from '#core/learning/frame'
import { resampleLabel } from '#core/learning/resample'
import { faultOfFold } from '#core/learning/splits'
import { dataWarnings, imageWarnings, tornWarnings, type WarnedImage } from '#core/learning/warnings'
import { decodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'
import { parseArchitecture } from '#core/network/architecture'
import { classBalance, countImages } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { tornGroups } from '#main/store/splits'
import { memoryObstacle, pixelsOf } from './memory'
import { imagesToLearn, type PlacedImage } from './samples'

/** Why a run cannot start with this project and configuration, or null if it can. */
export function obstacleOf(project: Project, config: TrainConfig): JaccardError | null {
  if (project.readOnly) {
    return new JaccardError(
      'read-only',
      'This project is open for reading only, so runs cannot be kept in it; copy it to a folder that you can write to.'
    )
  }
  if (config.steps === null && config.minutes === null) {
    return new JaccardError('usage', 'Say after how many steps or minutes the training should end.')
  }
  try {
    parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
  } catch (error) {
    if (error instanceof JaccardError) return error
    throw error
  }
  const fault = faultOfFold(config)
  if (fault !== null) return new JaccardError('usage', fault)
  return (
    missingImages(project, config) ??
    memoryObstacle(
      imagesToLearn(project, config).map(({ image }) => image),
      config
    )
  )
}

function missingImages(project: Project, config: TrainConfig): JaccardError | null {
  const { byState, bySplit } = countImages(project)
  if (byState.complete + byState['confirmed-empty'] === 0) {
    return new JaccardError(
      'bad-input',
      'No image is labelled yet: paint masks and mark the images as complete, or confirm that they are empty.'
    )
  }
  if (config.folds !== null) {
    try {
      imagesToLearn(project, config)
      return null
    } catch (error) {
      if (error instanceof JaccardError) return error
      throw error
    }
  }
  if (bySplit.train.images === 0) {
    return new JaccardError('bad-input', 'No labelled image is in the training split; put some there.')
  }
  if (bySplit.validation.images === 0) {
    return new JaccardError(
      'bad-input',
      'No labelled image is in the validation split, so nothing could be measured; label another one, move one there, ' +
        'or, if all of them belong to one group, group them in another way.'
    )
  }
  return null
}

/** Label pixels that are looked at for the baselines; with more of them the run itself tells, a little later. */
const CHEAP_PIXELS = 20_000_000

/** Labels as a network sees them, kept until the mask changes. */
type LabelCache = Map<number, Extent & { revision: number; label: Uint8Array }>

/** Tells what a training with the project as it is would start from; remembers labels that it has looked at. */
export function createOverview(project: Project): (config: TrainConfig) => Promise<TrainingOverview> {
  const cache: LabelCache = new Map()

  /** One mask at a time, so that others get their turn in between. */
  async function labels(
    images: PlacedImage[],
    framing: Framing
  ): Promise<(Extent & { label: Uint8Array })[]> {
    const result: (Extent & { label: Uint8Array })[] = []
    for (const { image } of images) {
      const { id, revision, width, height } = image
      const frame = frameOf(framing, image)
      let known = cache.get(id)
      if (known?.revision !== revision || known.width !== frame.width || known.height !== frame.height) {
        await setImmediate()
        const mask = flatten(decodeMask(width, height, readMask(project, id).tiles))
        known = { revision, ...frame, label: resampleLabel(mask, width, height, frame) }
        cache.set(id, known)
      }
      result.push(known)
    }
    return result
  }

  async function baselines(images: PlacedImage[], config: TrainConfig): Promise<Baselines | null> {
    const validation = images.filter(({ split }) => split === 'validation')
    if (
      validation.length === 0 ||
      pixelsOf(
        images.map(({ image }) => image),
        config
      ) > CHEAP_PIXELS
    )
      return null
    const train = images.filter(({ split }) => split === 'train')
    return baselinesOf(await labels(train, config), await labels(validation, config), config.size)
  }

  return async (config) => {
    const { total, byState } = countImages(project)
    const obstacle = obstacleOf(project, config)
    const images = config.folds !== null && obstacle ? [] : imagesToLearn(project, config)
    const balance = {
      train: balanceOf(images.filter(({ split }) => split === 'train')),
      validation: balanceOf(images.filter(({ split }) => split === 'validation')),
      test: classBalance(project).test
    }
    return {
      balance,
      unlabelled: total - byState.complete - byState['confirmed-empty'],
      baselines: await baselines(images, config),
      warnings: [
        ...dataWarnings(balance.train, balance.validation, config),
        ...tornWarnings(tornNames(project)),
        ...imageWarnings(images.map(warned), config)
      ],
      obstacle: obstacle?.message ?? null
    }
  }
}

/** What the warnings look at. */
function warned({ image }: PlacedImage): WarnedImage {
  return { ...image, confirmedEmpty: image.state === 'confirmed-empty' }
}

/** Images and their share of foreground over the known pixels of all of them. */
function balanceOf(images: PlacedImage[]): ClassBalance {
  const foreground = images.reduce((sum, { image }) => sum + image.foreground, 0)
  const known = images.reduce((sum, { image }) => sum + image.known, 0)
  return { images: images.length, foregroundShare: known === 0 ? null : foreground / known }
}

/** Of each group of images that belong together but are in several splits, two names from different ones. */
function tornNames(project: Project): [string, string][] {
  return tornGroups(project).map(({ images }) => {
    const [first, ...others] = images
    return [first!.name, others.find(({ split }) => split !== first!.split)!.name]
  })
}
