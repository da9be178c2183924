import type { RunHistory } from '#core/api/values'
import type { Baselines, Metrics } from '#core/learning/events'

/** More points than this are thinned: the chart has fewer pixels. */
const MOST_POINTS = 4000

/** A run's curves as columns, which is how the chart wants them. Steps ascend. */
export class Curves {
  readonly lossSteps: number[] = []
  readonly loss: number[] = []
  readonly validationSteps: number[] = []
  readonly validationLoss: number[] = []
  readonly mIoU: number[] = []
  /** After thinning, losses are taken only from every so many steps. */
  #stride = 1

  constructor(history: RunHistory = { loss: [], validation: [] }) {
    for (const { step, loss } of history.loss) this.addLoss(step, loss)
    for (const { step, loss, metrics } of history.validation) this.addValidation(step, loss, metrics)
  }

  /** A step at or before the last one is ignored: after reconnecting, events may come again. */
  addLoss(step: number, loss: number): void {
    if (step <= (this.lossSteps.at(-1) ?? -1) || step % this.#stride !== 0) return
    this.lossSteps.push(step)
    this.loss.push(loss)
    if (this.lossSteps.length > MOST_POINTS) this.#thin()
  }

  addValidation(step: number, loss: number, metrics: Metrics): void {
    if (step <= (this.validationSteps.at(-1) ?? -1)) return
    this.validationSteps.push(step)
    this.validationLoss.push(loss)
    this.mIoU.push(metrics.mIoU)
  }

  #thin(): void {
    this.#stride *= 2
    let kept = 0
    for (let i = 0; i < this.lossSteps.length; i++) {
      if (this.lossSteps[i]! % this.#stride !== 0) continue
      this.lossSteps[kept] = this.lossSteps[i]!
      this.loss[kept] = this.loss[i]!
      kept++
    }
    this.lossSteps.length = this.loss.length = kept
  }
}

/**
 * The running mean that makes a noisy loss readable: exponential, with a memory of an eightieth of the steps.
 *
 * @param steps Ascending step numbers.
 * @param values One value per step.
 */
export function smooth(steps: readonly number[], values: readonly number[]): number[] {
  const memory = Math.max(4, ((steps.at(-1) ?? 0) - (steps[0] ?? 0)) / 80)
  let mean = values[0] ?? 0
  return values.map((value, i) => {
    const passed = i === 0 ? 0 : steps[i]! - steps[i - 1]!
    mean += (value - mean) * (1 - Math.exp(-passed / memory))
    return mean
  })
}

/** A horizontal line of the chart: what a model that learned nothing scores. */
export interface BaselineLine {
  label: string
  value: number
}

const BASELINE_NAMES: [keyof Baselines, string][] = [
  ['background', 'always background'],
  ['foreground', 'always foreground'],
  ['meanMask', 'mean mask']
]

/** The baselines from high to low; those that would lie on one another share a line. */
export function baselineLines(baselines: Baselines): BaselineLine[] {
  const lines: BaselineLine[] = []
  const byValue = BASELINE_NAMES.map(([key, label]) => ({ label, value: baselines[key] })).sort(
    (a, b) => b.value - a.value
  )
  for (const { label, value } of byValue) {
    const same = lines.find((line) => Math.abs(line.value - value) < 0.002)
    if (same) same.label += ` = ${label}`
    else lines.push({ label, value })
  }
  return lines
}

export function bestOf(baselines: Baselines): number {
  return Math.max(baselines.background, baselines.foreground, baselines.meanMask)
}
