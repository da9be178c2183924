import type { RunProgress, RunSummary, TrainingOverview } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { Choice, ChoiceInput } from '#core/learning/choice/choose'
import type { TrainConfig } from '#core/learning/config'
import type { Resume } from '#core/learning/loop'
import type { Project } from '#main/store/project'
import {
  createRun,
  deleteRun,
  getRun,
  listRuns,
  markInterrupted,
  readHistory,
  runningRun,
  type RunRecord
} from '#main/store/runs'
import { markRacesInterrupted, runningRace } from '#main/store/races'
import { drawSplits } from '#main/store/splits'
import { lockTraining } from '#main/store/trainingLock'
import { createArchitectureChoice } from './choice'
import { startLiveRun, type LiveRun, type RunSource } from './liveRun'
import { createOverview, obstacleOf } from './overview'
import { keepBestOfCheckpoint, markResumed, resumeOf, sourcesOf } from './resume'
import { imagesToLearn, withMasks } from './samples'
import type { Trainers } from './trainers'
import { currentVersions } from './versions'

/** The right to train in a project, held for several runs one after the other. */
export interface Reservation {
  /** What a run that starts now learns from; splits that are due are drawn. */
  images(config: Pick<TrainConfig, 'folds' | 'fold'>): RunSource[]
  /** Starts a run of a race on these images. @throws JaccardError as `Training.start` */
  start(config: TrainConfig, race: { id: number; images: RunSource[] }): number
  /** Goes on with a run. @throws JaccardError as `Training.resume` */
  resume(runId: number): void
  /** Lets others train; after the last run has ended. */
  release(): void
}

/**
 * Training in one open project: at most one run at a time, also of several hosts that have the project open, its
 * trainer in a process of its own.
 */
export interface Training {
  /** What a run with this configuration would start from. */
  overview(config: TrainConfig): Promise<TrainingOverview>
  /**
   * The network that the labelled objects ask for, where architecture or size are left open.
   *
   * @throws JaccardError `usage` for an architecture or size that does not exist
   */
  choose(input: ChoiceInput): Promise<Choice>
  /**
   * Starts a run and returns its id; images are prepared and trained on while `subscribe` tells of it.
   *
   * @throws JaccardError why the run cannot start: `bad-input` without labelled training or validation images,
   *   `conflict` while another run goes on, `read-only`, `usage` for a configuration that does not work.
   */
  start(config: TrainConfig): number
  /**
   * Goes on with a run that was cancelled, interrupted or failed, from its latest checkpoint. It ends with the
   * weights that it would have had without the break.
   *
   * @throws JaccardError as `start`; `not-found` without a checkpoint; `conflict` for a run that is done, and where
   *   images of the run were changed since.
   */
  resume(runId: number): void
  /**
   * Ends a run after its current batch; its best checkpoint stays. Asked a second time, it ends at once. Does
   * nothing to a run that has ended.
   */
  cancel(runId: number): void
  /**
   * Keeps all others from training in this project until it is released.
   *
   * @throws JaccardError `conflict` while a run or another reservation goes on, `read-only`.
   */
  reserve(): Reservation
  /** Where the run stands, then everything as it happens, up to `ended` or until the signal. */
  subscribe(runId: number, signal: AbortSignal): AsyncGenerator<RunProgress>
  /** Every run, the newest first. @throws JaccardError `bad-input` where the project is damaged */
  runs(): RunSummary[]
  /** @throws JaccardError `not-found` */
  run(runId: number): RunSummary
  /** Removes a run with all that belongs to it. @throws JaccardError `conflict` while it goes on, `not-found` */
  remove(runId: number): void
  /** Ends the trainer; a run under way is interrupted and can be resumed. Call before the project is closed. */
  close(): Promise<void>
}

/**
 * Opens the training of a project. Runs that a host left behind when it died are marked as interrupted.
 *
 * @param options.changed Told of every run whose row has changed, and of images that were given a split.
 */
