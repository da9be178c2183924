import type { RunProgress, RunSummary } from '#core/api/values'
import type { Baselines, Metrics } from '#core/learning/events'
import { isFlat } from '#core/learning/health'
import { Curves } from './curves'

/** Before so many validations it is too early to say that a run learns nothing. */
const FLAT_VALIDATIONS = 12
/** How many of the latest steps the time per step is taken from. */
const RECENT = 31

/** One run as its events tell it: where it stands, its curves, and what to say about it. */
export class LiveRun {
  readonly id: number
  /** Null until the host has told where the run stands. */
  run = $state.raw<RunSummary | null>(null)
  /** Images that are being brought to the network's size, before the first step. */
  preparing = $state.raw<{ done: number; total: number } | null>(null)
  notices = $state.raw<string[]>([])
  step = $state(0)
  lastLoss = $state<number | null>(null)
  lastValidation = $state.raw<Metrics | null>(null)
  best = $state.raw<{ step: number; metrics: Metrics } | null>(null)
  baselines = $state.raw<Baselines | null>(null)
  /** It does no better than a model that never looks at the image: so far, or in the end. */
  flat = $state(false)
  /** Median milliseconds of the latest steps; null before any. */
  stepMilliseconds = $state<number | null>(null)
  /** Seconds until the end, by the pace since the window has been watching; null while nothing can be said. */
  secondsLeft = $state<number | null>(null)
  /** Counts the changes of `curves`, which is too large to be watched itself. */
  drawn = $state(0)
  curves = new Curves()

  readonly #now: () => number
  #recent: number[] = []
  /** Where and when watching began: the pace includes validation, which the steps' own times leave out. */
  #watchedFrom: { step: number; at: number } | null = null

  /**
   * @param run What the list of runs knows already, if it has the run.
   * @param now A clock in milliseconds.
   */
  constructor(id: number, run: RunSummary | null, now: () => number) {
    this.id = id
    this.#now = now
    if (run) this.#take(run)
  }

  apply(progress: RunProgress): void {
    switch (progress.type) {
      case 'snapshot':
        this.curves = new Curves(progress.history)
        this.#take(progress.run)
        this.step = Math.max(progress.run.steps, this.curves.lossSteps.at(-1) ?? 0)
        this.lastLoss = this.curves.loss.at(-1) ?? null
        this.lastValidation = progress.history.validation.at(-1)?.metrics ?? null
        this.#takeBest(progress.history.validation)
        this.preparing = null
        this.#judge()
        this.#recent = []
        this.#watchedFrom = null
        this.drawn++
        break
      case 'preparing':
        this.preparing = { done: progress.done, total: progress.total }
        break
      case 'started':
        this.preparing = null
        this.baselines = progress.baselines
        if (this.run) {
          const { engine, device, chosenBecause } = progress
          this.run = { ...this.run, engine, device, chosenBecause }
        }
        break
      case 'step':
        this.preparing = null
        this.step = progress.step
        this.lastLoss = progress.loss
        this.curves.addLoss(progress.step, progress.loss)
        this.#measure(progress.step, progress.milliseconds)
        this.drawn++
        break
      case 'validation':
        this.lastValidation = progress.metrics
        this.curves.addValidation(progress.step, progress.loss, progress.metrics)
        this.#takeBest([progress])
        this.#judge()
        this.drawn++
        break
      case 'notice':
        if (!this.notices.includes(progress.message)) this.notices = [...this.notices, progress.message]
        break
      case 'finished':
        this.best = { step: progress.bestStep, metrics: progress.best }
        this.secondsLeft = null
        break
      case 'ended':
        this.#take(progress.run)
        this.preparing = null
        this.secondsLeft = null
        break
    }
  }

  #take(run: RunSummary): void {
    this.run = run
    this.flat = run.flat
    this.baselines = run.baselines ?? this.baselines
    if (run.best && run.bestStep !== null) this.best = { step: run.bestStep, metrics: run.best }
    this.stepMilliseconds = run.medianStepMilliseconds ?? this.stepMilliseconds
  }

  #judge(): void {
    const { mIoU } = this.curves
    if (!this.run?.live || !this.baselines) return
    this.flat = mIoU.length >= FLAT_VALIDATIONS && isFlat(mIoU, this.baselines)
  }

  #takeBest(validations: { step: number; metrics: Metrics }[]): void {
    for (const { step, metrics } of validations) {
      if (!this.best || metrics.mIoU > this.best.metrics.mIoU) this.best = { step, metrics }
    }
  }

  #measure(step: number, milliseconds: number): void {
    this.#recent = [...this.#recent.slice(1 - RECENT), milliseconds]
    this.stepMilliseconds = [...this.#recent].sort((a, b) => a - b)[this.#recent.length >> 1]!
    const at = this.#now()
    this.#watchedFrom ??= { step, at }
    const passed = step - this.#watchedFrom.step
    if (passed === 0 || !this.run) return
    const watched = (at - this.#watchedFrom.at) / 1000
    const { steps, minutes } = this.run.config
    const bySteps = steps === null ? Infinity : ((steps - step) * watched) / passed
    const elapsed = this.run.seconds + watched
    const byTime = minutes === null ? Infinity : minutes * 60 - elapsed
    this.secondsLeft = Math.max(0, Math.min(bySteps, byTime))
  }
}
