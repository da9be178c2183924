import { describe, expect, test } from 'vitest'
import { LOSSES, outputsOf, type LossName, type LossSettings } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { lossOf } from '#core/learning/losses'
import { createRandom } from '#core/learning/random'

/** A loss, with the settings given and otherwise the usual ones. */
const settings = (loss: LossName, given: Partial<LossSettings> = {}): LossSettings => ({
  ...DEFAULTS,
  ...given,
  loss
})

const logit = (p: number) => Math.log(p / (1 - p))

describe('iou, equations 1 to 4 by hand', () => {
  // p = 0.8, 0.4, 0.6, 0.2 with labels 1, 1, 0, 0:
  // I = Σ p·y = 1.2, U = Σ (p + y − p·y) = 1 + 1 + 0.6 + 0.2 = 2.8, loss = 1 − 1.2 / 2.8.
  const logits = Float64Array.of(0.8, 0.4, 0.6, 0.2).map(logit)
  const label = Uint8Array.of(1, 1, 0, 0)
  const { loss, gradient } = lossOf(settings('iou'), logits, label)

  test('loss is 1 − I / U', () => expect(loss).toBeCloseTo(1 - 1.2 / 2.8, 12))

  test('dLoss / dp is −1 / U on foreground and I / U² on background, times dp / dz', () => {
    const expected = [-0.16 / 2.8, -0.24 / 2.8, (0.24 * 1.2) / 2.8 ** 2, (0.16 * 1.2) / 2.8 ** 2]
    expected.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 12))
  })

  test('of a hard, right mask is 0, of a hard, wrong one 1', () => {
    expect(lossOf(settings('iou'), Float64Array.of(500, -500), Uint8Array.of(1, 0)).loss).toBeCloseTo(0, 12)
    expect(lossOf(settings('iou'), Float64Array.of(-500, 500), Uint8Array.of(1, 0)).loss).toBeCloseTo(1, 12)
  })
})

describe('by hand', () => {
  // p = 0.8, 0.3, 0.6, 0.1 with labels 1, 1, 0, 0.
  const p = [0.8, 0.3, 0.6, 0.1]
  const logits = Float64Array.from(p, logit)
  const label = Uint8Array.of(1, 1, 0, 0)
  const steepness = p.map((value) => value * (1 - value))

  test('dice: 1 − 2 Σ p·y / (Σ p² + Σ y²)', () => {
    const squares = 0.64 + 0.09 + 0.36 + 0.01 + 2
    const { loss, gradient } = lossOf(settings('dice'), logits, label)
    expect(loss).toBeCloseTo(1 - 2.2 / squares, 12)
    const first = (-2 / squares + (2.2 / squares ** 2) * 2 * 0.8) * steepness[0]!
    const last = (2.2 / squares ** 2) * 2 * 0.1 * steepness[3]!
    expect(gradient[0]).toBeCloseTo(first, 12)
    expect(gradient[3]).toBeCloseTo(last, 12)
  })

  test('bce: a foreground pixel counts as often as its weight says', () => {
    const { loss, gradient } = lossOf(settings('bce', { positiveWeight: 3 }), logits, label)
    const surprises = 3 * Math.log(0.8) + 3 * Math.log(0.3) + Math.log(0.4) + Math.log(0.9)
    expect(loss).toBeCloseTo(-surprises / 4, 12)
    const expected = [(3 * -0.2) / 4, (3 * -0.7) / 4, 0.6 / 4, 0.1 / 4]
    expected.forEach((slope, i) => expect(gradient[i]).toBeCloseTo(slope, 12))
  })

  test('focal: a pixel counts as the error to the power of γ', () => {
    const { loss } = lossOf(settings('focal', { focusing: 2, positiveWeight: 3 }), logits, label)
    const parts = [
      3 * 0.04 * Math.log(0.8),
      3 * 0.49 * Math.log(0.3),
      0.36 * Math.log(0.4),
      0.01 * Math.log(0.9)
    ]
    expect(loss).toBeCloseTo(-parts.reduce((sum, part) => sum + part) / 4, 12)
    const plain = lossOf(settings('focal', { focusing: 0 }), logits, label)
    expect(plain).toEqual(lossOf(settings('bce'), logits, label))
  })

  test('lovasz: errors in descending order, times what each takes from the IoU', () => {
    // 0.7 (foreground): 1/2 of the IoU is left; 0.6 (background): 1/3; 0.2 (foreground): nothing; 0.1: as before.
    const { loss, gradient } = lossOf(settings('lovasz'), logits, label)
    expect(loss).toBeCloseTo(0.7 / 2 + 0.6 / 6 + 0.2 / 3, 12)
    const expected = [-steepness[0]! / 3, -steepness[1]! / 2, steepness[2]! / 6, 0]
    expected.forEach((slope, i) => expect(gradient[i]).toBeCloseTo(slope, 12))
  })

  test('lovasz without foreground: the largest probability, from which alone it learns', () => {
    const { loss, gradient } = lossOf(settings('lovasz'), logits, Uint8Array.of(0, 0, 0, 2))
    expect(loss).toBeCloseTo(0.8, 12)
    expect([...gradient]).toEqual([expect.closeTo(steepness[0]!, 12), 0, 0, 0])
  })

  test.each([
    ['iou', 1 - 1.1 / 2.7],
    ['dice', 1 - 2.2 / 3.1],
    ['lovasz', 0.7 / 2 + 0.6 / 6 + 0.2 / 3]
  ] as const)('%s of unknown pixels: they change nothing', (loss, expected) => {
    const more = Float64Array.from([50, ...logits, -50])
    const { gradient, loss: value } = lossOf(settings(loss), more, Uint8Array.from([2, ...label, 2]))
    expect(value).toBeCloseTo(expected, 12)
    expect(gradient[0]).toBe(0)
    expect(gradient[5]).toBe(0)
  })
})

