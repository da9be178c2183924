// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { batchOf } from '#core/learning/batches'
import { DEFAULTS } from '#core/learning/defaults'
import { UNKNOWN } from '#core/mask/values'
import { parseArchitecture } from '#core/network/architecture'
import { augmentedExamples, EXAMPLES, paintOutlined } from '../../../src-renderer/train/augmentation-sheet'
import { brightSample } from '../../fixtures/oneWeightEngine'

const SIZE = 16
const sample = brightSample(1, SIZE, 4)

describe('the sheet of augmented examples', () => {
  it('shows what a training step makes of the image', () => {
    const limits = { flips: true, rotation: 30, zoom: 1.3, brightness: 0.2 }
    const examples = [...augmentedExamples(sample, SIZE, limits, 5)]
    expect(examples).toHaveLength(EXAMPLES)
    const config = { ...DEFAULTS, ...limits, size: SIZE, batch: EXAMPLES, seed: 5 }
    const batch = batchOf(
      Array.from({ length: EXAMPLES }, () => sample),
      parseArchitecture('UNet-xs', SIZE, 2),
      config,
      1
    )
    expect(examples.flatMap(({ label }) => [...label])).toEqual([...batch.labels])
    expect(examples.flatMap(({ image }) => [...image])).toEqual([...batch.images])
  })

  it('outlines the foreground and dims what is unknown', () => {
    const label = sample.label.slice()
    label.fill(UNKNOWN, SIZE * (SIZE - 1))
    const target = new Uint8ClampedArray(4 * SIZE * SIZE)
    paintOutlined(target, { image: sample.image, label }, SIZE, [1, 2, 3])
    const pixel = (x: number, y: number) => [...target.subarray(4 * (y * SIZE + x), 4 * (y * SIZE + x) + 4)]
    const bright = sample.image[3 * (4 * SIZE + 5)]!
    const dark = sample.image[0]!
    expect(bright).toBeGreaterThan(dark)
    // The disc's middle lies at a third of the width and a quarter of the height; its radius is 4.
    expect(pixel(5, 4)).toEqual([bright, bright, bright, 255])
    expect(pixel(2, 4)).toEqual([1, 2, 3, 255])
    expect(pixel(15, 8)).toEqual([dark, dark, dark, 255])
    const dim = pixel(8, SIZE - 1)
    expect(dim[0]).toBeLessThan(dark / 2)
  })
})
