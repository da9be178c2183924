import { describe, expect, it } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { flatAdvice, isFlat, overfitAdvice, smallObjectsAdvice } from '#core/learning/health'
import { dataWarnings, imageWarnings } from '#core/learning/warnings'
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
    expect(flatAdvice(config, rare, 400)).toContain('or crops, if large images show small things')
    expect(flatAdvice({ ...config, crop: 128 }, rare, 400)).not.toContain('crops')
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
    ['no foreground', [20, 0], [10, 0.2], /training images have no foreground/],
    ['foreground everywhere', [20, 0.9], [10, 1], /validation images are foreground everywhere/],
    ['rare foreground', [20, 0.011], [10, 0.02], /only 1\.1 % of the training pixels/],
    ['splits of different kinds', [20, 0.05], [10, 0.5], /5 % of the training pixels but 50 %/]
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

describe('a run that has learned its training images', () => {
  const config = { ...DEFAULTS, architecture: 'UNet-m', size: 128 }
  const course = (mIoUs: number[], seen: { best: number; last: number }) => {
    const validations = mIoUs.map((mIoU, i) => ({ step: 10 * (i + 1), mIoU }))
    const best = validations.reduce((a, b) => (b.mIoU > a.mIoU ? b : a))
    return { validations, bestStep: best.step, seen }
  }
  const fallen = [0.4, 0.6, 0.8, 0.79, 0.75, 0.74, 0.73]

  it.each([
    [
      'scores much more on them than on others',
      [0.5, 0.7, 0.7],
      { best: 0.86, last: 0.9 },
      /by heart: mIoU 0\.860 .* 0\.700/
    ],
    [
      'falls while they go on being learned',
      fallen,
      { best: 0.85, last: 0.93 },
      /After step 30 .* 0\.800 at its best, 0\.740/
    ]
  ])('is said to when it %s', (_, mIoUs, seen, sentence) => {
    const advice = overfitAdvice(config, course(mIoUs, seen))
    expect(advice).toMatch(sentence)
    expect(advice).toMatch(/label more images, or turn, zoom .*, or take a smaller network/)
  })

  it.each([
    ['is nearly as good on others', [0.5, 0.7, 0.7], { best: 0.84, last: 0.9 }],
    ['gets worse on both: then it is the learning rate', fallen, { best: 0.85, last: 0.8 }],
    ['falls by less than chance', [0.4, 0.6, 0.8, 0.79, 0.78, 0.78, 0.78], { best: 0.85, last: 0.93 }],
    ['has hardly been validated', [0.8, 0.7, 0.6], { best: 0.85, last: 0.93 }]
  ])('is not, when it %s', (_, mIoUs, seen) => {
    expect(overfitAdvice(config, course(mIoUs, seen))).toBeNull()
  })

  it('is advised only what is not done yet', () => {
    const done = { ...config, architecture: 'UNet-xs', rotation: 20, zoom: 1.2 }
    expect(overfitAdvice(done, course([0.7], { best: 0.95, last: 0.95 }))).toMatch(/; label more images\.$/)
  })
})

describe('a run that misses the small objects', () => {
  /** So many small and large objects, of which so many are covered. */
  const objects = (small: number, large: number, pixels = 20) => [
    ...Array.from({ length: 10 }, (_, i) => ({ pixels: 100 + i, covered: i < large })),
    ...Array.from({ length: 10 }, (_, i) => ({ pixels: pixels + i, covered: i < small }))
  ]

  it.each([
    [
      'xent',
      /^Cross entropy ignored the small objects: .* 10 smaller ones \(up to 29 pixels .*\) 3 were .* ones 9; try the loss iou\+xent, or a larger input size than 128, or crops, if the images have more pixels than that\.$/
    ],
    ['bce', /^Cross entropy ignored/],
    [
      'iou',
      /^The small objects were missed: .*; a larger input size than 128, or crops, if the images have more pixels than that\.$/
    ]
  ] as const)('with the loss %s is told so', (loss, sentence) => {
    expect(smallObjectsAdvice({ ...DEFAULTS, size: 128, loss }, objects(3, 9))).toMatch(sentence)
  })

  it.each([
    ['finds both', objects(7, 9)],
    ['finds neither', objects(1, 7)],
    ['has objects of about one size', objects(3, 9, 80)],
    ['has few objects', objects(3, 9).slice(7, 13)],
    ['has no objects', []]
  ])('is not one that %s', (_, all) => {
    expect(smallObjectsAdvice({ ...DEFAULTS, loss: 'xent' }, all)).toBeNull()
  })
})

describe('a run on crops that misses the small objects', () => {
  const objects = [
    ...Array.from({ length: 10 }, (_, i) => ({ pixels: 20 + i, covered: false })),
    ...Array.from({ length: 10 }, () => ({ pixels: 200, covered: true }))
  ]
  it('is advised smaller crops only as far as they show more', () => {
    const config = { ...DEFAULTS, size: 128, loss: 'iou' as const }
    expect(smallObjectsAdvice({ ...config, crop: 512 }, objects)).toMatch(
      /smaller crops than 512 px, down to 128\.$/
    )
    expect(smallObjectsAdvice({ ...config, crop: 128 }, objects)).not.toContain('crops')
  })
})

describe('warnings about single images', () => {
  const image = (name: string, change = {}) => ({
    ...{ name, width: 200, height: 100, confirmedEmpty: false, foreground: 30 },
    ...change
  })

  it('are silent about painted images of enough pixels, and empty ones that are confirmed', () => {
    expect(
      imageWarnings([image('a'), image('b', { foreground: 0, confirmedEmpty: true })], {
        size: 128,
        crop: null
      })
    ).toEqual([])
    expect(imageWarnings([], { size: 128, crop: null })).toEqual([])
  })

  it('name what was completed without a mask', () => {
    const empty = ['a.png', 'b.png', 'c.png'].map((name) => image(name, { foreground: 0 }))
    expect(imageWarnings([image('d.png'), ...empty], { size: 64, crop: null })).toEqual([
      expect.stringMatching(
        /^"a\.png" and 2 more images are complete without any foreground.*confirm them as empty/
      )
    ])
  })

  it('name what is smaller than the network’s input', () => {
    expect(imageWarnings([image('a.png'), image('b.png', { width: 50 })], { size: 128, crop: null })).toEqual(
      [
        expect.stringMatching(
          /^"b\.png" has fewer pixels .* 128 × 128 \(the smallest 50 × 100\).*smaller input size/
        )
      ]
    )
  })
})
