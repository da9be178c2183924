import type { ReviewDetail, ReviewImage, RunSummary, Split, TestLook } from '#core/api/values'
import { messageOf } from '#core/errors'
import type { Interval } from '#core/learning/statistics'
import { mIoUInterval } from '#core/learning/uncertainty'
import type { BestMetrics, Metrics } from '#core/learning/events'
import { THRESHOLD } from '#core/learning/threshold'
import { counted, score } from '../shared/numbers'
import { Details } from './details'
import {
  bestLevel,
  countsAt,
  levelOf,
  metricsAt,
  poolTails,
  tailsOf,
  thresholdOf,
  trivialScores,
  type Tails
} from './judge'

/** What the review screen needs of the host. */
export interface ReviewHost {
  /** The project's runs, as they are now. */
  readonly runs: RunSummary[]
  images(runId: number, split: ReviewSplit): Promise<ReviewImage[]>
  detail(runId: number, imageId: number): Promise<ReviewDetail>
  setThreshold(runId: number, threshold: number): Promise<unknown>
  /** Every look at the test set so far. */
  testLooks(): Promise<TestLook[]>
  /** Opens the test set to a run and returns all looks, this one included. */
  unlockTest(runId: number): Promise<TestLook[]>
}

export type ReviewSplit = Split
export type Order = 'worst' | 'best' | 'name'

/** One image with its judgement at the current threshold. */
export interface Card {
  imageId: number
  name: string
  /** Of the foreground. */
  iou: number
  falsePositives: number
  falseNegatives: number
}

/** With more images the interval is narrow, and would hold up the slider. */
const MOST_RESAMPLED = 200

/** The slider may move many times a second; the host keeps what it comes to rest at. */
const REST_MILLISECONDS = 400

/** The review screen's state: a run's predictions, judged at a threshold that follows the slider at once. */
export class Review {
  runId = $state<number | null>(null)
  split = $state<ReviewSplit>('validation')
  order = $state<Order>('worst')
  /** The threshold is level / 256. */
  level = $state(128)
  images = $state.raw<ReviewImage[]>([])
  details = $state.raw<Details | null>(null)
  loading = $state(true)
  problem = $state<string | null>(null)
  /** The test split is chosen, and nobody has asked to look at it. */
  locked = $state(false)
  /** At the test set. */
  looks = $state.raw<TestLook[]>([])

