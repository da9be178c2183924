import type { LossName } from '#core/learning/config'
import { LOSS_NAMES } from '#core/learning/lossNames'
import { both, type Both, type RacePair } from '#core/learning/race/compare'
import { meanOf, studentInterval, type Interval } from '#core/learning/statistics'

/** The metrics whose difference a race tells. */
export const RACE_METRICS = ['mIoU', 'iou1', 'iou0', 'precision', 'recall'] as const
export type RaceMetric = (typeof RACE_METRICS)[number]

/** First loss − second loss. */
export interface Difference {
  mean: number
  /** One per seed, in the order of the pairs. */
  bySeed: number[]
  /** Of the mean over seeds, by Student's t; null with one seed. */
  interval: Interval | null
}

/** One loss over all pairs; everything is a mean over the seeds, except the number of objects. */
export interface LossOutcome {
  loss: LossName
  metrics: Record<RaceMetric, number>
  /** Objects in the labels of the validation images. */
  objects: number
  found: number
  touched: number
  recovered: number
  added: number
}

export interface RaceOutcome {
  /** Seeds with which both losses have finished. */
  seeds: number
  losses: Both<LossOutcome>
  differences: Record<RaceMetric, Difference>
  verdict: Verdict
}

/** Who won, as one sentence without its full stop. */
export interface Verdict {
  sentence: string
  /** The better loss, where the interval does not contain 0; null where chance may have made the difference. */
  winner: LossName | null
  /** 95 % interval of mIoU in favour of the loss that the sentence names first. */
  interval: Interval | null
  /** What the interval is over: other seeds, or, with one seed only, other validation images; null without one. */
  over: 'seeds' | 'images' | null
}

/** What a race says so far; null before a pair has finished. */
export function outcomeOf(losses: Both<LossName>, pairs: RacePair[]): RaceOutcome | null {
  if (pairs.length === 0) return null
  const differences = byMetric((metric) => {
    const bySeed = pairs.map(({ runs }) => runs[0].metrics[metric] - runs[1].metrics[metric])
    return { mean: meanOf(bySeed), bySeed, interval: studentInterval(bySeed) }
  })
  return {
    seeds: pairs.length,
    losses: both((which) => {
      const runs = pairs.map((pair) => pair.runs[which])
      return {
        loss: losses[which],
        metrics: byMetric((metric) => meanOf(runs.map(({ metrics }) => metrics[metric]))),
        objects: runs[0]!.objects.objects,
        found: meanOf(runs.map(({ objects }) => objects.found)),
        touched: meanOf(runs.map(({ objects }) => objects.touched)),
        recovered: meanOf(runs.map(({ recovered }) => recovered)),
        added: meanOf(runs.map(({ added }) => added))
      }
    }),
    differences,
    verdict: verdictOf(losses, differences.mIoU, pairs)
  }
}

function byMetric<T>(value: (metric: RaceMetric) => T): Record<RaceMetric, T> {
  return Object.fromEntries(RACE_METRICS.map((metric) => [metric, value(metric)])) as Record<RaceMetric, T>
}

function verdictOf(losses: Both<LossName>, difference: Difference, pairs: RacePair[]): Verdict {
  const { mean, interval } = difference
  const [ahead, behind] = mean < 0 ? ([1, 0] as const) : ([0, 1] as const)
  const [better, other] = [LOSS_NAMES[losses[ahead]], LOSS_NAMES[losses[behind]]]
  const gain = `${signed(Math.abs(mean))} mIoU for ${better}`
  const towards = (of: Interval): Interval => (ahead === 0 ? of : { low: -of.high, high: -of.low })

  if (interval) {
    const found = towards(interval)
    const seeds = `95 % interval ${inWords(found)}, ${pairs.length} seeds`
    const beyond = found.low > 0
    return {
      sentence: beyond
        ? `${gain} over ${other}, ${seeds}`
        : mean === 0
          ? `No difference beyond chance between ${better} and ${other}: both score the same, ${seeds}`
          : `No difference beyond chance between ${better} and ${other}: ${gain}, ${seeds}`,
      winner: beyond ? losses[ahead] : null,
      interval: found,
      over: 'seeds'
    }
  }

  const { imageInterval, images } = pairs[0]!
  const alone = 'a single seed says nothing of the chance in training, so race with more'
  if (!imageInterval) {
    const sentence = `${gain} over ${other}, 1 seed without an interval: ${alone}`
    return { sentence, winner: null, interval: null, over: null }
  }
  const found = towards(imageInterval)
  return {
    sentence:
      `${gain} over ${other}, 1 seed, 95 % interval ${inWords(found)} over the choice of the ${images} ` +
      `validation images only: ${alone}`,
    winner: null,
    interval: found,
    over: 'images'
  }
}

function inWords({ low, high }: Interval): string {
  return `${plain(low)} to ${plain(high)}`
}

/** Three digits, with a minus sign that is one, and no minus zero. */
function plain(value: number): string {
  const text = Math.abs(value).toFixed(3)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** The same with a plus sign. */
export function signed(value: number): string {
  const text = plain(value)
  return text.startsWith('−') ? text : `+${text}`
}
