import type { LossName } from '#core/learning/config'

/** The validations of one run of a race. */
export interface RunCurve {
  loss: LossName
  seed: number
  /** The run has come to its end. */
  done: boolean
  /** Steps ascend. */
  points: readonly { step: number; mIoU: number }[]
}

/** A column per curve, on the steps of all of them; null where a curve has no point. */
export interface RaceColumns {
  steps: number[]
  /** Per loss its mean over the seeds. */
  means: (number | null)[][]
  /** Every curve, in the order given. */
  single: (number | null)[][]
}

/**
 * Curves as the chart wants them. The mean of a loss goes over its runs that are done, so that it does not jump
 * while another one catches up; before the first is done, it is that one.
 */
export function raceColumns(losses: readonly LossName[], curves: RunCurve[]): RaceColumns {
  const steps = [...new Set(curves.flatMap(({ points }) => points.map(({ step }) => step)))].sort(
    (a, b) => a - b
  )
  const single = curves.map(({ points }) => {
    const byStep = new Map(points.map(({ step, mIoU }) => [step, mIoU]))
    return steps.map((step) => byStep.get(step) ?? null)
  })
  const means = losses.map((loss) => {
    const own = single.filter((_, i) => curves[i]!.loss === loss && curves[i]!.points.length > 0)
    const done = single.filter((_, i) => curves[i]!.loss === loss && curves[i]!.done)
    return meanOf(done.length > 0 ? done : own.slice(0, 1), steps.length)
  })
  return { steps, means, single }
}

/** Where all columns have a value, their mean. */
function meanOf(columns: (number | null)[][], length: number): (number | null)[] {
  return Array.from({ length }, (_, at) => {
    let sum = 0
    for (const column of columns) {
      const value = column[at] ?? null
      if (value === null) return null
      sum += value
    }
    return columns.length === 0 ? null : sum / columns.length
  })
}
