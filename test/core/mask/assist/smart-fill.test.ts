import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { connectedComponents } from '#core/mask/components'
import { shrink } from '#core/mask/assist/disc'
import { SEED_BACKGROUND, SEED_FOREGROUND } from '#core/mask/assist/random-walker'
import { smartFill } from '#core/mask/assist/smart-fill'
import { needNuclei, nucleiSamples } from '../../../fixtures/nuclei'
import { picture } from './pictures'

const WHOLE = { left: true, top: true, right: true, bottom: true }
const CUT = { left: false, top: false, right: false, bottom: false }

/** A light disc on dark ground, with a little of a pattern on both. */
function disc(side: number, radius: number) {
  const isInside = (at: number) =>
    Math.hypot((at % side) - side / 2, Math.floor(at / side) - side / 2) <= radius
  const shown = picture(side, side, (at) => {
    const value = (isInside(at) ? 170 : 70) + ((at * 7919) % 23)
    return [value, value, value - 20]
  })
  const truth = Uint8Array.from({ length: side * side }, (_, at) => (isInside(at) ? 1 : 0))
  return { shown, truth }
}

function scribble(side: number, value: number, seeds: Uint8Array, y: number, from: number, to: number) {
  for (let x = from; x < to; x++) seeds.fill(value, y * side + x, y * side + x + 1)
}

function iou(found: Uint8Array, truth: Uint8Array): number {
  let both = 0
  let either = 0
  truth.forEach((value, at) => {
    both += value & found[at]!
    either += value | found[at]!
  })
  return both / either
}

describe('smart fill', () => {
  test.each([120, 400])(
    'finds a disc to the pixel between two scribbles, on a picture %i pixels wide',
    (side) => {
      const { shown, truth } = disc(side, side / 3)
      const seeds = new Uint8Array(side * side)
      scribble(
        side,
        SEED_FOREGROUND,
        seeds,
        Math.floor(side / 2),
        Math.floor(side * 0.4),
        Math.floor(side * 0.6)
      )
      scribble(side, SEED_BACKGROUND, seeds, 2, Math.floor(side * 0.2), Math.floor(side * 0.8))
      expect(iou(smartFill(shown, seeds, WHOLE), truth)).toBeGreaterThan(0.99)
    }
  )

  test('a scribble of foreground alone is enough for an object away from the rim', () => {
    const { shown, truth } = disc(150, 40)
    const seeds = new Uint8Array(150 * 150)
    scribble(150, SEED_FOREGROUND, seeds, 75, 60, 90)
    expect(iou(smartFill(shown, seeds, CUT), truth)).toBeGreaterThan(0.99)
  })

  test('what is scribbled stays what it was scribbled as', () => {
    const { shown } = disc(100, 30)
    const seeds = new Uint8Array(100 * 100)
    scribble(100, SEED_FOREGROUND, seeds, 50, 40, 60)
    scribble(100, SEED_FOREGROUND, seeds, 5, 10, 20)
    scribble(100, SEED_BACKGROUND, seeds, 55, 40, 60)
    const filled = smartFill(shown, seeds, WHOLE)
    seeds.forEach((seed, at) => {
      if (seed === SEED_FOREGROUND) expect(filled[at]).toBe(1)
      if (seed === SEED_BACKGROUND) expect(filled[at]).toBe(0)
    })
  })

  test('of two alike discs only the scribbled one is filled; a hole stays where background is scribbled in it', () => {
    const colourAt = (at: number) => {
      const [x, y] = [at % 200, Math.floor(at / 200)]
      const isInside = [55, 145].some((centre) => {
        const distance = Math.hypot(x - centre, y - 60)
        return distance <= 35 && distance > 8
      })
      return isInside ? [200, 190, 180] : [50, 60, 70]
    }
    const shown = picture(200, 120, colourAt)
    const seeds = new Uint8Array(200 * 120)
    scribble(200, SEED_FOREGROUND, seeds, 40, 45, 65)
    scribble(200, SEED_BACKGROUND, seeds, 5, 20, 180)
    const filled = smartFill(shown, seeds, WHOLE)
    const at = (x: number, y: number) => filled[y * 200 + x]
    expect([at(55, 80), at(55, 60), at(145, 80), at(100, 60)]).toEqual([1, 1, 0, 0])
    scribble(200, SEED_BACKGROUND, seeds, 60, 53, 58)
    expect(smartFill(shown, seeds, WHOLE)[60 * 200 + 50]).toBe(0)
  })

  test('nothing is filled without a scribble of foreground', () => {
    const { shown } = disc(40, 10)
    const seeds = new Uint8Array(40 * 40)
    scribble(40, SEED_BACKGROUND, seeds, 5, 10, 20)
    expect(smartFill(shown, seeds, WHOLE)).toEqual(new Uint8Array(40 * 40))
  })

  test('on real nuclei follows the edges from cores of a tenth of their area', async ({ skip }) => {
    needNuclei(skip)
    const scores: { core: number; filled: number }[] = []
    for (const { image, mask } of nucleiSamples([2, 9, 20, 35, 48, 53])) {
      const { data, info } = await sharp(image)
        .toColourspace('srgb')
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      const { width, height } = info
      const labels = await sharp(mask).extractChannel(0).raw().toBuffer()
      const truth = Uint8Array.from(labels, (value) => (value > 0 ? 1 : 0))
      const core = coresOf(truth, width, height, 0.1)
      const far = shrink(
        truth.map((value) => 1 - value),
        width,
        height,
        5
      )
      const seeds = truth.map((_, at) => (core[at] ? SEED_FOREGROUND : far[at] ? SEED_BACKGROUND : 0))
      const filled = smartFill({ width, height, data: new Uint8ClampedArray(data) }, seeds, WHOLE)
      scores.push({ core: iou(core, truth), filled: iou(filled, truth) })
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(scores.map(({ core }) => core))).toBeLessThan(0.2)
    expect(mean(scores.map(({ filled }) => filled))).toBeGreaterThan(0.8)
    for (const { core, filled } of scores) expect(filled).toBeGreaterThan(core + 0.4)
  })
})

/** Each part of a mask shrunk by as much as leaves a share of it. */
function coresOf(mask: Uint8Array, width: number, height: number, share: number): Uint8Array {
  const { labels, sizes } = connectedComponents(mask, width, height)
  const cores = mask.slice()
  const isDone = new Uint8Array(sizes.length + 1)
  for (let radius = 1; isDone.subarray(1).includes(0); radius++) {
    const shrunk = shrink(mask, width, height, radius)
    const left = new Float64Array(sizes.length + 1)
    shrunk.forEach((value, at) => (left[labels[at]!]! += value))
    sizes.forEach((size, i) => {
      if (left[i + 1]! < share * size) isDone[i + 1] = 1
    })
    cores.forEach((_, at) => {
      if (!isDone[labels[at]!]) cores[at] = shrunk[at]!
    })
  }
  return cores
}
