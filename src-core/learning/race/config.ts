import { z } from 'zod'
import { LOSSES, trainConfig, type LossName, type TrainConfig } from '#core/learning/config'

const loss = z.enum(LOSSES)

/** What all runs of a race have in common. */
const shared = trainConfig.omit({ loss: true, seed: true })

/** The most seeds of one race. */
export const MOST_SEEDS = 100

/** Enough for an interval, and few enough to wait for. */
export const USUAL_SEEDS = 3

/** A fair comparison of two losses: the same images, budget and seeds, so the same start, batches and dropout. */
export const raceConfig = z.object({
  losses: z
    .tuple([loss, loss])
    .refine(([first, second]) => first !== second, 'A race takes two different losses.'),
  seeds: z
    .array(trainConfig.shape.seed)
    .min(1)
    .max(MOST_SEEDS)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'Every seed of a race is another one.'),
  shared
})
export type RaceConfig = z.infer<typeof raceConfig>

/** One run of a race, started or not. */
export interface PlannedRun {
  loss: LossName
  seed: number
  config: TrainConfig
}

/**
 * The runs of a race in their order: seed after seed, so that one that ends early has complete pairs.
 */
export function plannedRuns({ losses, seeds, shared }: RaceConfig): PlannedRun[] {
  return seeds.flatMap((seed) => losses.map((loss) => ({ loss, seed, config: { ...shared, loss, seed } })))
}

/** A race with the settings of a run: its seed is the first of `count` that follow one another. */
export function raceOf(config: TrainConfig, losses: RaceConfig['losses'], count: number): RaceConfig {
  const seeds = Array.from({ length: count }, (_, i) => (config.seed + i) % 2 ** 32)
  return { losses, seeds, shared: shared.parse(config) }
}
