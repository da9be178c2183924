import type { RaceProgress, RaceSummary } from '#core/api/values'
import type { Baselines } from '#core/learning/events'
import { outcomeOf } from '#core/learning/race/outcome'
import type { RunCurve } from './curves'

/** A race on the screen: where it stands, its curves, and how long it will still take. */
export class LiveRace {
  readonly id: number
  /** Null until the host has told of it. */
  race = $state.raw<RaceSummary | null>(null)
  baselines = $state.raw<Baselines | null>(null)
  /** Step of the run that is training; 0 before its first. */
  step = $state(0)
  preparing = $state.raw<{ done: number; total: number } | null>(null)
  /** Seconds until the end, by the pace since the window has been watching; null while nothing can be said. */
  secondsLeft = $state<number | null>(null)
  /** Counts the changes of the curves, which are too large to be watched themselves. */
  drawn = $state(0)

  readonly outcome = $derived(this.race && outcomeOf(this.race.config.losses, this.race.pairs))
  /** The run that is training, with its place among all. */
  readonly current = $derived.by(() => {
    const at = this.race?.live ? this.race.runs.findIndex(({ status }) => status === 'running') : -1
    return at === -1 ? null : { ...this.race!.runs[at]!, number: at + 1 }
  })
  /** How much is done, 0 to 1; counts whole runs where their steps are not known beforehand. */
  readonly fraction = $derived.by(() => {
    if (!this.race) return 0
    const { runs, config } = this.race
    const done = runs.filter(({ status }) => status === 'done' || status === 'failed').length
    const { steps } = config.shared
    return (done + (this.current && steps ? Math.min(1, this.step / steps) : 0)) / runs.length
  })

  readonly #now: () => number
  #curves: Record<number, RunCurve['points']> = {}
  #watchedFrom: { fraction: number; at: number } | null = null

  /** @param now A clock in milliseconds. */
  constructor(id: number, now: () => number) {
    this.id = id
    this.#now = now
  }

  /** The curves of all runs that have started. */
  get curves(): RunCurve[] {
    return (this.race?.runs ?? []).map(({ loss, seed, runId, status }) => ({
      loss,
      seed,
      done: status === 'done',
      points: (runId !== null && this.#curves[runId]) || []
    }))
  }

  apply(event: RaceProgress): void {
    switch (event.type) {
      case 'snapshot':
        this.#curves = Object.fromEntries(event.curves.map(({ runId, validation }) => [runId, validation]))
        this.baselines = event.baselines
        this.#take(event.race)
        this.step = this.#lastStep()
        this.#watchedFrom = null
        break
      case 'race':
      case 'ended':
        this.#take(event.race)
        if (event.type === 'ended') this.secondsLeft = null
        break
      case 'run':
        this.#follow(event.runId, event.progress)
        break
    }
  }

  #follow(runId: number, progress: Extract<RaceProgress, { type: 'run' }>['progress']): void {
    if (progress.type === 'preparing') this.preparing = { done: progress.done, total: progress.total }
    else if (progress.type === 'started') {
      this.preparing = null
      this.baselines = progress.baselines
    } else if (progress.type === 'step') {
      this.preparing = null
      this.step = progress.step
      this.#measure()
    } else if (progress.type === 'validation') {
      const points = this.#curves[runId] ?? []
      // After reconnecting, events may come again.
      if (progress.step <= (points.at(-1)?.step ?? 0)) return
      this.#curves[runId] = [...points, { step: progress.step, mIoU: progress.metrics.mIoU }]
      this.drawn++
    }
  }

  #take(race: RaceSummary): void {
    const before = this.current?.runId ?? null
    this.race = race
    if (this.current?.runId !== before) {
      this.step = 0
      this.preparing = null
    }
    this.drawn++
  }

  #lastStep(): number {
    const runId = this.current?.runId ?? null
    return runId === null ? 0 : (this.#curves[runId]?.at(-1)?.step ?? 0)
  }

  #measure(): void {
    if (this.race?.config.shared.steps === null) return
    const at = this.#now()
    this.#watchedFrom ??= { fraction: this.fraction, at }
    const passed = this.fraction - this.#watchedFrom.fraction
    if (passed <= 0) return
    this.secondsLeft = (((1 - this.fraction) / passed) * (at - this.#watchedFrom.at)) / 1000
  }
}
