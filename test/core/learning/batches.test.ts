import { describe, expect, it } from 'vitest'
import { batchFlips } from '#core/learning/augment'
import { batchIndices, batchOf, dropoutFactors, planCrops, stepsPerEpoch } from '#core/learning/batches'
import { countTiles } from '#core/learning/tiles'
import { UNKNOWN } from '#core/mask/values'
import { parseArchitecture } from '#core/network/architecture'
import { brightDataset, oneWeightConfig } from '../../fixtures/oneWeightEngine'

const spec = parseArchitecture(oneWeightConfig.architecture, 16, 2)
const { train } = brightDataset(10, 1)

describe('order', () => {
  it.each([
    [10, 3],
    [10, 10],
    [7, 20],
    [1, 4]
  ])(
    'shows each of %i samples once an epoch in batches of %i, the rest in the last one',
    (samples, batch) => {
      const perEpoch = stepsPerEpoch(samples, batch)
      for (const epoch of [0, 1, 5]) {
        const batches = Array.from({ length: perEpoch }, (_, i) =>
          batchIndices(samples, batch, 1, epoch * perEpoch + i + 1)
        )
        expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i))
        for (const full of batches.slice(0, -1)) expect(full).toHaveLength(batch)
        expect(batches.at(-1)).toHaveLength(samples - batch * (perEpoch - 1))
      }
    }
  )

  it('differs between epochs and between seeds', () => {
    const epoch = (seed: number, step: number) => batchIndices(50, 50, seed, step)
    expect(epoch(1, 1)).not.toEqual(epoch(1, 2))
    expect(epoch(1, 1)).not.toEqual(epoch(2, 1))
  })
})

describe('a batch', () => {
  it('is the same whenever it is asked for', () => {
    const first = [1, 2, 3, 4, 5].map((step) => batchOf(train, spec, oneWeightConfig, step))
    expect([5, 4, 3, 2, 1].map((step) => batchOf(train, spec, oneWeightConfig, step)).reverse()).toEqual(
      first
    )
  })

  it('holds each image with its own label as they are when nothing is mirrored', () => {
    const config = { ...oneWeightConfig, flips: false }
    const { count, images, labels } = batchOf(train, spec, config, 2)
    expect(count).toBe(3)
    batchIndices(10, 3, config.seed, 2).forEach((index, i) => {
      expect(images.subarray(i * 768, (i + 1) * 768)).toEqual(train[index]!.image)
      expect(labels.subarray(i * 256, (i + 1) * 256)).toEqual(train[index]!.label)
    })
  })

  it('mirrors image and label together', () => {
    let mirrored = 0
    for (let step = 1; step <= 8; step++) {
      const { count, images, labels } = batchOf(train, spec, oneWeightConfig, step)
      // Bright is foreground in these images, wherever it went.
      labels.forEach((label, i) => expect(images[3 * i]! > 127).toBe(label === 1))
      const indices = batchIndices(10, 3, oneWeightConfig.seed, step)
      batchFlips(count, oneWeightConfig.seed, step).forEach(({ horizontal, vertical }, i) => {
        const original = train[indices[i]!]!.label
        const expected = original.map((_, at) => {
          const [x, y] = [at % 16, Math.floor(at / 16)]
          return original[(vertical ? 15 - y : y) * 16 + (horizontal ? 15 - x : x)]!
        })
        expect(labels.subarray(i * 256, (i + 1) * 256)).toEqual(expected)
        if (horizontal || vertical) mirrored++
      })
    }
    expect(mirrored).toBeGreaterThan(0)
  })

  it('mirrors half of the images each way', () => {
    const flips = Array.from({ length: 200 }, (_, step) => batchFlips(10, 3, step)).flat()
    for (const way of ['horizontal', 'vertical'] as const) {
      expect(flips.filter((flip) => flip[way]).length / flips.length).toBeCloseTo(0.5, 1)
    }
    expect(flips.filter(({ horizontal, vertical }) => horizontal && vertical).length / 2000).toBeCloseTo(
      0.25,
      1
    )
  })
})