describe('lovasz', () => {
  test('of equally wrong pixels takes the earlier first', () => {
    const first = lossOf(settings('lovasz'), new Float64Array(2), Uint8Array.of(1, 0))
    const last = lossOf(settings('lovasz'), new Float64Array(2), Uint8Array.of(0, 1))
    expect([first.loss, last.loss]).toEqual([0.5, 0.5])
    expect([...first.gradient]).toEqual([-0.25, 0])
    expect([...last.gradient]).toEqual([0.125, -0.125])
  })

  test('has a subgradient where pixels are equally wrong: the plane through it is nowhere above the loss', () => {
    const random = createRandom(1, 'subgradient')
    const label = Uint8Array.of(1, 0, 0, 1, 0, 1)
    const at = (errors: number[]) =>
      lossOf(
        settings('lovasz'),
        Float64Array.from(errors, (error, i) => logit(label[i] ? 1 - error : error)),
        label
      )
    const tied = [0.4, 0.4, 0.4, 0.4, 0.2, 0.2]
    const { loss, gradient } = at(tied)
    for (let draw = 0; draw < 200; draw++) {
      const errors = tied.map(() => 0.05 + 0.9 * random.uniform())
      const plane = errors.reduce((sum, error, i) => {
        const slope = (gradient[i]! / (tied[i]! * (1 - tied[i]!))) * (label[i] ? -1 : 1)
        return sum + slope * (error - tied[i]!)
      }, loss)
      expect(at(errors).loss).toBeGreaterThan(plane - 1e-12)
    }
  })

  test('of hard masks is 1 − IoU', () => {
    const { loss } = lossOf(
      settings('lovasz'),
      Float64Array.of(500, -500, 500, -500),
      Uint8Array.of(1, 1, 0, 0)
    )
    expect(loss).toBeCloseTo(1 - 1 / 3, 12)
  })
})

describe('table', () => {
  const even = 0.5
  test.each([
    // Logits are 0 everywhere, so p = 0.5; four pixels.
    ['iou', 'empty', [0, 0, 0, 0], 1],
    ['iou', 'full', [1, 1, 1, 1], 1 - (4 * even) / 4],
    ['iou', 'half', [1, 1, 0, 0], 1 - 1 / 3],
    ['iou', 'half, rest unknown', [1, 0, 2, 2], 1 - 0.5 / 1.5],
    ['iou', 'all unknown', [2, 2, 2, 2], 0],
    ['xent', 'empty', [0, 0, 0, 0], Math.LN2],
    ['xent', 'full', [1, 1, 1, 1], Math.LN2],
    ['xent', 'half, rest unknown', [1, 0, 2, 2], Math.LN2],
    ['xent', 'all unknown', [2, 2, 2, 2], 0],
    ['iou+xent', 'empty', [0, 0, 0, 0], 1 + Math.LN2],
    ['iou+xent', 'half', [1, 1, 0, 0], 1 - 1 / 3 + Math.LN2],
    ['iou+xent', 'all unknown', [2, 2, 2, 2], 0],
    // Σ p² is a quarter of the known pixels.
    ['dice', 'empty', [0, 0, 0, 0], 1],
    ['dice', 'full', [1, 1, 1, 1], 1 - (2 * 2) / (1 + 4)],
    ['dice', 'half', [1, 1, 0, 0], 1 - (2 * 1) / (1 + 2)],
    ['dice', 'half, rest unknown', [1, 0, 2, 2], 1 - (2 * 0.5) / (0.5 + 1)],
    ['dice', 'all unknown', [2, 2, 2, 2], 0],
    ['bce', 'empty', [0, 0, 0, 0], Math.LN2],
    ['bce', 'full', [1, 1, 1, 1], Math.LN2],
    ['bce', 'half, rest unknown', [1, 0, 2, 2], Math.LN2],
    ['bce', 'all unknown', [2, 2, 2, 2], 0],
    ['focal', 'empty', [0, 0, 0, 0], 0.25 * Math.LN2],
    ['focal', 'full', [1, 1, 1, 1], 0.25 * Math.LN2],
    ['focal', 'half, rest unknown', [1, 0, 2, 2], 0.25 * Math.LN2],
    ['focal', 'all unknown', [2, 2, 2, 2], 0],
    // All errors are 0.5, and together they cost the whole IoU.
    ['lovasz', 'empty', [0, 0, 0, 0], 0.5],
    ['lovasz', 'full', [1, 1, 1, 1], 0.5],
    ['lovasz', 'half', [1, 1, 0, 0], 0.5],
    ['lovasz', 'half, rest unknown', [1, 0, 2, 2], 0.5],
    ['lovasz', 'all unknown', [2, 2, 2, 2], 0]
  ] as const)('%s of a mask that is %s', (loss, _, label, expected) => {
    const logits = new Float64Array(4 * outputsOf(loss))
    expect(lossOf(settings(loss), logits, Uint8Array.from(label)).loss).toBeCloseTo(expected, 12)
  })

  test('cross entropy is the mean of −log p of the right class', () => {
    const logits = Float64Array.of(0, logit(0.9), 0, logit(0.3), 5, 5)
    const { loss } = lossOf(settings('xent'), logits, Uint8Array.of(1, 0, 2))
    expect(loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.7)) / 2, 12)
  })

  test('huge logits stay finite', () => {
    for (const loss of LOSSES) {
      const logits = Float64Array.from({ length: 4 * outputsOf(loss) }, (_, i) => (i % 3 ? 1e4 : -1e4))
      const result = lossOf(settings(loss), logits, Uint8Array.of(0, 1, 0, 1))
      expect(Number.isFinite(result.loss)).toBe(true)
      expect(result.gradient.every(Number.isFinite)).toBe(true)
    }
  })
})

