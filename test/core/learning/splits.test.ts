import { describe, expect, it } from 'vitest'
import { trainConfig } from '#core/learning/config'
import { createRandom } from '#core/learning/random'
import { drawGroups, faultOfFold, foldsOf, sizeOf, type Group } from '#core/learning/splits'
import { needNuclei, nucleiShares } from '../../fixtures/nuclei'

/** Groups as luck has it: of 1 to `largest` images, foreground anywhere. */
function someGroups(seed: number, count: number, largest: number): Group[] {
  const random = createRandom(seed, 'groups')
  return Array.from({ length: count }, () => ({
    size: 1 + random.integer(largest),
    foregroundShare: random.uniform(),
    draw: random.uniform()
  }))
}

const meanShare = (groups: Group[]) =>
  groups.reduce((sum, { foregroundShare }) => sum + foregroundShare, 0) / groups.length

/** Greatest minus least. */
const range = (values: number[]) => Math.max(...values) - Math.min(...values)

describe('drawing groups', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'of one image each draws just as many as wanted, over all of the foreground (%i)',
    (seed) => {
      const count = 2 + (seed % 30)
      const groups = someGroups(seed, count, 1)
      const wanted = 1 + (seed % (count - 1))
      const drawn = [...drawGroups(groups, wanted, count - 1)]
      expect(drawn).toHaveLength(wanted)
      expect(new Set(drawn).size).toBe(wanted)
      // One of each stratum: no two of them are of the same part of the sorted groups.
      const sorted = groups.toSorted((a, b) => a.foregroundShare - b.foregroundShare)
      const edges = Array.from({ length: wanted }, (_, i) => Math.round((i * count) / wanted))
      const strata = drawn.map((group) => edges.findLastIndex((edge) => edge <= sorted.indexOf(group)))
      expect(new Set(strata).size).toBe(wanted)
    }
  )

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'of any size misses what is wanted by less than the largest of them (%i)',
    (seed) => {
      const groups = someGroups(seed, 5 + (seed % 20), 8)
      const wanted = 1 + (seed % Math.floor(sizeOf(groups) / 2))
      const drawn = drawGroups(groups, wanted, groups.length - 1)
      const largest = Math.max(...groups.map(({ size }) => size))
      expect(drawn.size).toBeGreaterThan(0)
      expect(Math.abs(sizeOf(drawn) - wanted)).toBeLessThan(largest)
    }
  )

  it('draws none when none is wanted, and never more groups than it may', () => {
    const groups = someGroups(1, 6, 3)
    expect(drawGroups(groups, 0, 5).size).toBe(0)
    expect(drawGroups(groups, 3, 0).size).toBe(0)
    expect(drawGroups([], 3, 5).size).toBe(0)
    expect(drawGroups(groups, 100, 2).size).toBe(2)
  })

  it('prefers small groups to one that is far too large', () => {
    const sizes = [80, 5, 5, 5, 5]
    const groups = sizes.map((size, i) => ({ size, foregroundShare: i / 10, draw: i / 10 }))
    expect([...drawGroups(groups, 20, 4)].map(({ size }) => size)).toEqual([5, 5, 5, 5])
  })

  it('takes another choice with other luck', () => {
    const groups = someGroups(3, 40, 1)
    const others = groups.map((group) => ({ ...group, draw: 1 - group.draw }))
    const chosen = (of: Group[]) => of.map((group) => drawGroups(of, 8, 39).has(group))
    expect(chosen(groups)).toEqual(chosen(groups))
    expect(chosen(others)).not.toEqual(chosen(groups))
  })
})

describe('folds', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'hold every group once and are alike in size and foreground (%i)',
    (seed) => {
      const folds = 2 + (seed % 7)
      const largest = 1 + (seed % 5)
      const groups = someGroups(seed, folds + (seed % 50), largest)
      const parts = foldsOf(groups, folds)
      expect(parts).toHaveLength(groups.length)
      expect(parts.every((fold) => Number.isInteger(fold) && fold >= 0 && fold < folds)).toBe(true)
      const members = Array.from({ length: folds }, (_, fold) => groups.filter((_, i) => parts[i] === fold))
      expect(members.every((part) => part.length > 0)).toBe(true)
      expect(range(members.map(sizeOf))).toBeLessThanOrEqual(Math.max(...groups.map(({ size }) => size)))
    }
  )

  it.each([2, 3, 5, 10])('of %i parts of equal groups differ little in foreground', (folds) => {
    for (let seed = 0; seed < 20; seed++) {
      const groups = someGroups(seed, folds * 6, 1)
      const parts = foldsOf(groups, folds)
      const means = Array.from({ length: folds }, (_, fold) =>
        meanShare(groups.filter((_, i) => parts[i] === fold))
      )
      const bound = (range(groups.map(({ foregroundShare }) => foregroundShare)) * folds) / groups.length
      expect(range(means)).toBeLessThanOrEqual(bound)
    }
  })

  it('of the nuclei differ by at most range · folds / images in foreground', ({ skip }) => {
    needNuclei(skip)
    const shares = nucleiShares()
    expect(shares).toHaveLength(60)
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed, 'nuclei')
      const groups = shares.map((foregroundShare) => ({ size: 1, foregroundShare, draw: random.uniform() }))
      const parts = foldsOf(groups, 5)
      const members = Array.from({ length: 5 }, (_, fold) => groups.filter((_, i) => parts[i] === fold))
      expect(members.map((part) => part.length)).toEqual([12, 12, 12, 12, 12])
      expect(range(members.map(meanShare))).toBeLessThanOrEqual((range(shares) * 5) / 60)
    }
  })

  it('are others with other luck', () => {
    const groups = someGroups(5, 20, 1)
    const others = groups.map((group) => ({ ...group, draw: 1 - group.draw }))
    expect(foldsOf(groups, 4)).toEqual(foldsOf(groups, 4))
    expect(foldsOf(others, 4)).not.toEqual(foldsOf(groups, 4))
  })

  it('cannot be more than there are groups', () => {
    expect(() => foldsOf(someGroups(1, 4, 9), 5)).toThrow('only 4 groups')
  })
})

describe('a fold in a configuration', () => {
  it.each([
    [{ folds: null, fold: null }, null],
    [{ folds: 5, fold: 5 }, null],
    [{ folds: 5, fold: null }, 'needs both'],
    [{ folds: null, fold: 2 }, 'needs both'],
    [{ folds: 5, fold: 6 }, 'Fold 6 does not exist']
  ])('%j', (config, fault) => {
    if (fault === null) expect(faultOfFold(config)).toBeNull()
    else expect(faultOfFold(config)).toContain(fault)
  })

  it('is none in runs from before there were folds', () => {
    const old = {
      ...{ loss: 'iou', architecture: 'UNet-xs', size: 64, batch: 4, learningRate: 0.001, dropout: 0 },
      ...{ steps: 10, minutes: null, seed: 1, engine: 'auto', threads: null, flips: true, reluLogits: false }
    }
    expect(trainConfig.parse(old)).toMatchObject({ folds: null, fold: null })
  })
})
