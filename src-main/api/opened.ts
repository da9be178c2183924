import { basename } from 'node:path'
import type { ProjectChange, ProjectSummary } from '#core/api/values'
import { countImages } from '#main/store/images'
import { addMissingFingerprints } from '#main/exchange/fingerprints'
import type { Project } from '#main/store/project'
import { listRuns } from '#main/store/runs'
import { createPredictions, type Predictions } from '#main/training/predictions'
import { createRaces, type Races } from '#main/training/race'
import { createTraining, type Training } from '#main/training/service'
import type { Trainers } from '#main/training/trainers'

/** A project file that a host has open, with what works on it. */
export interface Opened {
  project: Project
  training: Training
  races: Races
  predictions: Predictions
  /** Finds out what images look like that came before that was kept; resolves when all are known. */
  fingerprints(): Promise<void>
  /** Stops the trainer, then lets go of the file. */
  close(): Promise<void>
}

/** Puts a project to work. @param changed Told of what changes by itself, while a run goes on. */
export function openedProject(
  project: Project,
  trainers: Trainers,
  changed: (change: ProjectChange) => void = () => undefined
): Opened {
  const training = createTraining(project, { trainers, changed })
  const predictions = createPredictions(project, trainers.start)
  const closing = new AbortController()
  let examined: Promise<void> | null = null

  async function examine(): Promise<void> {
    const added = await addMissingFingerprints(project, closing.signal)
    if (added > 0) changed({ kind: 'images', ids: null })
  }

  const races = createRaces(project, { training, predictions, trainers, changed })
  return {
    project,
    training,
    races,
    predictions,
    fingerprints: () => (examined ??= examine()),
    close: async () => {
      closing.abort()
      await Promise.all([races.close(), training.close(), examined?.catch(() => undefined)])
      project.close()
    }
  }
}

/** What a project's front page says. */
export function summaryOf(project: Project): ProjectSummary {
  return {
    path: project.path,
    name: basename(project.path, '.jaccard'),
    readOnly: project.readOnly,
    notice: project.notice,
    images: countImages(project),
    runs: listRuns(project).length
  }
}
