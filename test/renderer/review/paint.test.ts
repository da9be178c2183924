// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { square } from '#core/learning/frame'
import {
  canvasFor,
  paint,
  patternPeriod,
  rgbOf,
  type Palette,
  type View
} from '../../../src-renderer/review/paint'

const palette: Palette = {
  foreground: [0, 0, 255],
  unknown: [200, 100, 200],
  truePositive: [1, 2, 3],
  falsePositive: [255, 128, 0],
  falseNegative: [255, 255, 0]
}

/** Paints a square of side `size` of one kind of pixel after another. */
function picture(view: View, label: number[], probabilities: number[], level = 128, scale = 1) {
  const size = Math.sqrt(label.length)
  const target = new Uint32Array((size * scale) ** 2)
  const detail = {
    imageId: 1,
    ...square(size),
    label: Uint8Array.from(label),
    probabilities: Uint8Array.from(probabilities)
  }
  paint(target, view, detail, level, palette, square(size * scale))
  return target
}

const rgb = (pixel: number) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]
const alpha = (pixel: number) => pixel >>> 24

describe('pictures of a prediction', () => {
  it('tell found, missed, too much and unknown apart, and leave true negatives clear', () => {
    const [found, missed, extra, rest] = picture('judgement', [1, 1, 0, 0], [200, 10, 200, 10])
    expect(rgb(found!)).toEqual([1, 2, 3])
    expect(rgb(missed!)).toEqual([255, 255, 0])
    expect(rgb(extra!)).toEqual([255, 128, 0])
    expect(rest).toBe(0)
    expect(rgb(picture('judgement', [2], [255])[0]!)).toEqual([200, 100, 200])
  })

  it('draw every kind in a pattern of its own, for eyes that cannot tell the colours', () => {
    const fill = (label: number, q: number) => {
      const all = picture('judgement', Array(256).fill(label), Array(256).fill(q))
      return Array.from(all, (pixel) => (alpha(pixel) > 180 ? '#' : '.')).join('')
    }
    const [found, missed, extra] = [fill(1, 255), fill(1, 0), fill(0, 255)]
    expect(new Set(found)).toEqual(new Set(['.']))
    expect(new Set(missed)).toEqual(new Set(['#', '.']))
    expect(new Set(extra)).toEqual(new Set(['#', '.']))
    expect(missed).not.toBe(extra)
    expect(patternPeriod(64)).toBeGreaterThanOrEqual(4)
    expect(patternPeriod(1024)).toBeLessThan(40)
  })

  it('follow the level: q ≥ level is foreground', () => {
    const at = (level: number) => rgb(picture('prediction', [0], [100], level)[0]!)
    expect(at(100)).toEqual([0, 0, 255])
    expect(at(101)).not.toEqual([0, 0, 255])
  })

  it('show the probability in grey and the label in its three values', () => {
    expect(rgb(picture('probability', [0], [77])[0]!)).toEqual([77, 77, 77])
    const [background, foreground, unknown] = picture('label', [0, 1, 2, 0], [0, 0, 0, 0])
    expect(rgb(foreground!)).toEqual([0, 0, 255])
    expect(rgb(unknown!)).toEqual([200, 100, 200])
    expect(background).not.toBe(foreground)
  })

  it('enlarge by whole pixels', () => {
    const small = picture('label', [0, 1, 1, 0], [0, 0, 0, 0])
    const large = picture('label', [0, 1, 1, 0], [0, 0, 0, 0], 128, 3)
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 6; x++) {
        expect(large[y * 6 + x]).toBe(small[Math.floor(y / 3) * 2 + Math.floor(x / 3)])
      }
    }
  })

  it('of large images are painted smaller, of small ones by whole pixels as long as they fit', () => {
    expect(canvasFor({ width: 128, height: 128 }, 2, 640)).toEqual({ width: 256, height: 256 })
    expect(canvasFor({ width: 500, height: 300 }, 2, 640)).toEqual({ width: 500, height: 300 })
    expect(canvasFor({ width: 3000, height: 1000 }, 2, 600)).toEqual({ width: 600, height: 200 })
    const target = new Uint32Array(2)
    const detail = { imageId: 1, width: 4, height: 2, label: Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0) }
    const about = { ...detail, probabilities: new Uint8Array(8) }
    paint(target, 'label', about, 128, palette, { width: 2, height: 1 })
    expect(Array.from(target, rgb)).toEqual([
      [0, 0, 255],
      [16, 18, 21]
    ])
  })

  it('read the theme’s colours', () => {
    expect(rgbOf(' #2f9bff')).toEqual([47, 155, 255])
    expect(rgbOf('#fa0')).toEqual([255, 170, 0])
  })
})
