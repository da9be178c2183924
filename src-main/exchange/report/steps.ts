import { JaccardError } from '#core/errors'

/** Pictures of the course that a strip shows by default, beside the best. */
const MOST_COLUMNS = 4

/** A run as far as its steps are concerned. */
export interface SteppedRun {
  id: number
  /** Steps of which there are weights, ascending. */
  steps: number[]
  bestStep: number
}

/**
 * The steps that a strip shows, for each run its own list, all equally long. By default a few of those that all runs
 * have, spread over the course, and then each run's best.
 *
 * @param wanted What the person asked for; the best is not added then.
 * @throws JaccardError `not-found` where a run has no weights of a wanted step
 */
export function stripSteps(runs: SteppedRun[], wanted: number[] | null): number[][] {
  if (wanted) {
    for (const { id, steps } of runs) {
      const missing = wanted.find((step) => !steps.includes(step))
      if (missing === undefined) continue
      throw new JaccardError(
        'not-found',
        `Run ${id} has no weights of step ${missing}; it has those of ${steps.join(', ')}.`
      )
    }
    return runs.map(() => wanted)
  }
  const shared = (runs[0]?.steps ?? []).filter((step) =>
    runs.every(({ steps, bestStep }) => steps.includes(step) && step < bestStep)
  )
  const before = spread(shared, MOST_COLUMNS)
  return runs.map(({ bestStep }) => [...before, bestStep])
}

/** At most so many of a list, evenly from its first to its last. */
function spread(all: number[], most: number): number[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}
