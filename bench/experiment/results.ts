import type { Baselines } from '#core/learning/events'
import type { LossName } from '#core/learning/config'
import { outcomeOf, type RaceOutcome } from '#core/learning/race/outcome'
import type { Project } from '#main/store/project'
import { listRaces } from '#main/store/races'
import { getRun } from '#main/store/runs'
import { isRaceOf, type Condition } from './plan'

/** What became of a condition on one dataset. */
export interface Result {
  condition: Condition
  outcome: RaceOutcome
  runs: { loss: LossName; flat: boolean; seconds: number }[]
  baselines: Baselines
}

/** The finished race of a condition in a project; null before it, and where no seed brought both losses to the end. */
export function resultOf(project: Project, condition: Condition): Result | null {
  const race = listRaces(project).find(
    ({ status, config }) => status === 'done' && isRaceOf(config, condition)
  )
  const outcome = race ? outcomeOf(race.config.losses, race.pairs) : null
  if (!race || !outcome) return null
  const runs = race.runs.map(({ runId }) => getRun(project, runId!))
  return {
    condition,
    outcome,
    runs: runs.map(({ config, flat, seconds }) => ({ loss: config.loss, flat, seconds })),
    baselines: runs[0]!.baselines!
  }
}
