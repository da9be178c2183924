import { describe, expect, it } from 'vitest'
import { flatAdvice, isFlat } from '#core/learning/health'
import { dataWarnings } from '#core/learning/warnings'
import { brightDataset, oneWeightConfig as config } from '../../fixtures/oneWeightEngine'

const baselines = { background: 0.31, foreground: 0.2, meanMask: 0.45 }

describe('a flat run', () => {
  it.each([
    ['stays on the best baseline in its last third', [0.3, 0.6, 0.5, 0.44, 0.45, 0.46], true],
    ['stays below the best baseline', [0.31, 0.31, 0.31, 0.31], true],
    ['ends above it', [0.31, 0.31, 0.31, 0.31, 0.45, 0.47], false],
    ['touches it only once at the end', [0.3, 0.6, 0.7, 0.7, 0.7, 0.45], false],
    ['is not a run of two validations', [0.31, 0.31], false]
  ])('%s', (_, validations, flat) => {
    expect(isFlat(validations, baselines)).toBe(flat)
  })

  it('is explained with the numbers that can be changed', () => {
    const { train } = brightDataset(4, 1)
    const advice = flatAdvice({ ...config, loss: 'iou', learningRate: 0.001, batch: 10 }, train, 400)
    expect(advice).not.toMatch(/more steps/)
    expect(flatAdvice(config, train, 5)).toMatch(/more steps than 5/)
    expect(advice).toMatch(/learning rate \(now 0\.001\).*batch \(now 10\).*iou\+xent/)
    const rare = train.map((sample) => ({ ...sample, label: sample.label.map((_, i) => (i === 0 ? 1 : 0)) }))
    expect(flatAdvice(config, rare, 400)).toMatch(/lopsided \(foreground is 0\.39 %\)/)
  })
})

describe('warnings before the start', () => {
  const warn = (train: [number, number | null], validation: [number, number | null], change = {}) =>
    dataWarnings(
      { images: train[0], foregroundShare: train[1] },
      { images: validation[0], foregroundShare: validation[1] },
      { ...config, batch: 10, ...change }
    )

  it('are silent about enough images of a fair balance', () => {
    expect(warn([30, 0.13], [10, 0.4])).toEqual([])
  })

  it.each([
    ['few images', [6, 0.2], [2, 0.2], /Only 8 images/],
    ['no foreground', [20, 0], [5, 0.2], /training images have no foreground/],
    ['foreground everywhere', [20, 0.9], [5, 1], /validation images are foreground everywhere/],
    ['rare foreground', [20, 0.011], [5, 0.02], /only 1\.1 % of the training pixels/],
    ['splits of different kinds', [20, 0.05], [5, 0.5], /5 % of the training pixels but 50 %/]
  ] as const)('speak of %s', (_, train, validation, sentence) => {
    expect(warn([...train], [...validation])).toEqual([expect.stringMatching(sentence)])
  })

  it('speak of small batches where the loss is an overlap alone', () => {
    expect(warn([30, 0.13], [10, 0.4], { loss: 'iou', batch: 1 })).toEqual([
      expect.stringMatching(/batch of 1/)
    ])
    expect(warn([30, 0.13], [10, 0.4], { loss: 'dice', batch: 1 })).toEqual([
      expect.stringMatching(/^The loss dice needs foreground in every batch/)
    ])
    expect(warn([30, 0.13], [10, 0.4], { loss: 'xent', batch: 1 })).toEqual([])
    expect(warn([30, 0.13], [10, 0.4], { loss: 'focal', batch: 1 })).toEqual([])
  })
})
