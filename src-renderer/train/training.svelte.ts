import type { CropExample, EngineReport, RunProgress, RunSummary, TrainingOverview } from '#core/api/values'
import { messageOf } from '#core/errors'
import type { Choice, ChoiceInput } from '#core/learning/choice/choose'
import { preparationOf } from '#core/learning/choice/preparation'
import type { TrainConfig } from '#core/learning/config'
import { DEFAULTS, usualFor } from '#core/learning/defaults'
import type { Preparation } from '#core/learning/frame'
import { LiveRun } from './live-run.svelte'
import { faultOf } from './settings'

/** What the train screen needs of the host. */
export interface TrainingHost {
  /** The project's runs, as they are now. */
  readonly runs: RunSummary[]
  overview(config: TrainConfig): Promise<TrainingOverview>
  choose(input: ChoiceInput): Promise<Choice>
  /** A training image framed like this; null while there is none. */
  example(preparation: Preparation): Promise<CropExample | null>
  engines(): Promise<EngineReport[]>
  start(config: TrainConfig): Promise<{ runId: number }>
  cancel(runId: number): Promise<unknown>
  resume(runId: number): Promise<unknown>
  remove(runId: number): Promise<unknown>
  /** Calls back with a snapshot of the run, then with what happens; returns a function that stops listening. */
  follow(
    runId: number,
    onProgress: (progress: RunProgress) => void,
    onError: (error: unknown) => void
  ): () => void
}

/** The train screen's state: the settings, what they would train on, and the run that is shown. */
export class Training {
  config = $state<TrainConfig>({ ...DEFAULTS })
  /** Architecture, size and crops follow from the labelled objects; they are in `config` once they are known. */
  automatic = $state(true)
  /** What was chosen and why; null while unknown. */
  choice = $state.raw<Choice | null>(null)
  overview = $state.raw<TrainingOverview | null>(null)
  engines = $state.raw<EngineReport[] | null>(null)
  shown = $state.raw<LiveRun | null>(null)
  /** A start, cancel, resume or removal that the host has not answered yet. */
  busy = $state<'start' | 'cancel' | 'resume' | 'remove' | null>(null)
  /** What failed last, as a sentence; null once something else is tried. */
  problem = $state<string | null>(null)

