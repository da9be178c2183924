import { describe, expect, test } from 'vitest'
import { outcomeOf } from '#core/learning/race/outcome'
import type { RacePair } from '#core/learning/race/compare'
import { conclusion, findings } from '../../bench/experiment/claims'
import { pageOf } from '../../bench/experiment/page'
import { CONDITIONS, DATASETS, LARGE, SMALL, type Condition } from '../../bench/experiment/plan'
import type { Result } from '../../bench/experiment/results'

/** Results in which the IoU loss scores `iou` and cross entropy `xent`, with five seeds that differ a little. */
function resultWith(
  condition: Condition,
  {
    iou,
    xent,
    flat = 0,
    found = [3, 2]
  }: { iou: number; xent: number; flat?: number; found?: [number, number] }
): Result {
  const pairs = [0, 1, 2, 3, 4].map((seed): RacePair => {
    const run = (which: 0 | 1, mIoU: number) => ({
      runId: 2 * seed + which,
      metrics: { threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: mIoU, recall: mIoU },
      objects: { objects: 3, found: found[which], touched: 3 },
      recovered: which === 0 ? 20 : 10,
      added: which === 0 ? 9 : 3
    })
    const luck = (seed - 2) / 1000
    return { seed, images: 8, runs: [run(0, iou + luck), run(1, xent - luck)], imageInterval: null }
  })
  return {
    condition,
    outcome: outcomeOf(['iou', 'xent'], pairs)!,
    runs: pairs.flatMap((_, i) => [
      { loss: 'iou' as const, flat: i < flat, seconds: 30 },
      // Other work on the machine slowed it.
      { loss: 'xent' as const, flat: false, seconds: 90 }
    ]),
    baselines: { background: 0.3, foreground: 0.2, meanMask: 0.35 }
  }
}

/** As the source found it: a gain at small steps, a collapse at large ones, a larger gain with a larger model. */
const AS_THE_SOURCE = CONDITIONS.map((condition) => {
  if (condition.learningRate === 1e-3)
    return resultWith(condition, { iou: 0.3, xent: 0.7, flat: 5, found: [0, 2] })
  if (condition.architecture === LARGE) return resultWith(condition, { iou: 0.8, xent: 0.74 })
  return resultWith(condition, { iou: 0.75, xent: 0.72 })
})

describe('the claims of the source', () => {
  test('hold where the results are the source’s', () => {
    expect(findings(AS_THE_SOURCE).map(({ held }) => held)).toEqual(Array(7).fill(true))
  })

  test('do not hold where cross entropy does as well at every setting', () => {
    const even = CONDITIONS.map((condition) => resultWith(condition, { iou: 0.7, xent: 0.7, found: [2, 2] }))
    const held = findings(even).map(({ held }) => held)
    // Which pixels they find is the same in these made-up results.
    expect(held).toEqual([false, false, false, false, false, true, false])
  })

  test('a gain counts only beyond chance, and its figure has the interval', () => {
    const [gain] = findings([
      resultWith(
        { architecture: SMALL, learningRate: 1e-4, batch: 10, reluLogits: true },
        { iou: 0.7005, xent: 0.7 }
      )
    ])
    expect(gain).toMatchObject({
      held: false,
      figures: expect.stringMatching(/^\+0\.00[01] \(−0\.00\d to \+0\.00\d\)$/)
    })
  })

  test('the larger network’s gain counts only where it is one, and beyond the smaller one’s', () => {
    const of = (small: number, large: number) =>
      findings(
        CONDITIONS.map((condition) =>
          resultWith(condition, { iou: 0.7 + (condition.architecture === LARGE ? large : small), xent: 0.7 })
        )
      ).at(-1)!.held
    expect(of(0.02, 0.05)).toBe(true)
    expect(of(0.02, 0.0205)).toBe(false)
    expect(of(-0.05, -0.01)).toBe(false)
  })

  test('come to a sentence: whose gain it is', () => {
    const inShort = (withReLU: number, without: number) =>
      conclusion(
        findings(
          CONDITIONS.map((condition) =>
            resultWith(condition, { iou: 0.7 + (condition.reluLogits ? withReLU : without), xent: 0.7 })
          )
        )
      )
    expect(inShort(0.1, 0.1)).toMatch(/better, whether the ReLU handicaps cross entropy or not/)
    expect(inShort(0.1, -0.1)).toMatch(/only where the ReLU handicaps .* cross entropy is the better one/)
    expect(inShort(0.1, 0)).toMatch(/only where the ReLU handicaps .* no difference beyond chance/)
    expect(inShort(0, 0)).toMatch(/not better, .* no difference beyond chance/)
    expect(inShort(0, 0.1)).toMatch(/only without the ReLU/)
    expect(conclusion(findings([]))).toBeNull()
  })

  test('are unknown where their races were not run', () => {
    expect(findings([]).every(({ held, figures }) => held === null && figures === 'not run')).toBe(true)
  })
})

test('the page has every claim, every race and its command', () => {
  const commands = ['npx jaccard race sample.jaccard --lr 0.001']
  const page = pageOf('Machine: one.', [{ dataset: DATASETS[0]!, results: AS_THE_SOURCE, commands }])
  for (const { claim } of findings(AS_THE_SOURCE)) expect(page).toContain(claim)
  expect(page.match(/^\| \d \| VGG6/gm)).toHaveLength(CONDITIONS.length)
  expect(page).toContain(`${commands[0]} # 1`)
  expect(page).toContain('always background 0.300')
  expect(page).toContain('Altogether 45 minutes.')
})
