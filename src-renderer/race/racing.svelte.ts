import type { RaceProgress, RaceSummary } from '#core/api/values'
import { messageOf } from '#core/errors'
import type { RaceConfig } from '#core/learning/race/config'
import { LiveRace } from './live-race.svelte'

/** What the race screen needs of the host. */
export interface RaceHost {
  /** The project's races, as they are now. */
  readonly races: RaceSummary[]
  start(config: RaceConfig): Promise<{ raceId: number }>
  cancel(raceId: number): Promise<unknown>
  resume(raceId: number): Promise<unknown>
  remove(raceId: number): Promise<unknown>
  /** Calls back with a snapshot of the race, then with what happens; returns a function that stops listening. */
  follow(
    raceId: number,
    onProgress: (progress: RaceProgress) => void,
    onError: (error: unknown) => void
  ): () => void
}

/** The race screen's state: the race that is shown, if any. */
export class Racing {
  shown = $state.raw<LiveRace | null>(null)
  /** A start, cancel, resume or removal that the host has not answered yet. */
  busy = $state<'start' | 'cancel' | 'resume' | 'remove' | null>(null)
  /** What failed last, as a sentence; null once something else is tried. */
  problem = $state<string | null>(null)

  /** Newest first. */
  readonly races = $derived.by(() => this.#host.races.toSorted((a, b) => b.id - a.id))

  readonly #host: RaceHost
  readonly #now: () => number
  #stopFollowing: (() => void) | null = null

  /** @param now A clock in milliseconds. */
  constructor(host: RaceHost, now: () => number = () => performance.now()) {
    this.#host = host
    this.#now = now
  }

  /** Shows the live race, or else the one that was shown before a visit elsewhere, or none. */
  open(): void {
    const next = this.races.find(({ live }) => live)?.id ?? this.shown?.id
    if (next !== undefined) this.show(next)
  }

  /** Stops listening; the race goes on in the host. */
  close(): void {
    this.#stopFollowing?.()
    this.#stopFollowing = null
  }

  show(raceId: number): void {
    this.close()
    const shown = new LiveRace(raceId, this.#now)
    this.shown = shown
    this.#stopFollowing = this.#host.follow(
      raceId,
      (progress) => shown.apply(progress),
      (error) => {
        this.problem = messageOf(error)
      }
    )
  }

  /** Goes back to the runs. */
  leave(): void {
    this.close()
    this.shown = null
  }

  start(config: RaceConfig): Promise<void> {
    return this.#do('start', async () => {
      const { raceId } = await this.#host.start(config)
      this.show(raceId)
    })
  }

  /** Ends the race after the current batch; what has finished stays. */
  cancel(raceId: number): Promise<void> {
    return this.#do('cancel', () => this.#host.cancel(raceId))
  }

  resume(raceId: number): Promise<void> {
    return this.#do('resume', async () => {
      await this.#host.resume(raceId)
      this.show(raceId)
    })
  }

  remove(raceId: number): Promise<void> {
    return this.#do('remove', async () => {
      await this.#host.remove(raceId)
      if (this.shown?.id === raceId) this.leave()
    })
  }

  async #do(what: NonNullable<Racing['busy']>, work: () => Promise<unknown>): Promise<void> {
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

/** A race that ended early and has runs left. */
export function continuable({ live, status }: RaceSummary): boolean {
  return !live && ['cancelled', 'failed', 'interrupted'].includes(status)
}
