import type { EngineReport, RunSummary } from '#core/api/values'
import { outputsOf, type TrainConfig } from '#core/learning/config'
import { SPEED_TEST } from '#core/learning/speed'
import { parseArchitecture } from '#core/network/architecture'
import { multiplicationsOf } from '#core/network/shapes'

/** Validation, checkpoints and the preparation of batches, on top of the steps. */
const BESIDE_STEPS = 1.15

/**
 * How long the settings would train: by the newest run of the same shape on the same engine, or else by the
 * engine's speed test and the size of the network.
 *
 * @param config Settings that can be trained. @param engine Null while unknown.
 * @returns Seconds, and whether they are a rough guess; null where nothing can be said.
 */
export function expectedTime(
  config: TrainConfig,
  engine: EngineReport | null,
  runs: RunSummary[]
): { seconds: number; rough: boolean } | null {
  const limit = config.minutes === null ? Infinity : config.minutes * 60
  if (config.steps === null) return { seconds: limit, rough: false }
  if (!engine) return null
  const alike = runs.find(
    (run) =>
      run.steps > 0 &&
      run.seconds > 0 &&
      run.engine === engine.name &&
      run.config.architecture === config.architecture &&
      run.config.size === config.size &&
      run.config.crop === config.crop &&
      run.config.batch === config.batch
  )
  if (alike) {
    return { seconds: Math.min(limit, (alike.seconds / alike.steps) * config.steps), rough: false }
  }
  if (engine.speedTestMilliseconds === null) return null
  const work = (name: string, size: number, batch: number) =>
    batch * multiplicationsOf(parseArchitecture(name, size, outputsOf(config.loss)))
  const factor =
    work(config.architecture, config.size, config.batch) /
    work(SPEED_TEST.architecture, SPEED_TEST.size, SPEED_TEST.batch)
  const perStep = (engine.speedTestMilliseconds / 1000) * factor * BESIDE_STEPS
  return { seconds: Math.min(limit, perStep * config.steps), rough: true }
}
