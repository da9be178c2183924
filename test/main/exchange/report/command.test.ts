import { Command } from 'commander'
import { expect, it } from 'vitest'
import { trainConfig, type TrainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { TRAIN_OPTIONS, trainConfigOf, type TrainOptions } from '#main/cli/options'
import { trainCommand, trainWords } from '#main/exchange/report/command'
import { oneWeightConfig } from '../../../fixtures/oneWeightEngine'

/** The configuration that the command line makes of words. */
async function understood(words: string[]): Promise<TrainConfig> {
  const command = new Command().exitOverride()
  for (const option of TRAIN_OPTIONS) command.addOption(option)
  command.parse(words, { from: 'user' })
  const { config } = await trainConfigOf(command.opts<TrainOptions>(), () => {
    throw new Error('Nothing is left to choose.')
  })
  return config
}

it.each([
  ['the defaults', DEFAULTS],
  ['the experiment’s model', { ...oneWeightConfig, loss: 'iou', learningRate: 1e-4, reluLogits: true }],
  [
    'every switch the other way',
    { ...DEFAULTS, flips: false, reluLogits: true, threads: 2, minutes: 1.5, steps: null }
  ]
] as [string, TrainConfig][])('says %s so that the command line understands the same', async (_, config) => {
  const complete = trainConfig.parse(config)
  expect(await understood(trainWords(complete))).toEqual(complete)
})

it('names the engine that computed, and quotes what a shell would take apart', () => {
  const command = trainCommand("/data/Ann's cells.jaccard", DEFAULTS, 'tfjs-wasm')
  expect(command).toMatch(
    /^npx jaccard train '\/data\/Ann'\\''s cells\.jaccard' --loss iou\+xent --arch UNet-xs /
  )
  expect(command).toMatch(/ --engine tfjs-wasm\b/)
})
