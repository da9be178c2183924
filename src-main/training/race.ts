import type { RaceProgress, RaceSummary, RunStatus } from '#core/api/values'
import { JaccardError, messageOf } from '#core/errors'
import { LOSS_NAMES } from '#core/learning/lossNames'
import { plannedRuns, type RaceConfig } from '#core/learning/race/config'
import { createBroadcast, type Broadcast } from '#main/api/broadcast'
import { hasCheckpoint } from '#main/store/checkpoints'
import type { Project } from '#main/store/project'
import {
  createRace,
  deleteRace,
  getRace,
  listRaceImages,
  listRaces,
  saveRacePair,
  setRaceStatus,
  type RaceRecord
} from '#main/store/races'
import { getRun, readHistory } from '#main/store/runs'
import type { RunSource } from './liveRun'
import type { Predictions } from './predictions'
import { judgePair } from './raceJudge'
import { sourcesSince } from './resume'
import type { Reservation, Training } from './service'
import { chooseEngine, type Trainers } from './trainers'

/**
 * Races in one open project: runs one after the other through its training, on the same images and the same engine,
 * judged in pairs as soon as both losses have finished with a seed. At most one race at a time, and no other run
 * beside it.
 */
export interface Races {
  /**
   * Chooses the engine, then starts the race and returns its id; `subscribe` tells of it.
   *
   * @throws JaccardError as `Training.start`.
   */
  start(config: RaceConfig): Promise<number>
  /**
   * Goes on with a race that has runs left: those that are done stay, one that ended early is resumed, one that
   * failed is started again.
   *
   * @throws JaccardError `not-found`; `conflict` for a race that is done, while another run goes on, and where images
   *   of the race were changed since.
   */
  resume(raceId: number): void
  /**
   * Ends a race after the current batch of its run; what has finished stays. Asked a second time, it ends at once.
   * Does nothing to a race that has ended.
   */
  cancel(raceId: number): void
  /** Where the race stands, then everything as it happens, up to `ended` or until the signal. */
  subscribe(raceId: number, signal: AbortSignal): AsyncGenerator<RaceProgress>
  /** Every race, the newest first. */
  list(): RaceSummary[]
  /** @throws JaccardError `not-found` */
  race(raceId: number): RaceSummary
  /** Removes a race with its runs. @throws JaccardError `conflict` while it goes on, `not-found` */
  remove(raceId: number): void
  /** Lets no further run start and waits for the end; the training is closed beside it. */
  close(): Promise<void>
}

interface LiveRace {
  id: number
  progress: Broadcast<RaceProgress>
  /** The run that is training; null between two. */
  runId: number | null
  /** No further run starts, and how the race ends therefore. */
  ending: 'cancelled' | 'interrupted' | null
  ended: Promise<void>
}

