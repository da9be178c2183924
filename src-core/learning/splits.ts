import { z } from 'zod'
import { JaccardError } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import { GROUPINGS } from '#core/learning/groups'

/** How a project's labelled images are divided. */
export const splitSettings = z.object({
  grouping: z.enum(GROUPINGS),
  /** Share of the images outside of the test set that validates. */
  validationShare: z.number().min(0.05).max(0.5),
  /** Share of all labelled images that is kept for the test. */
  testShare: z.number().min(0).max(0.5),
  seed: z.int().min(0).max(0xffffffff)
})
export type SplitSettings = z.infer<typeof splitSettings>

export const SPLIT_DEFAULTS: SplitSettings = { grouping: 'none', validationShare: 0.2, testShare: 0, seed: 0 }

/** Images that go into one split together. */
export interface Group {
  /** Number of its images. */
  size: number
  /** Mean of its images' shares of foreground, 0 to 1. */
  foregroundShare: number
  /** Uniform in [0, 1): its luck. */
  draw: number
}

/** By foreground; of equal ones luck decides. */
function byForeground(a: Group, b: Group): number {
  return a.foregroundShare - b.foregroundShare || a.draw - b.draw
}

/**
 * Draws groups that hold about `wanted` images and are spread over the whole range of foreground: the groups in
 * the order of their foreground are cut into as many strata as groups are likely to be needed, and each stratum
 * gives the luckiest of those that bring the number of images nearest to what is due by then. What is lacking in the
 * end comes from anywhere. With groups of one image the number is met exactly.
 *
 * @param wanted Images; 0 or less draws none, anything more at least one group.
 * @param atMost Groups that may be drawn.
 */
export function drawGroups<G extends Group>(groups: readonly G[], wanted: number, atMost: number): Set<G> {
  const drawn = new Set<G>()
  if (wanted <= 0 || atMost <= 0 || groups.length === 0) return drawn
  const meanSize = sizeOf(groups) / groups.length
  const strata = Math.max(1, Math.min(groups.length, atMost, Math.round(wanted / meanSize)))
  const sorted = groups.toSorted(byForeground)
  let held = 0
  const take = (group: G) => {
    drawn.add(group)
    held += group.size
  }
  for (let i = 0; i < strata; i++) {
    const due = (wanted * (i + 1)) / strata - held
    const stratum = sorted.slice(
      Math.round((i * sorted.length) / strata),
      Math.round(((i + 1) * sorted.length) / strata)
    )
    const group = luckiestOfFitting(stratum, due, meanSize / 2)
    if (drawn.size === 0 || misses(group, due) < Math.abs(due)) take(group)
  }
  while (drawn.size < atMost) {
    const due = wanted - held
    const left = sorted.filter((group) => !drawn.has(group))
    if (left.length === 0) break
    const group = luckiestOfFitting(left, due, 0)
    if (misses(group, due) >= Math.abs(due)) break
    take(group)
  }
  return drawn
}

/** By how many images a group is more or less than what is due. */
function misses(group: Group, due: number): number {
  return Math.abs(due - group.size)
}

/** Of the groups that miss what is due least, or by no more than `tolerance`, the one with the lowest draw. */
function luckiestOfFitting<G extends Group>(groups: readonly G[], due: number, tolerance: number): G {
  const least = Math.min(...groups.map((group) => misses(group, due)))
  return groups
    .filter((group) => misses(group, due) <= Math.max(least, tolerance))
    .reduce((luckiest, group) => (group.draw < luckiest.draw ? group : luckiest))
}

/**
 * Divides groups into folds for cross-validation: each group is in one, and the folds are alike. In the order of
 * their foreground the groups are dealt out in rounds, one for each fold, the largest of a round to the fold with the
 * fewest images; luck decides between equals. So two folds differ by at most the largest group in images and, with
 * groups of equal size, by at most range · folds / groups in their mean share of foreground, where range is the
 * difference between the greatest and the least share and the groups fill the last round.
 *
 * @returns For each group its fold, 0 to `folds` − 1.
 * @throws JaccardError `bad-input` for fewer groups than folds.
 */
export function foldsOf(groups: readonly Group[], folds: number): number[] {
  if (groups.length < folds) {
    throw new JaccardError(
      'bad-input',
      `The labelled images outside of the test set form only ${groups.length} groups that must stay together, too ` +
        `few for ${folds} folds; label more, or take fewer folds.`
    )
  }
  const order = groups.map((group, index) => ({ ...group, index })).sort(byForeground)
  const result = new Array<number>(groups.length)
  const held = new Array<number>(folds).fill(0)
  for (let start = 0; start < order.length; start += folds) {
    const round = order.slice(start, start + folds).sort((a, b) => b.size - a.size || a.draw - b.draw)
    const emptiest = held.map((_, fold) => fold).sort((a, b) => held[a]! - held[b]! || a - b)
    round.forEach(({ index, size }, i) => {
      const fold = emptiest[i]!
      result[index] = fold
      held[fold]! += size
    })
  }
  return result
}

/** Images in all of these groups. */
export function sizeOf(groups: Iterable<Group>): number {
  let images = 0
  for (const { size } of groups) images += size
  return images
}

/** What is wrong with a configuration's fold, as a sentence; null if nothing is. */
export function faultOfFold({ folds, fold }: Pick<TrainConfig, 'folds' | 'fold'>): string | null {
  if (folds === null && fold === null) return null
  if (folds === null || fold === null) {
    return 'Cross-validation needs both the number of folds and which of them validates.'
  }
  return fold > folds ? `Fold ${fold} does not exist with ${folds} folds; the last one is ${folds}.` : null
}
