import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { decodeMask, encodeMask } from '#core/mask/codec'
import { flatten, maskOf } from '#core/mask/tiles'
import { SHAPES } from '#main/exchange/annotations/annotations'
import { rasterise } from '#main/exchange/annotations/rasterise'
import { decodeCounts, encodeCounts } from '#main/exchange/annotations/rle'
import { cocoRuns } from '#main/exchange/annotations/writeCoco'
import { peerContent } from '../../../fixtures/peers'
import { randomMask } from '../../../fixtures/randomMask'

interface Case {
  width: number
  height: number
  counts: string
  sha256: string
}

/** The pixels of run lengths, `[height, width]`. */
function pixelsOf(counts: number[], width: number, height: number): Uint8Array {
  const numbers = Float64Array.from([height, width, ...counts])
  const { tiles } = rasterise({
    kinds: Uint8Array.of(SHAPES.runs),
    values: Uint8Array.of(1),
    starts: Uint32Array.of(0, numbers.length),
    numbers,
    relative: false,
    pictures: [],
    subject: 'The mask',
    width,
    height
  })
  return flatten(decodeMask(width, height, tiles))
}

const digest = (flat: Uint8Array) => createHash('sha256').update(flat).digest('hex')

describe('COCO’s run lengths', () => {
  it.each(peerContent<Case[]>('rle.json'))(
    'of $width × $height pixels are read and written as pycocotools does',
    ({ width, height, counts, sha256 }) => {
      const lengths = decodeCounts(counts)
      expect(digest(pixelsOf(lengths, width, height))).toBe(sha256)
      expect(encodeCounts(lengths)).toBe(counts)
    }
  )

  it('written of any mask are that mask, each part and the unknown pixels by themselves', () => {
    const random = createRandom(2, 'run lengths')
    for (let round = 0; round < 40; round++) {
      const [width, height] = [1 + random.integer(70), 1 + random.integer(70)]
      const unknown = randomMask(random, width, height)
      const mask = randomMask(random, width, height).map((pixel, i) =>
        pixel === 0 && unknown[i] ? 2 : pixel
      )
      const { annotations } = cocoRuns({
        tiles: encodeMask(maskOf(mask, width, height)),
        width,
        height
      })
      const joined = new Uint8Array(width * height)
      for (const { segmentation, area, bbox, iscrowd } of annotations) {
        expect(segmentation.size).toEqual([height, width])
        const part = pixelsOf(decodeCounts(segmentation.counts), width, height)
        expect(area).toBe(part.reduce((sum, pixel) => sum + pixel, 0))
        expect(bbox).toEqual(boxOf(part, width))
        part.forEach((pixel, i) => {
          if (!pixel) return
          expect(joined[i]).toBe(0)
          joined[i] = iscrowd ? 2 : 1
        })
      }
      expect(joined).toEqual(mask)
    }
  })

  it.each(['~', '0o', 'P'.repeat(9), 'ooooooooooooooo0', 'N', '\u00e9'])(
    '“%s” is damaged and not believed',
    (text) => {
      expect(() => decodeCounts(text)).toThrow(/damaged/)
    }
  )
})

function boxOf(part: Uint8Array, width: number): number[] {
  const inside = [...part.keys()].filter((i) => part[i])
  const [xs, ys] = [inside.map((i) => i % width), inside.map((i) => Math.floor(i / width))]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]
}
