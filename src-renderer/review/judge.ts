import type { ReviewImage } from '#core/api/values'
import type { Metrics } from '#core/learning/events'
import { metricsOf, type PixelCounts } from '#core/learning/metrics'

export { GREATEST_LEVEL, LEAST_LEVEL, levelOf } from '#core/learning/quantise'

/** Quantised probabilities run from 0 to 255, thresholds are level / 256 with levels 1 to 255. */
const BINS = 256

export function thresholdOf(level: number): number {
  return level / BINS
}

/**
 * Histograms summed from above, so that the counts at any level are read off instead of added up: entry k of
 * `foreground` and `background` is how many pixels of that label have q ≥ k; `[257]` each.
 */
export interface Tails {
  foreground: Float64Array
  background: Float64Array
}

export function tailsOf({ foreground, background }: Pick<ReviewImage, 'foreground' | 'background'>): Tails {
  return { foreground: tailOf(foreground), background: tailOf(background) }
}

function tailOf(bins: readonly number[]): Float64Array {
  const tail = new Float64Array(BINS + 1)
  for (let q = BINS - 1; q >= 0; q--) tail[q] = tail[q + 1]! + (bins[q] ?? 0)
  return tail
}

/** The tails of several images together. */
export function poolTails(all: Iterable<Tails>): Tails {
  const pooled = { foreground: new Float64Array(BINS + 1), background: new Float64Array(BINS + 1) }
  for (const { foreground, background } of all) {
    for (let q = 0; q <= BINS; q++) {
      pooled.foreground[q]! += foreground[q]!
      pooled.background[q]! += background[q]!
    }
  }
  return pooled
}

export function countsAt({ foreground, background }: Tails, level: number): PixelCounts {
  const tp = foreground[level]!
  const fp = background[level]!
  return { tp, fp, fn: foreground[0]! - tp, tn: background[0]! - fp }
}

export function metricsAt(tails: Tails, level: number): Metrics {
  return metricsOf(countsAt(tails, level), thresholdOf(level))
}

/** What a model scores that says background, or foreground, everywhere; a level above all and below all q. */
export function trivialScores(tails: Tails): { background: number; foreground: number } {
  return {
    background: metricsOf(countsAt(tails, BINS), 1).mIoU,
    foreground: metricsOf(countsAt(tails, 0), 0).mIoU
  }
}

/** The level with the highest mIoU; of several the one nearest to one half. */
export function bestLevel(tails: Tails): number {
  let best = BINS / 2
  let bestScore = metricsAt(tails, best).mIoU
  for (let away = 1; away < BINS / 2; away++) {
    for (const level of [BINS / 2 - away, BINS / 2 + away]) {
      const { mIoU } = metricsAt(tails, level)
      if (mIoU > bestScore) [best, bestScore] = [level, mIoU]
    }
  }
  return best
}

/** How many pixels lie in each of `bars` equal ranges of probability, by label. */
export function barsOf(tails: Tails, bars: number): { foreground: number[]; background: number[] } {
  const width = BINS / bars
  const within = (tail: Float64Array) =>
    Array.from({ length: bars }, (_, i) => tail[Math.round(i * width)]! - tail[Math.round((i + 1) * width)]!)
  return { foreground: within(tails.foreground), background: within(tails.background) }
}
