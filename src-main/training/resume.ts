import { JaccardError } from '#core/errors'
import type { Resume } from '#core/learning/loop'
import { THRESHOLD } from '#core/learning/threshold'
import { hasCheckpoint, readCheckpoint } from '#main/store/checkpoints'
import { getImage } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { getRun, listRunImages, readHistory, updateRun, type RunImage } from '#main/store/runs'
import type { RunSource } from './liveRun'

/**
 * The point from which a run can go on: the later of its two checkpoints, and what was measured up to there.
 *
 * @throws JaccardError `not-found` for a run that ended before its first checkpoint.
 */
export function resumeOf(project: Project, runId: number): Resume {
  const best = readCheckpoint(project, runId, 'best')
  const stored = hasCheckpoint(project, runId, 'last') ? readCheckpoint(project, runId, 'last') : best
  const last = stored.step < best.step ? best : stored
  const validations = readHistory(project, runId).validation.filter(({ step }) => step <= last.step)
  return { last, best, validations, seconds: getRun(project, runId).seconds }
}

/**
 * A run's images as they were when it started.
 *
 * @throws JaccardError `conflict` if one of them is no longer the same.
 */
export function sourcesOf(project: Project, runId: number): RunSource[] {
  return sourcesSince(project, `run ${runId}`, listRunImages(project, runId))
}

/**
 * Images as they were when something started.
 *
 * @param what In words, as `run 3`.
 * @throws JaccardError `conflict` if one of them is no longer the same or was deleted.
 */
export function sourcesSince(project: Project, what: string, images: RunImage[]): RunSource[] {
  return images.flatMap(({ imageId, split, sha, revision }) => {
    if (split === 'test') return []
    const image = getImage(project, imageId)
    if (image.deleted) {
      throw new JaccardError(
        'conflict',
        `"${image.name}" was deleted since ${what} started, so it cannot go on as it began; ` +
          `${image.erased ? 'start a new one' : 'restore the image from the bin, or start a new one'}.`
      )
    }
    if (image.sha !== sha || image.revision !== revision) {
      throw new JaccardError(
        'conflict',
        `The mask of "${image.name}" was changed since ${what} started, so it cannot go on as it began; ` +
          `start a new one.`
      )
    }
    return [{ image, split, tiles: readMask(project, imageId).tiles }]
  })
}

/**
 * Marks a run as running again. Its threshold was tuned for a model that may not stay its best, so that is taken back;
 * one that the person chose stays.
 */
export function markResumed(project: Project, runId: number): void {
  const { best, threshold } = getRun(project, runId)
  const tuned = best?.tunedOn !== undefined && best.threshold === threshold
  keepBestOfCheckpoint(project, runId)
  updateRun(project, runId, {
    status: 'running',
    message: null,
    threshold: tuned ? THRESHOLD : threshold
  })
}

/**
 * Lets a run that ended early name the best model that it has. A crash may fall between a validation and the
 * checkpoint that it deserved.
 */
export function keepBestOfCheckpoint(project: Project, runId: number): void {
  const step = hasCheckpoint(project, runId, 'best') ? readCheckpoint(project, runId, 'best').step : null
  const validation = readHistory(project, runId).validation.find((validated) => validated.step === step)
  updateRun(project, runId, { bestStep: validation?.step ?? null, best: validation?.metrics ?? null })
}