  /** Those with a model, newest first. */
  readonly runs = $derived.by(() =>
    this.#host.runs.filter(({ best }) => best !== null).toSorted((a, b) => b.id - a.id)
  )
  readonly run = $derived(this.runs.find(({ id }) => id === this.runId) ?? null)
  readonly threshold = $derived(thresholdOf(this.level))
  /** Where the threshold comes from, as a sentence. */
  readonly thresholdSource = $derived(sourceOf(this.run?.best ?? null, this.level))
  readonly #judged: Judged[] = $derived(this.images.map((image) => ({ image, tails: tailsOf(image) })))
  readonly pooled: Tails = $derived(poolTails(this.#judged.map(({ tails }) => tails)))
  readonly metrics: Metrics = $derived(metricsAt(this.pooled, this.level))
  /** mIoU of what learned nothing, against the labels as they are now; the mean mask is the run's own. */
  readonly baselines = $derived({
    ...trivialScores(this.pooled),
    meanMask: this.split === 'validation' ? (this.run?.baselines?.meanMask ?? null) : null
  })
  /** The level with the highest mIoU on this split. */
  readonly bestLevel = $derived(bestLevel(this.pooled))
  readonly bestMetrics = $derived(metricsAt(this.pooled, this.bestLevel))
  /** How far mIoU might be another one with other images of the kind; null where there are too few or many. */
  readonly interval: Interval | null = $derived(
    this.#judged.length > MOST_RESAMPLED
      ? null
      : mIoUInterval(this.#judged.map(({ tails }) => countsAt(tails, this.level)))
  )
  /** Cards keep their places while the slider moves. */
  #orderedAt = $state(128)
  readonly #ordered = $derived(ordered(this.#judged, this.order, this.#orderedAt))
  readonly cards: Card[] = $derived(this.#ordered.map((judged) => cardOf(judged, this.level)))

  readonly #host: ReviewHost
  /** Runs to which the test set was opened. */
  #unlocked: readonly number[] = []
  #asked = 0
  #rest: ReturnType<typeof setTimeout> | null = null

  constructor(host: ReviewHost) {
    this.#host = host
  }

  /** Shows the run `wanted`, or else the one that was shown, or else the newest with a model. */
  open(wanted: number | null = null): Promise<void> {
    const known = [wanted, this.runId].find((id) => this.runs.some((run) => run.id === id))
    return this.show(known ?? this.runs[0]?.id ?? null, this.split)
  }

  /** Reads a run's predictions of a split; the host predicts what the run has not predicted yet. */
  async show(runId: number | null, split: ReviewSplit): Promise<void> {
    this.keepThreshold()
    const asked = ++this.#asked
    const again = runId === this.runId
    if (runId !== this.runId || split !== this.split) this.images = []
    this.runId = runId
    this.split = split
    this.problem = null
    this.locked = split === 'test' && runId !== null && !this.#unlocked.includes(runId)
    this.loading = runId !== null
    if (runId === null) {
      this.images = []
      return
    }
    // Of the run that was shown, the list may not have heard the latest threshold yet.
    if (!again) this.level = levelOf(this.run?.threshold ?? 0.5)
    this.#orderedAt = this.level
    try {
      if (this.locked) {
        const looks = await this.#host.testLooks()
        if (asked === this.#asked) this.looks = looks
        return
      }
      const images = await this.#host.images(runId, split)
      if (asked !== this.#asked) return
      this.details = new Details((imageId) => this.#host.detail(runId, imageId))
      this.images = images
    } catch (error) {
      // A host that was started again has locked it again.
      if (split === 'test') this.#unlocked = this.#unlocked.filter((id) => id !== runId)
      if (asked === this.#asked) this.problem = messageOf(error)
    } finally {
      if (asked === this.#asked) this.loading = false
    }
  }

  /** Looks at the test set with the run that is shown, which the host counts. */
  async unlockTest(): Promise<void> {
    const { runId } = this
    if (runId === null) return
    try {
      this.looks = await this.#host.unlockTest(runId)
      this.#unlocked = [...this.#unlocked, runId]
    } catch (error) {
      this.problem = messageOf(error)
      return
    }
    if (this.runId === runId && this.split === 'test') await this.show(runId, 'test')
  }

  /** Moves the threshold; everything on the screen follows, the host hears of it once it rests. */
  setLevel(level: number): void {
    this.level = level
    if (this.#rest) clearTimeout(this.#rest)
    this.#rest = setTimeout(() => this.keepThreshold(), REST_MILLISECONDS)
  }

  /** Orders the cards by the threshold as it is now. */
  settle(): void {
    this.#orderedAt = this.level
  }

  /** Tells the host of a threshold that it has not heard of. */
  keepThreshold(): void {
    if (this.#rest === null || this.runId === null) return
    clearTimeout(this.#rest)
    this.#rest = null
    const { runId, threshold } = this
    this.#host.setThreshold(runId, threshold).catch((error: unknown) => {
      this.problem = messageOf(error)
    })
  }
}

function sourceOf(best: BestMetrics | null, level: number): string {
  if (best?.tunedOn === undefined) return level === levelOf(THRESHOLD) ? 'Not tuned.' : 'Your own choice.'
  const images = counted(best.tunedOn, 'validation image')
  return level === levelOf(best.threshold)
    ? `Tuned on ${images}.`
    : `Your own choice; ${score(best.threshold)} was tuned on ${images}.`
}

interface Judged {
  image: ReviewImage
  tails: Tails
}

function cardOf({ image, tails }: Judged, level: number): Card {
  const { fp, fn } = countsAt(tails, level)
  return {
    imageId: image.imageId,
    name: image.name,
    iou: metricsAt(tails, level).iou1,
    falsePositives: fp,
    falseNegatives: fn
  }
}

function ordered(all: Judged[], order: Order, level: number): Judged[] {
  const byName = (a: Judged, b: Judged) => a.image.name.localeCompare(b.image.name, 'en', { numeric: true })
  if (order === 'name') return all.toSorted(byName)
  const sign = order === 'worst' ? 1 : -1
  const iou = ({ tails }: Judged) => metricsAt(tails, level).iou1
  return all.toSorted((a, b) => sign * (iou(a) - iou(b)) || byName(a, b))
}
