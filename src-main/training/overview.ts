import { setImmediate } from 'node:timers/promises'
import type { Split, TrainingOverview } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { baselinesOf } from '#core/learning/baselines'
import { outputsOf, type TrainConfig } from '#core/learning/config'
import type { Baselines } from '#core/learning/events'
import { resampleLabel } from '#core/learning/resample'
import { dataWarnings } from '#core/learning/warnings'
import { decodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'
import { parseArchitecture } from '#core/network/architecture'
import { classBalance, countImages } from '#main/store/images'
import type { Project } from '#main/store/project'
import { labelledImages } from './samples'

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
  return missingImages(project)
}

function missingImages(project: Project): JaccardError | null {
  const { byState, bySplit } = countImages(project)
  if (byState.complete + byState['confirmed-empty'] === 0) {
    return new JaccardError(
      'bad-input',
      'No image is labelled yet: paint masks and mark the images as complete, or confirm that they are empty.'
    )
  }
  if (bySplit.train.images === 0) {
    return new JaccardError('bad-input', 'No labelled image is in the training split; put some there.')
  }
  if (bySplit.validation.images === 0) {
    return new JaccardError(
      'bad-input',
      'No labelled image is in the validation split, so nothing could be measured; label another one or move one there.'
    )
  }
  return null
}

/** Label pixels that are looked at for the baselines; with more of them the run itself tells, a little later. */
const CHEAP_PIXELS = 20_000_000

/** Labels at a network's input size, kept until the mask changes. */
type LabelCache = Map<number, { revision: number; size: number; label: Uint8Array }>

/** Tells what a training with the project as it is would start from; remembers labels that it has looked at. */
export function createOverview(project: Project): (config: TrainConfig) => Promise<TrainingOverview> {
  const cache: LabelCache = new Map()

  /** One mask at a time, so that others get their turn in between. */
  async function labels(split: Split, size: number): Promise<{ label: Uint8Array }[]> {
    const result: { label: Uint8Array }[] = []
    for (const { image, tiles } of labelledImages(project, [split])) {
      const { id, revision, width, height } = image
      let known = cache.get(id)
      if (known?.revision !== revision || known.size !== size) {
        await setImmediate()
        const mask = flatten(decodeMask(width, height, tiles))
        known = { revision, size, label: resampleLabel(mask, width, height, size) }
        cache.set(id, known)
      }
      result.push(known)
    }
    return result
  }

  async function baselines({ size }: TrainConfig, images: number): Promise<Baselines | null> {
    if (images * size * size > CHEAP_PIXELS) return null
    const validation = await labels('validation', size)
    return validation.length ? baselinesOf(await labels('train', size), validation) : null
  }

  return async (config) => {
    const { total, byState } = countImages(project)
    const balance = classBalance(project)
    return {
      balance,
      unlabelled: total - byState.complete - byState['confirmed-empty'],
      baselines: await baselines(config, balance.train.images + balance.validation.images),
      warnings: dataWarnings(balance.train, balance.validation, config),
      obstacle: obstacleOf(project, config)?.message ?? null
    }
  }
}