/** Opens the races of a project. @param options.changed Told of every run whose race has changed. */
export function createRaces(
  project: Project,
  options: {
    training: Training
    predictions: Pick<Predictions, 'ensure'>
    trainers: Trainers
    changed?: (change: { kind: 'runs'; ids: number[] }) => void
  }
): Races {
  const { training, predictions, trainers, changed = () => undefined } = options
  let live: LiveRace | null = null

  const summaryOf = (record: RaceRecord): RaceSummary => ({ ...record, live: live?.id === record.id })
  const summary = (raceId: number) => summaryOf(getRace(project, raceId))

  /** Starts the race's next run at once, then drives it to its end. */
  function begin(raceId: number, reservation: Reservation, images: RunSource[]): void {
    const tried = new Set<number>()

    function startNext(): number | null {
      const { runs, config, engine } = getRace(project, raceId)
      const next = runs.findIndex(({ status }, i) => status !== 'done' && !tried.has(i))
      if (next === -1) return null
      tried.add(next)
      const { runId, status } = runs[next]!
      if (runId !== null && status !== 'failed' && hasCheckpoint(project, runId, 'best')) {
        reservation.resume(runId)
        return runId
      }
      const planned = plannedRuns(config)[next]!.config
      return reservation.start({ ...planned, engine }, { id: raceId, images })
    }

    const first = startNext()
    const race: LiveRace = {
      id: raceId,
      progress: createBroadcast(),
      runId: first,
      ending: null,
      ended: Promise.resolve()
    }
    live = race
    race.ended = drive(race, images, startNext).then((end) => {
      reservation.release()
      live = null
      const { status, message } = keepEnd(raceId, end)
      race.progress.send({ type: 'ended', race: { ...summary(raceId), status, message } })
      changed({ kind: 'runs', ids: [] })
    })
  }

  async function drive(race: LiveRace, images: RunSource[], startNext: () => number | null): Promise<End> {
    try {
      await judge(race, images)
      while (race.runId !== null) {
        const { runId } = race
        await follow(race, runId)
        race.runId = null
        const { status } = getRun(project, runId)
        if (status === 'cancelled' || status === 'interrupted') return { status, message: null }
        if (status === 'done') await judge(race, images)
        if (!race.ending) race.runId = startNext()
      }
      return endOf(race)
    } catch (error) {
      return { status: 'failed', message: messageOf(error) }
    }
  }

  /** Passes on what happens in a run until it has ended. */
  async function follow(race: LiveRace, runId: number): Promise<void> {
    race.progress.send({ type: 'race', race: summary(race.id) })
    changed({ kind: 'runs', ids: [runId] })
    for await (const event of training.subscribe(runId, new AbortController().signal)) {
      if (event.type === 'snapshot' || event.type === 'ended') continue
      race.progress.send({ type: 'run', runId, progress: event })
    }
  }

  /** Judges the pairs that have finished and were not judged yet. */
  async function judge(race: LiveRace, images: RunSource[]): Promise<void> {
    const { runs, pairs, config } = getRace(project, race.id)
    for (const seed of config.seeds) {
      if (pairs.some((pair) => pair.seed === seed)) continue
      const [first, second] = runs.filter((run) => run.seed === seed && run.status === 'done')
      if (!first || !second) continue
      const runIds: [number, number] = [first.runId!, second.runId!]
      saveRacePair(project, race.id, await judgePair(project, predictions, seed, runIds, images))
      race.progress.send({ type: 'race', race: summary(race.id) })
    }
  }

  function endOf({ id, ending }: LiveRace): End {
    const { runs } = getRace(project, id)
    const failed = runs.filter(({ status }) => status === 'failed')
    const message = failed
      .map(({ runId, loss, seed }) => {
        const reason = getRun(project, runId!).message ?? 'it does not say why'
        return `Run ${runId} (${LOSS_NAMES[loss]}, seed ${seed}) failed, so its pair takes no part: ${reason}`
      })
      .join(' ')
    const ended = runs.every(({ status }) => status === 'done' || status === 'failed')
    const status = !ended && ending ? ending : failed.length === runs.length ? 'failed' : 'done'
    return { status, message: message || null }
  }

  /** A disk that is full must not hide how the race ended; its row says `running` until the project opens again. */
  function keepEnd(raceId: number, end: End): End {
    try {
      setRaceStatus(project, raceId, end.status, end.message)
      return end
    } catch (error) {
      return { ...end, message: [end.message, messageOf(error)].filter(Boolean).join(' ') }
    }
  }

  return {
    async start(config) {
      const reservation = training.reserve()
      try {
        const { name, because } = await chooseEngine(config.shared.engine, trainers)
        const images = reservation.images(config.shared)
        const id = createRace(project, {
          config,
          engine: name,
          chosenBecause: because,
          images: images.map(({ image, split }) => ({
            imageId: image.id,
            split,
            sha: image.sha,
            revision: image.revision
          }))
        })
        try {
          begin(id, reservation, images)
        } catch (error) {
          deleteRace(project, id)
          throw error
        }
        return id
      } catch (error) {
        reservation.release()
        throw error
      }
    },
    resume(raceId) {
      if (getRace(project, raceId).status === 'done') {
        throw new JaccardError('conflict', `Race ${raceId} is done, so there is nothing left to run.`)
      }
      const reservation = training.reserve()
      try {
        const images = sourcesSince(project, `race ${raceId}`, listRaceImages(project, raceId))
        setRaceStatus(project, raceId, 'running')
        begin(raceId, reservation, images)
      } catch (error) {
        reservation.release()
        throw error
      }
    },
    cancel(raceId) {
      getRace(project, raceId)
      if (live?.id !== raceId) return
      live.ending ??= 'cancelled'
      if (live.runId !== null) training.cancel(live.runId)
    },
    async *subscribe(raceId, signal) {
      const race = live?.id === raceId ? live : null
      // Heard from before the snapshot is taken, so that nothing falls in between.
      const news = race?.progress.listen(signal)
      yield { type: 'snapshot', ...snapshotOf(project, summary(raceId)) }
      if (!news) yield { type: 'ended', race: summary(raceId) }
      else {
        for await (const event of news) {
          yield event
          if (event.type === 'ended') return
        }
      }
    },
    list: () => listRaces(project).map(summaryOf),
    race: summary,
    remove(raceId) {
      if (live?.id === raceId) {
        throw new JaccardError('conflict', `Race ${raceId} is going on; stop it before you remove it.`)
      }
      // Then it belongs to another process, unless that has died.
      if (getRace(project, raceId).status === 'running') training.reserve().release()
      const ids = getRace(project, raceId).runs.flatMap(({ runId }) => runId ?? [])
      deleteRace(project, raceId)
      changed({ kind: 'runs', ids })
    },
    async close() {
      if (live) live.ending = 'interrupted'
      await live?.ended
    }
  }
}

interface End {
  status: Exclude<RunStatus, 'running'>
  message: string | null
}

/** A race with the curves of its runs so far. */
function snapshotOf(project: Project, race: RaceSummary) {
  const started = race.runs.flatMap(({ runId }) => runId ?? [])
  return {
    race,
    baselines: started.map((id) => getRun(project, id).baselines).find((known) => known !== null) ?? null,
    curves: started.map((runId) => ({
      runId,
      validation: readHistory(project, runId).validation.map(({ step, metrics }) => ({
        step,
        mIoU: metrics.mIoU
      }))
    }))
  }
}
