import { describe, expect, it } from 'vitest'
import { batchOf } from '#core/learning/batches'
import { outputsOf, type TrainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { plannedRuns, raceConfig, raceOf } from '#core/learning/race/config'
import { parseArchitecture } from '#core/network/architecture'
import { initialWeights } from '#core/network/weights'
import { brightDataset } from '../../../fixtures/oneWeightEngine'

const config: TrainConfig = { ...DEFAULTS, seed: 5, steps: 30 }

describe('the runs of a race', () => {
  it('go seed after seed, so that what ends early has complete pairs', () => {
    const runs = plannedRuns(raceOf(config, ['iou', 'xent'], 3))
    expect(runs.map(({ loss, seed }) => `${loss} ${seed}`)).toEqual([
      ...['iou 5', 'xent 5', 'iou 6', 'xent 6', 'iou 7', 'xent 7']
    ])
  })

  it('differ in nothing but loss and seed', () => {
    for (const { loss, seed, config: of } of plannedRuns(raceOf(config, ['dice', 'iou+xent'], 2))) {
      expect(of).toEqual({ ...config, loss, seed })
    }
  })

  it('have seeds that exist, also at their end', () => {
    const { seeds } = raceConfig.parse(raceOf({ ...config, seed: 0xffffffff }, ['iou', 'xent'], 2))
    expect(seeds).toEqual([0xffffffff, 0])
  })

  it('need two losses and different seeds', () => {
    const race = raceOf(config, ['iou', 'xent'], 2)
    expect(raceConfig.safeParse(race).success).toBe(true)
    expect(raceConfig.safeParse({ ...race, losses: ['iou', 'iou'] }).success).toBe(false)
    expect(raceConfig.safeParse({ ...race, losses: ['iou'] }).success).toBe(false)
    expect(raceConfig.safeParse({ ...race, seeds: [1, 1] }).success).toBe(false)
    expect(raceConfig.safeParse({ ...race, seeds: [] }).success).toBe(false)
  })
})

describe.each([
  ['UNet-xs', 32, ['score']],
  ['VGG6xs-Fc6-k1-8-Deconv-k16s8', 32, ['score', 'deconv']],
  ['VGG6xs-Fc6-k3-8-Deconv-k64s32', 64, ['score', 'deconv']]
])('two losses with the same seed, %s', (architecture, size, head) => {
  const common = {
    ...config,
    architecture,
    size,
    batch: 3,
    dropout: 0.5,
    rotation: 20,
    zoom: 1.2,
    brightness: 0.2
  }
  const [one, two] = plannedRuns(raceOf(common, ['iou', 'xent'], 1)).map(({ config }) => ({
    config,
    spec: parseArchitecture(architecture, size, outputsOf(config.loss))
  })) as [{ config: TrainConfig; spec: never }, { config: TrainConfig; spec: never }]

  it('begin with the same weights everywhere but in the head, whose shape follows the loss', () => {
    const [first, second] = [one, two].map(({ spec, config }) => initialWeights(spec, config.seed))
    expect([...first!.keys()]).toEqual([...second!.keys()])
    const trunk = [...first!.keys()].filter((name) => !head.includes(name.split('/')[0]!))
    expect(trunk.length).toBeGreaterThanOrEqual(8)
    for (const name of trunk) expect(first!.get(name), name).toEqual(second!.get(name))
    expect(second!.get('score/kernel')).toHaveLength(2 * first!.get('score/kernel')!.length)
  })

  it('see the same batches, changed and dropped out in the same way', () => {
    const { train } = brightDataset(5, 1, size)
    for (const step of [1, 2, 3, 7]) {
      const [first, second] = [one, two].map(({ spec, config }) => batchOf(train, spec, config, step))
      expect(first!.dropout.size).toBe(1)
      expect(first).toEqual(second)
    }
  })
})