describe('crops', () => {
  /** Pixels that tell where they are: red by column, green by row, blue by sample. */
  function located(imageId: number, width: number, height: number) {
    const image = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
      const at = Math.floor(i / 3)
      return [at % width, Math.floor(at / width), imageId][i % 3]!
    })
    return { imageId, width, height, image, label: new Uint8Array(width * height).fill(1) }
  }
  const samples = [located(1, 100, 70), located(2, 40, 16), located(3, 10, 16)]
  const config = { ...oneWeightConfig, size: 16, crop: 16, batch: 4, flips: false }

  it('of an epoch are the tiles of all frames, so that an image counts by its area', () => {
    const plan = planCrops(samples, config)
    expect(plan.count).toBe(countTiles(samples, 16))
    const perEpoch = stepsPerEpoch(plan.count, 4)
    for (const epoch of [0, 3]) {
      const steps = Array.from({ length: perEpoch }, (_, i) => epoch * perEpoch + i + 1)
      const crops = steps.flatMap((step) => plan.batch(step))
      for (const sample of samples) {
        expect(crops.filter((crop) => crop.sample === sample)).toHaveLength(countTiles([sample], 16))
      }
    }
  })

  it('are shifted at random, within the frame and half of the way to their neighbours, where there is room', () => {
    const plan = planCrops(samples, config)
    const steps = Array.from({ length: 400 }, (_, i) => i + 1)
    const crops = steps.flatMap((step) => plan.batch(step))
    for (const { sample, left, top } of crops) {
      expect(left).toBeGreaterThanOrEqual(0)
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left).toBeLessThanOrEqual(Math.max(0, sample.width - 16))
      expect(top).toBeLessThanOrEqual(Math.max(0, sample.height - 16))
    }
    const lefts = new Set(crops.filter(({ sample }) => sample.imageId === 1).map(({ left }) => left))
    expect(lefts.size).toBe(100 - 16 + 1)
    expect(new Set(crops.filter(({ sample }) => sample.imageId > 1).map(({ top }) => top))).toEqual(
      new Set([0])
    )
  })

  it('are the same for the same step, in whichever order the steps are asked for', () => {
    const plan = planCrops(samples, config)
    const steps = [40, 1, 2, 41, 3, 1]
    const asked = steps.map((step) => plan.batch(step))
    expect(asked).toEqual(steps.map((step) => planCrops(samples, config).batch(step)))
    expect(planCrops(samples, { ...config, seed: 99 }).batch(1)).not.toEqual(asked[1])
  })

  it('are what a batch holds, unknown beyond the frame', () => {
    for (const step of [1, 2, 3, 4, 5, 6]) {
      const { images, labels, count } = batchOf(samples, spec, config, step)
      const crops = planCrops(samples, config).batch(step)
      expect(count).toBe(crops.length)
      crops.forEach(({ sample, left, top }, i) => {
        for (let at = 0; at < 256; at++) {
          const [x, y] = [left + (at % 16), top + Math.floor(at / 16)]
          const inside = x < sample.width && y < sample.height
          const pixel = images.subarray(3 * (256 * i + at), 3 * (256 * i + at) + 3)
          expect([...pixel]).toEqual([
            Math.min(x, sample.width - 1),
            Math.min(y, sample.height - 1),
            sample.imageId
          ])
          expect(labels[256 * i + at]).toBe(inside ? 1 : UNKNOWN)
        }
      })
    }
  })

  it('of frames as large as the input are the samples themselves, in the order in which they always came', () => {
    const plan = planCrops(train, oneWeightConfig)
    for (const step of [1, 2, 3, 4, 5]) {
      const { batch, seed } = oneWeightConfig
      expect(plan.batch(step)).toEqual(
        batchIndices(train.length, batch, seed, step).map((index) => ({
          sample: train[index],
          left: 0,
          top: 0
        }))
      )
    }
  })
})

describe('dropout', () => {
  it('drops the given share of units and scales the others so that the mean stays', () => {
    const factors = dropoutFactors(spec, 0.25, 3000, 1, 1).get('drop6')!
    // One unit at 2×2 after three poolings of 16×16.
    expect(factors).toHaveLength(3000 * 2 * 2)
    const dropped = factors.filter((factor) => factor === 0).length
    expect(dropped / factors.length).toBeCloseTo(0.25, 1)
    expect(new Set(factors)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
  })

  it('is drawn anew at each step and is the same for the same step', () => {
    const draw = (step: number) => dropoutFactors(spec, 0.5, 30, 1, step).get('drop6')
    expect(draw(4)).toEqual(draw(4))
    expect(draw(4)).not.toEqual(draw(5))
  })

  it('has no factors without dropout', () => {
    expect(dropoutFactors(spec, 0, 3, 1, 1).size).toBe(0)
  })
})