describe('gradient', () => {
  test('of iou is zero without foreground: a loss of 1 that cannot learn', () => {
    const { loss, gradient } = lossOf(settings('iou'), Float64Array.of(-1, 0, 2), Uint8Array.of(0, 0, 2))
    expect(loss).toBe(1)
    expect([...gradient]).toEqual([0, 0, 0])
  })

  test('of iou stays zero when every probability without foreground has vanished', () => {
    const { loss, gradient } = lossOf(settings('iou'), Float64Array.of(-1e4, -1e4), Uint8Array.of(0, 2))
    expect(loss).toBe(1)
    expect([...gradient]).toEqual([0, 0])
  })

  test.each(LOSSES)('of %s is zero when nothing is known', (loss) => {
    const { gradient } = lossOf(
      settings(loss),
      new Float64Array(3 * outputsOf(loss)).fill(1),
      Uint8Array.of(2, 2, 2)
    )
    expect(gradient.every((slope) => slope === 0)).toBe(true)
  })

  /** Of the settings beside the loss, the usual ones and others. */
  const OTHERS = [{}, { reluLogits: true, positiveWeight: 3, focusing: 0.5 }]
  const masks: Record<string, (draw: number) => number> = {
    mixed: (draw) => draw,
    empty: () => 0,
    full: () => 1,
    'half unknown': (draw) => (draw === 1 ? 1 : 2)
  }
  const cases = LOSSES.flatMap((loss) =>
    Object.keys(masks).flatMap((mask) =>
      [false, true].map((other): [LossName, string, boolean] => [loss, mask, other])
    )
  )
  test.each(cases)(
    'of %s on a mask that is %s agrees with finite differences (other settings %s)',
    (loss, mask, other) => {
      const random = createRandom(1, loss, mask)
      const label = Uint8Array.from({ length: 12 }, () => masks[mask]!(random.integer(3)))
      const logits = Float64Array.from({ length: 12 * outputsOf(loss) }, () => 2 * random.normal())
      const { gradient } = lossOf(settings(loss, OTHERS[other ? 1 : 0]), logits, label)
      const h = 1e-5
      logits.forEach((z, i) => {
        const at = (value: number) =>
          lossOf(settings(loss, OTHERS[other ? 1 : 0]), logits.with(i, value), label).loss
        expect(gradient[i]).toBeCloseTo((at(z + h) - at(z - h)) / (2 * h), 8)
      })
    }
  )

  // Of the Lovász extension the order of pixels decides, see above.
  test('of tied logits is the same for every tied pixel', () => {
    for (const loss of LOSSES.filter((loss) => loss !== 'lovasz')) {
      const { gradient } = lossOf(
        settings(loss),
        new Float64Array(4 * outputsOf(loss)).fill(0.7),
        Uint8Array.of(1, 1, 0, 0)
      )
      expect(gradient.slice(0, outputsOf(loss))).toEqual(gradient.slice(outputsOf(loss), 2 * outputsOf(loss)))
    }
  })
})