export function createTraining(
  project: Project,
  options: {
    trainers: Trainers
    changed?: (change: { kind: 'runs' | 'images'; ids: number[] }) => void
  }
): Training {
  const { trainers, changed = () => undefined } = options
  let live: LiveRun | null = null
  let reserved = false
  const left = () => runningRun(project) !== null || runningRace(project) !== null
  if (!project.readOnly && left()) claim(project)?.()

  const summaryOf = (record: RunRecord): RunSummary => ({ ...record, live: live?.id === record.id })
  const summary = (runId: number) => summaryOf(getRun(project, runId))

  function refuseWhileBusy(): void {
    if (live) {
      throw new JaccardError(
        'conflict',
        `Run ${live.id} is still training; wait for its end or cancel it before starting another.`
      )
    }
    if (reserved) {
      throw new JaccardError(
        'conflict',
        'A race is going on in this project; wait for its end or stop it before starting another run.'
      )
    }
  }

  /** Starts the run that `prepare` names. @param claim Gives this process alone the right to train. */
  function begin(
    config: TrainConfig,
    claim: () => () => void,
    prepare: () => { id: number; images: RunSource[]; resume: Resume | null }
  ): number {
    const obstacle = obstacleOf(project, config)
    if (obstacle) throw obstacle
    const release = claim()
    try {
      const { id, images, resume } = prepare()
      const run = startLiveRun({ project, id, config, images, resume, trainers })
      live = run
      changed({ kind: 'runs', ids: [id] })
      void run.ended.then((end) => {
        live = null
        release()
        if (end.status) keepBestOfCheckpoint(project, id)
        run.progress.send({ type: 'ended', run: { ...summary(id), ...end } })
        changed({ kind: 'runs', ids: [id] })
      })
      return id
    } catch (error) {
      release()
      throw error
    }
  }

  /** What a run that starts now learns from. */
  function imagesNow(config: Pick<TrainConfig, 'folds' | 'fold'>): RunSource[] {
    const drawn = project.readOnly ? [] : drawSplits(project)
    if (drawn.length) changed({ kind: 'images', ids: drawn })
    return withMasks(project, imagesToLearn(project, config))
  }

  function start(
    config: TrainConfig,
    claim: () => () => void,
    images: RunSource[],
    raceId: number | null
  ): number {
    return begin(config, claim, () => {
      const id = createRun(project, {
        config,
        raceId,
        versions: currentVersions(),
        images: images.map(({ image, split }) => ({
          imageId: image.id,
          split,
          sha: image.sha,
          revision: image.revision
        }))
      })
      return { id, images, resume: null }
    })
  }

  function resume(runId: number, claim: () => () => void): void {
    const { config } = getRun(project, runId)
    begin(config, claim, () => {
      if (getRun(project, runId).status === 'done') {
        throw new JaccardError('conflict', `Run ${runId} is done, so there is nothing left to resume.`)
      }
      const images = sourcesOf(project, runId)
      const resume = resumeOf(project, runId)
      markResumed(project, runId)
      return { id: runId, images, resume }
    })
  }

  return {
    overview: createOverview(project),
    choose: createArchitectureChoice(project),
    start(config) {
      refuseWhileBusy()
      return start(config, () => claimed(project), imagesNow(config), null)
    },
    resume(runId) {
      refuseWhileBusy()
      resume(runId, () => claimed(project))
    },
    reserve() {
      refuseWhileBusy()
      const release = claimed(project)
      reserved = true
      const held = () => () => undefined
      return {
        images: imagesNow,
        start: (config, race) => start(config, held, race.images, race.id),
        resume: (runId) => resume(runId, held),
        release() {
          reserved = false
          release()
        }
      }
    },
    cancel(runId) {
      getRun(project, runId)
      if (live?.id === runId) live.cancel()
    },
    async *subscribe(runId, signal) {
      const run = live?.id === runId ? live : null
      // Heard from before the snapshot is taken, so that nothing falls in between.
      const news = run?.progress.listen(signal)
      run?.flush()
      yield { type: 'snapshot', run: summary(runId), history: readHistory(project, runId) }
      const preparing = run?.preparing()
      if (preparing) yield preparing
      if (!news) yield { type: 'ended', run: summary(runId) }
      else {
        for await (const event of news) {
          yield event
          if (event.type === 'ended') return
        }
      }
    },
    runs: () => listRuns(project).map(summaryOf),
    run: summary,
    remove(runId) {
      if (live?.id === runId) {
        throw new JaccardError('conflict', `Run ${runId} is still training; cancel it before you remove it.`)
      }
      // Then it belongs to another process, unless that has died.
      if (getRun(project, runId).status === 'running') claimed(project)()
      deleteRun(project, runId)
      changed({ kind: 'runs', ids: [runId] })
    },
    async close() {
      live?.interrupt()
      await live?.ended
    }
  }
}

/**
 * Takes the project for a run of this process; null while a run of another one goes on. Runs and races that a process
 * left behind when it died are marked as interrupted.
 */
function claim(project: Project): (() => void) | null {
  const release = lockTraining(project)
  try {
    if (release) {
      for (const id of markInterrupted(project)) keepBestOfCheckpoint(project, id)
      markRacesInterrupted(project)
    }
    return release
  } catch (error) {
    release?.()
    throw error
  }
}

/** The same. @throws JaccardError `conflict` while a run of another process goes on */
function claimed(project: Project): () => void {
  const release = claim(project)
  if (release) return release
  throw new JaccardError(
    'conflict',
    `Another window or command is training run ${runningRun(project)} of this project; wait for its end or cancel ` +
      `it there.`
  )
}
