import type { RunSummary, Suggestion, SuggestionInput } from '#core/api/values'
import { messageOf } from '#core/errors'
import { levelOf } from '#core/learning/quantise'
import { decodeMask } from '#core/mask/codec'
import type { Mask } from '#core/mask/tiles'

/** What suggestions need of the app around them. */
export interface SuggestHost {
  /** The project's runs, as they are now. */
  readonly runs: readonly RunSummary[]
  /** The run that the person chose anywhere in the app. */
  readonly chosenRun: number | null
  /** The image on screen, once it is there; null while there is none. */
  readonly imageId: number | null
  /** Suggestions are looked at. */
  readonly wanted: boolean
  /** Images that the person will probably come to next. */
  ahead(imageId: number): number[]
  read(input: SuggestionInput): Promise<Suggestion>
}

/**
 * What a trained run would paint on the image on screen. Nobody is asked before somebody looks; an answer that came
 * too late is dropped.
 */
export class Suggestions {
  /** What is suggested for the image on screen; null while there is nothing to show. */
  mask = $state.raw<Mask | null>(null)
  asking = $state(false)
  /** Why there is none, as a sentence. */
  problem = $state<string | null>(null)

  readonly #host: SuggestHost
  /** The threshold in 256ths that the person chose here, and for which run. */
  #chosen = $state.raw<{ runId: number; level: number } | null>(null)
  #asked = 0

  /** Those with a model, newest first. */
  readonly runs = $derived.by(() =>
    this.#host.runs.filter(({ best }) => best !== null).toSorted((a, b) => b.id - a.id)
  )
  /** The one that the person chose, or else the newest. */
  readonly run = $derived.by(
    () => this.runs.find(({ id }) => id === this.#host.chosenRun) ?? this.runs[0] ?? null
  )
  /** In 256ths: the run's own until the person chooses another one, which holds for this run and window. */
  readonly level = $derived.by(() => {
    const { run } = this
    if (!run) return levelOf(0.5)
    return this.#chosen?.runId === run.id ? this.#chosen.level : levelOf(run.threshold)
  })
  readonly #runId = $derived(this.run?.id ?? null)
  /** Changes when the run finds a better model. */
  readonly #step = $derived(this.run?.bestStep ?? null)

  constructor(host: SuggestHost) {
    this.#host = host
  }

  setLevel(level: number): void {
    if (this.run) this.#chosen = { runId: this.run.id, level }
  }

  /** Follows image, run and threshold; returns a function that stops it. */
  start(): () => void {
    return $effect.root(() => {
      let shown: number | null = null
      $effect(() => {
        const { imageId, wanted } = this.#host
        const [runId, level] = [this.#runId, this.level]
        void this.#step
        // While only the threshold changes, the suggestion before stays until the next one is there.
        if (imageId !== shown || !wanted) this.mask = null
        shown = imageId
        void this.#ask(wanted && imageId !== null && runId !== null ? { runId, imageId, level } : null)
      })
    })
  }

  async #ask(wanted: Omit<SuggestionInput, 'ahead'> | null): Promise<void> {
    const asked = ++this.#asked
    this.problem = null
    this.asking = wanted !== null
    if (!wanted) {
      this.mask = null
      return
    }
    try {
      const ahead = this.#host.ahead(wanted.imageId)
      const { width, height, tiles } = await this.#host.read({ ...wanted, ahead })
      if (asked === this.#asked) this.mask = decodeMask(width, height, tiles)
    } catch (error) {
      if (asked !== this.#asked) return
      this.mask = null
      this.problem = messageOf(error)
    }
    if (asked === this.#asked) this.asking = false
  }
}