  /** Newest first. */
  readonly runs = $derived.by(() => this.#host.runs.toSorted((a, b) => b.id - a.id))
  readonly fault = $derived(faultOf(this.config))
  /** The run that is training now: of the one shown its own events know best, of the others the list. */
  readonly running = $derived.by(() => {
    const shown = this.shown?.run ?? null
    return shown?.live ? shown : (this.runs.find((run) => run.live && run.id !== shown?.id) ?? null)
  })
  readonly canStart = $derived(
    this.busy === null && !this.running && this.fault === null && this.overview?.obstacle === null
  )
  /** The engine that the settings would take; null while the engines are not known. */
  readonly engine = $derived(
    this.engines?.find(({ name, chosen }) =>
      this.config.engine === 'auto' ? chosen : name === this.config.engine
    ) ?? null
  )

  readonly #host: TrainingHost
  readonly #now: () => number
  #stopFollowing: (() => void) | null = null
  #overviewAsked = 0
  #choiceAsked = 0

  /** @param now A clock in milliseconds. */
  constructor(host: TrainingHost, now: () => number = () => performance.now()) {
    this.#host = host
    this.#now = now
  }

  /** Shows the live run, or else the one that was shown, or else the newest. */
  open(): void {
    const { runs } = this
    const next = runs.find((run) => run.live) ?? runs.find((run) => run.id === this.shown?.id) ?? runs[0]
    if (next) this.show(next.id)
  }

  /** Stops listening; the run goes on in the host. */
  close(): void {
    this.#stopFollowing?.()
    this.#stopFollowing = null
  }

  async refreshOverview(): Promise<void> {
    if (this.fault !== null) return
    const asked = ++this.#overviewAsked
    try {
      const overview = await this.#host.overview($state.snapshot(this.config))
      if (asked === this.#overviewAsked) this.overview = overview
    } catch (error) {
      if (asked === this.#overviewAsked) this.problem = messageOf(error)
    }
  }

  /** Leaves the network, its resolution, and how images are made ready and varied to the program. */
  async chooseAutomatically(): Promise<void> {
    this.automatic = true
    await this.refreshChoice()
  }

  /** Has the network chosen anew where it is left to the program; labels and time decide. */
  async refreshChoice(): Promise<void> {
    if (!this.automatic) return
    const asked = ++this.#choiceAsked
    const { batch, minutes } = this.config
    try {
      const choice = await this.#host.choose({ architecture: null, size: null, batch, minutes })
      if (asked !== this.#choiceAsked || !this.automatic) return
      const touched = this.#preparationTouched()
      this.choice = choice
      const { architecture, size, crop, preparation } = choice
      const usual = architecture === this.config.architecture ? {} : usualFor(architecture)
      Object.assign(this.config, usual, { size, crop }, touched ? {} : preparation)
    } catch (error) {
      if (asked === this.#choiceAsked) this.problem = messageOf(error)
    }
  }

  /** A training image framed like this, to show what augmentation does; null while there is none. */
  example(preparation: Preparation): Promise<CropExample | null> {
    return this.#host.example(preparation)
  }

  /** Takes settings over that name a network themselves. */
  take(settings: Partial<TrainConfig>): void {
    this.automatic = false
    Object.assign(this.config, settings)
  }

  /** The person has set something that was chosen together with the network: it stays. */
  #preparationTouched(): boolean {
    const chosen = this.choice?.preparation ?? preparationOf(DEFAULTS)
    return JSON.stringify(preparationOf(this.config)) !== JSON.stringify(preparationOf(chosen))
  }

  /** Looks at the machine's engines; takes seconds, so not while a run wants the processor. */
  async findEngines(): Promise<void> {
    try {
      this.engines = await this.#host.engines()
    } catch (error) {
      this.problem = messageOf(error)
    }
  }

  /** Follows a run: the live one as it goes on, an earlier one to see its curves. */
  show(runId: number): void {
    this.close()
    const shown = new LiveRun(runId, this.runs.find(({ id }) => id === runId) ?? null, this.#now)
    this.shown = shown
    this.#stopFollowing = this.#host.follow(
      runId,
      (progress) => shown.apply(progress),
      (error) => {
        this.problem = messageOf(error)
      }
    )
  }

  start(): Promise<void> {
    if (!this.canStart) return Promise.resolve()
    return this.#do('start', async () => {
      await this.refreshChoice()
      const { runId } = await this.#host.start($state.snapshot(this.config))
      this.show(runId)
    })
  }

  /** Ends the live run after its current batch; the best checkpoint stays. */
  cancel(): Promise<void> {
    const { running } = this
    if (!running) return Promise.resolve()
    return this.#do('cancel', () => this.#host.cancel(running.id))
  }

  resume(runId: number): Promise<void> {
    return this.#do('resume', async () => {
      await this.#host.resume(runId)
      this.show(runId)
    })
  }

  remove(runId: number): Promise<void> {
    return this.#do('remove', async () => {
      await this.#host.remove(runId)
      if (this.shown?.id !== runId) return
      this.close()
      this.shown = null
      const next = this.runs.find(({ id }) => id !== runId)
      if (next) this.show(next.id)
    })
  }

  async #do(what: 'start' | 'cancel' | 'resume' | 'remove', work: () => Promise<unknown>): Promise<void> {
    this.busy = what
    this.problem = null
    try {
      await work()
    } catch (error) {
      this.problem = messageOf(error)
    } finally {
      this.busy = null
    }
  }
}

/** A run that ended early and left a checkpoint to go on from. */
export function resumable(run: RunSummary): boolean {
  return !run.live && run.bestStep !== null && ['cancelled', 'failed', 'interrupted'].includes(run.status)
}
