import { z } from 'zod'
import { metrics } from '#core/learning/events'
import type { Extent } from '#core/learning/frame'
import { metricsOf, sumCounts, type Histogram, type PixelCounts } from '#core/learning/metrics'
import { bootstrapInterval } from '#core/learning/statistics'
import { tuneThreshold } from '#core/learning/threshold'
import { objectsFound, type ObjectCounts } from '#core/mask/metrics'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** Something of the first loss and of the second. */
export type Both<T> = [first: T, second: T]

/** What one of two predictions of an image does differently from the other, beside what it does by itself. */
export interface Judged {
  counts: PixelCounts
  objects: ObjectCounts
  /** Foreground pixels of the label that this prediction found and the other missed: its recovered false negatives. */
  recovered: number
  /** Background pixels of the label that this prediction painted and the other did not: its added false positives. */
  added: number
}

/**
 * Judges two predictions of one image by its label and by each other. Unknown pixels are left out.
 *
 * @param label `[height, width]`, three-valued mask.
 * @param predictions `[height, width]` each, quantised by `learning/quantise.ts`.
 * @param levels Thresholds in 256ths: q ≥ level is foreground.
 */
export function compareImage(
  label: Uint8Array,
  predictions: Both<Uint8Array>,
  levels: Both<number>,
  frame: Extent
): Both<Judged> {
  const masks = both((i) => predictions[i].map((q) => (q >= levels[i] ? 1 : 0)))
  return both((i) => judge(label, masks[i], masks[i === 0 ? 1 : 0], frame))
}

function judge(label: Uint8Array, mask: Uint8Array, other: Uint8Array, { width, height }: Extent): Judged {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 }
  let recovered = 0
  let added = 0
  for (let i = 0; i < label.length; i++) {
    if (label[i] === UNKNOWN) continue
    const foreground = label[i] === FOREGROUND
    const painted = mask[i] === 1
    counts[foreground ? (painted ? 'tp' : 'fn') : painted ? 'fp' : 'tn']++
    if (!painted || other[i] === 1) continue
    if (foreground) recovered++
    else added++
  }
  return { counts, objects: objectsFound(label, mask, width, height), recovered, added }
}

const count = z.int().min(0)

const judgedRun = z.object({
  runId: z.int(),
  /** Of all validation images together, at the threshold that serves this run best. */
  metrics,
  objects: z.object({ objects: count, found: count, touched: count }),
  /** Pixels as the network sees the images, summed over the images; see `Judged`. */
  recovered: count,
  added: count
})

/** Two runs of a race that differ in nothing but their loss, judged on the same validation images. */
export const racePair = z.object({
  seed: z.int(),
  /** Validation images. */
  images: count,
  runs: z.tuple([judgedRun, judgedRun]),
  /** 95 % interval of the difference in mIoU, first − second, over the choice of the validation images. */
  imageInterval: z.object({ low: z.number(), high: z.number() }).nullable()
})
export type RacePair = z.infer<typeof racePair>

/** The threshold in 256ths that serves a run best. @param images Counts of label pixels, an entry for each image. */
export function tunedLevel(images: Histogram[]): number {
  const sum = (key: keyof Histogram) =>
    images.reduce((total, histogram) => total.map((n, q) => n + histogram[key][q]!), new Float64Array(256))
  return Math.round(256 * tuneThreshold(sum('foreground'), sum('background')).threshold)
}

/**
 * Puts the images of a pair together.
 *
 * @param images What `compareImage` said of each validation image, at the same levels; at least one.
 */
export function pairOf(
  seed: number,
  runIds: Both<number>,
  levels: Both<number>,
  images: Both<Judged>[]
): RacePair {
  const counts = both((run) => images.map((image) => image[run].counts))
  const metricsOver = (run: Which, chosen: readonly PixelCounts[]) =>
    metricsOf(sumCounts(chosen), levels[run] / 256)
  const mIoU = (run: Which, indices: readonly number[]) =>
    metricsOver(
      run,
      indices.map((i) => counts[run][i]!)
    ).mIoU
  return {
    seed,
    images: images.length,
    runs: both((run) => {
      const sum = (value: (judged: Judged) => number) =>
        images.reduce((total, image) => total + value(image[run]), 0)
      return {
        runId: runIds[run],
        metrics: metricsOver(run, counts[run]),
        objects: {
          objects: sum(({ objects }) => objects.objects),
          found: sum(({ objects }) => objects.found),
          touched: sum(({ objects }) => objects.touched)
        },
        recovered: sum(({ recovered }) => recovered),
        added: sum(({ added }) => added)
      }
    }),
    imageInterval: bootstrapInterval(images.length, (indices) => mIoU(0, indices) - mIoU(1, indices))
  }
}

/** The first of both or the second. */
export type Which = 0 | 1

/** The same for the first and for the second. */
export function both<T>(value: (which: Which) => T): Both<T> {
  return [value(0), value(1)]
}
