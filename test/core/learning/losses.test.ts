import { describe, expect, test } from 'vitest'
import { LOSSES, outputsOf, type LossName } from '#core/learning/config'
import { lossOf } from '#core/learning/losses'
import { createRandom } from '#core/learning/random'

const logit = (p: number) => Math.log(p / (1 - p))

describe('iou, equations 1 to 4 by hand', () => {
  // p = 0.8, 0.4, 0.6, 0.2 with labels 1, 1, 0, 0:
  // I = Σ p·y = 1.2, U = Σ (p + y − p·y) = 1 + 1 + 0.6 + 0.2 = 2.8, loss = 1 − 1.2 / 2.8.
  const logits = Float64Array.of(0.8, 0.4, 0.6, 0.2).map(logit)
  const label = Uint8Array.of(1, 1, 0, 0)
  const { loss, gradient } = lossOf('iou', logits, label)

  test('loss is 1 − I / U', () => expect(loss).toBeCloseTo(1 - 1.2 / 2.8, 12))

  test('dLoss / dp is −1 / U on foreground and I / U² on background, times dp / dz', () => {
    const expected = [-0.16 / 2.8, -0.24 / 2.8, (0.24 * 1.2) / 2.8 ** 2, (0.16 * 1.2) / 2.8 ** 2]
    expected.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 12))
  })

  test('of a hard, right mask is 0, of a hard, wrong one 1', () => {
    expect(lossOf('iou', Float64Array.of(500, -500), Uint8Array.of(1, 0)).loss).toBeCloseTo(0, 12)
    expect(lossOf('iou', Float64Array.of(-500, 500), Uint8Array.of(1, 0)).loss).toBeCloseTo(1, 12)
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
    ['iou+xent', 'all unknown', [2, 2, 2, 2], 0]
  ] as const)('%s of a mask that is %s', (loss, _, label, expected) => {
    const logits = new Float64Array(4 * outputsOf(loss))
    expect(lossOf(loss, logits, Uint8Array.from(label)).loss).toBeCloseTo(expected, 12)
  })

  test('cross entropy is the mean of −log p of the right class', () => {
    const logits = Float64Array.of(0, logit(0.9), 0, logit(0.3), 5, 5)
    const { loss } = lossOf('xent', logits, Uint8Array.of(1, 0, 2))
    expect(loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.7)) / 2, 12)
  })

  test('huge logits stay finite', () => {
    for (const loss of LOSSES) {
      const logits = Float64Array.from({ length: 4 * outputsOf(loss) }, (_, i) => (i % 3 ? 1e4 : -1e4))
      const result = lossOf(loss, logits, Uint8Array.of(0, 1, 0, 1))
      expect(Number.isFinite(result.loss)).toBe(true)
      expect(result.gradient.every(Number.isFinite)).toBe(true)
    }
  })
})

describe('gradient', () => {
  test('of iou is zero without foreground: a loss of 1 that cannot learn', () => {
    const { loss, gradient } = lossOf('iou', Float64Array.of(-1, 0, 2), Uint8Array.of(0, 0, 2))
    expect(loss).toBe(1)
    expect([...gradient]).toEqual([0, 0, 0])
  })

  test('of iou stays zero when every probability without foreground has vanished', () => {
    const { loss, gradient } = lossOf('iou', Float64Array.of(-1e4, -1e4), Uint8Array.of(0, 2))
    expect(loss).toBe(1)
    expect([...gradient]).toEqual([0, 0])
  })

  test.each(LOSSES)('of %s is zero when nothing is known', (loss) => {
    const { gradient } = lossOf(loss, new Float64Array(3 * outputsOf(loss)).fill(1), Uint8Array.of(2, 2, 2))
    expect(gradient.every((slope) => slope === 0)).toBe(true)
  })

  const masks: Record<string, (draw: number) => number> = {
    mixed: (draw) => draw,
    empty: () => 0,
    full: () => 1,
    'half unknown': (draw) => (draw === 1 ? 1 : 2)
  }
  const cases = LOSSES.flatMap((loss) =>
    Object.keys(masks).flatMap((mask) =>
      [false, true].map((relu): [LossName, string, boolean] => [loss, mask, relu])
    )
  )
  test.each(cases)(
    'of %s on a mask that is %s agrees with finite differences (relu %s)',
    (loss, mask, relu) => {
      const random = createRandom(1, loss, mask)
      const label = Uint8Array.from({ length: 12 }, () => masks[mask]!(random.integer(3)))
      const logits = Float64Array.from({ length: 12 * outputsOf(loss) }, () => 2 * random.normal())
      const { gradient } = lossOf(loss, logits, label, relu)
      const h = 1e-5
      logits.forEach((z, i) => {
        const at = (value: number) => lossOf(loss, logits.with(i, value), label, relu).loss
        expect(gradient[i]).toBeCloseTo((at(z + h) - at(z - h)) / (2 * h), 8)
      })
    }
  )

  test('of tied logits is the same for every tied pixel', () => {
    for (const loss of LOSSES) {
      const { gradient } = lossOf(
        loss,
        new Float64Array(4 * outputsOf(loss)).fill(0.7),
        Uint8Array.of(1, 1, 0, 0)
      )
      expect(gradient.slice(0, outputsOf(loss))).toEqual(gradient.slice(outputsOf(loss), 2 * outputsOf(loss)))
    }
  })
})
