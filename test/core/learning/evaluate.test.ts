import { describe, expect, it } from 'vitest'
import { evaluate } from '#core/learning/evaluate'
import type { Sample } from '#core/learning/sample'
import { UNKNOWN } from '#core/mask/values'

/** Says the red channel as probability, and notes how many images it was given at a time. */
function redNetwork() {
  const counts: number[] = []
  return {
    counts,
    predict(images: Uint8Array, count: number) {
      counts.push(count)
      return Promise.resolve(Float32Array.from({ length: images.length / 3 }, (_, i) => images[3 * i]! / 255))
    }
  }
}

/** Two by two pixels with the given reds and labels. */
const sample = (imageId: number, reds: number[], label: number[]): Sample => ({
  imageId,
  image: Uint8Array.from(reds.flatMap((red) => [red, 0, 0])),
  label: Uint8Array.from(label),
  width: 2,
  height: 2
})

const samples = [
  sample(1, [255, 255, 0, 0], [1, 1, 0, 0]),
  sample(2, [255, 255, 0, 0], [1, 0, 0, UNKNOWN]),
  sample(3, [0, 0, 0, 0], [0, 0, 0, 0])
]

describe('evaluating', () => {
  it('pools the pixels of all images and judges each by itself', async () => {
    const { pooled, images } = await evaluate(redNetwork(), samples, 0.5, { size: 2, batch: 2 })
    // Together 3 true positives, 1 false positive, 7 true negatives, 1 pixel unknown.
    expect(pooled).toEqual({
      threshold: 0.5,
      iou1: 3 / 4,
      iou0: 7 / 8,
      mIoU: 13 / 16,
      precision: 3 / 4,
      recall: 1
    })
    expect(images.map(({ imageId, metrics }) => [imageId, metrics.iou1])).toEqual([
      [1, 1],
      [2, 1 / 2],
      [3, 1]
    ])
  })

  it('predicts foreground above the threshold, not at it', async () => {
    const one = { size: 2, batch: 1 }
    const half = [sample(1, [51, 51, 51, 51], [1, 1, 1, 1])]
    expect((await evaluate(redNetwork(), half, Math.fround(0.2), one)).pooled.recall).toBe(0)
    expect((await evaluate(redNetwork(), half, 0.199, one)).pooled.recall).toBe(1)
  })
})
