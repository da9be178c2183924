import { signed } from '#core/learning/race/outcome'
import { LARGE, SMALL, type Condition } from './plan'
import type { Result } from './results'

/** A claim of the source and what these results say of it. */
export interface Finding {
  claim: string
  /** What it is judged by; empty where one of them was not run. */
  by: readonly Result[]
  figures: string
  /** Null where the results do not tell. */
  held: boolean | null
}

/** The source's own conditions: small steps, a batch of ten, logits clipped before the softmax. */
const SOURCE: Condition = { architecture: SMALL, learningRate: 1e-4, batch: 10, reluLogits: true }

/** Judges every claim by the results of one dataset. */
export function findings(results: readonly Result[]): Finding[] {
  const at = (change: Partial<Condition> = {}) => {
    const wanted = { ...SOURCE, ...change }
    const same = (a: Condition) => JSON.stringify(a, KEYS) === JSON.stringify(wanted, KEYS)
    return results.find(({ condition }) => same(condition))
  }
  return [
    {
      claim: 'The IoU loss gains mIoU over cross entropy (source: +3.42 points).',
      ...judged([at()], gain)
    },
    {
      claim: 'It also gains without the ReLU, which handicaps cross entropy.',
      ...judged([at({ reluLogits: false })], gain)
    },
    {
      claim: 'The IoU loss is more sensitive to learning rate and batch size.',
      ...judged(
        [1e-3, 1e-4].flatMap((learningRate) => [1, 10].map((batch) => at({ learningRate, batch }))),
        sensitivity
      )
    },
    {
      claim: 'At a learning rate of 1e-3 the IoU loss collapses to the flat line of “always background”.',
      ...judged([at({ learningRate: 1e-3 })], collapse)
    },
    {
      claim: 'The IoU loss finds objects that cross entropy misses.',
      ...judged([at()], objects)
    },
    {
      claim: 'It recovers false negatives at the price of false positives.',
      ...judged([at()], exchange)
    },
    {
      claim: 'A larger model gains more from the IoU loss.',
      ...judged([at({ reluLogits: false }), at({ reluLogits: false, architecture: LARGE })], largerGain)
    }
  ]
}

const KEYS = ['architecture', 'learningRate', 'batch', 'reluLogits']

type Judgement = Pick<Finding, 'figures' | 'held'>

function judged(
  needed: readonly (Result | undefined)[],
  judge: (...found: Result[]) => Judgement
): Omit<Finding, 'claim'> {
  const by = needed.filter((result) => result !== undefined)
  return by.length < needed.length ? { by: [], figures: 'not run', held: null } : { by, ...judge(...by) }
}

/** Held where the whole interval is above zero. */
function gain({ outcome }: Result): Judgement {
  const { mean, interval } = outcome.differences.mIoU
  return {
    figures: difference(outcome.differences.mIoU),
    held: interval ? interval.low > 0 && mean > 0 : null
  }
}

function sensitivity(...results: Result[]): Judgement {
  const spread = (which: 0 | 1) => {
    const scores = results.map(({ outcome }) => outcome.losses[which].metrics.mIoU)
    return Math.max(...scores) - Math.min(...scores)
  }
  const [iou, xent] = [spread(0), spread(1)]
  return {
    figures: `mIoU spreads by ${iou.toFixed(3)} over the four conditions, of cross entropy by ${xent.toFixed(3)}`,
    held: iou > xent
  }
}

function collapse({ runs, outcome, baselines }: Result): Judgement {
  const ofLoss = (loss: string) => runs.filter((run) => run.loss === loss)
  const flat = (loss: string) => ofLoss(loss).filter((run) => run.flat).length
  const iou = ofLoss('iou').length
  return {
    figures:
      `${flat('iou')} of ${iou} runs flat (cross entropy: ${flat('xent')}), ` +
      `mIoU ${outcome.losses[0].metrics.mIoU.toFixed(3)}, “always background” ${baselines.background.toFixed(3)}`,
    held: flat('iou') > iou / 2
  }
}

function objects({ outcome }: Result): Judgement {
  const [iou, xent] = outcome.losses
  const found = ({ found, objects }: typeof iou) => `${found.toFixed(1)} of ${objects}`
  return {
    figures: `${found(iou)}, cross entropy ${found(xent)} (mean over seeds)`,
    held: iou.found > xent.found
  }
}

function exchange({ outcome }: Result): Judgement {
  const [iou, xent] = outcome.losses
  return {
    figures:
      `pixels that only one of them finds: ${iou.recovered.toFixed(0)} against ${xent.recovered.toFixed(0)}; ` +
      `that only one paints wrongly: ${iou.added.toFixed(0)} against ${xent.added.toFixed(0)}`,
    held: iou.recovered > xent.recovered && iou.added > xent.added
  }
}

/** Held where there is a gain at all, and its whole interval is above the smaller network's. */
function largerGain(small: Result, large: Result): Judgement {
  const [of, against] = [large.outcome.differences.mIoU, small.outcome.differences.mIoU]
  return {
    figures: `VGG6s ${difference(of)}; VGG6xs ${difference(against)}`,
    held: of.interval ? of.mean > 0 && of.interval.low > against.mean : null
  }
}

/** What the first two claims say together, in one sentence; null where they were not run. */
export function conclusion([gains, gainsFairly]: readonly Finding[]): string | null {
  if (!gains || !gainsFairly || gains.held === null || gainsFairly.held === null) return null
  if (gains.held && gainsFairly.held) {
    return 'Here the IoU loss is better, whether the ReLU handicaps cross entropy or not.'
  }
  const fair = gainsFairly.by[0]!.outcome.differences.mIoU
  const without =
    !gainsFairly.held && isBelowZero(fair)
      ? 'cross entropy is the better one'
      : 'there is no difference beyond chance'
  if (gains.held)
    return `Here the IoU loss is better only where the ReLU handicaps cross entropy; without it ${without}.`
  if (gainsFairly.held) return 'Here the IoU loss is better only without the ReLU.'
  return `Here the IoU loss is not better, with the ReLU or without it; without it ${without}.`
}

function isBelowZero({ interval }: Result['outcome']['differences']['mIoU']): boolean {
  return interval !== null && interval.high < 0
}

/** A difference with its interval: `+0.034 (0.021 to 0.047)`. */
export function difference({ mean, interval }: Result['outcome']['differences']['mIoU']): string {
  return interval
    ? `${signed(mean)} (${signed(interval.low)} to ${signed(interval.high)})`
    : `${signed(mean)} (one seed)`
}
