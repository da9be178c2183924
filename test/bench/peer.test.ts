import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { outputsOf, type LossName } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import { opened } from '../../bench/protocol'
import { findTorch, startTorch } from '../../bench/torch'
import { dropHalf, someBatch, someWeights } from '../fixtures/networks'
import { plainGradients, plainWeights } from '../fixtures/plainNetwork'

const CASES: [architecture: string, size: number, loss: LossName, reluLogits: boolean][] = [
  ['VGG6xs-Fc6-k3-24-Deconv-k16s8', 16, 'iou', false],
  ['VGG6xs-Fc6-k1-16-Deconv-k64s32', 32, 'xent', false],
  ['VGG6xs-Fc6-k5-16-Deconv-k32s16', 32, 'iou+xent', true],
  ['UNet-xs', 16, 'iou+xent', false]
]

const answered = z.object({
  type: z.literal('gradients'),
  loss: z.number(),
  gradients: z.record(z.string(), z.array(z.number()))
})

const torches = await findTorch()

if (torches.length === 0) {
  test('PyTorch, which the bench compares with', ({ skip }) => {
    const reason = 'no python3 imports torch (Debian: python3-torch; JACCARD_PYTHON names another)'
    if (process.env.REQUIRE_ALL === '1') expect.fail(reason)
    skip(reason)
  })
}

const comparisons = torches.length > 0 ? CASES.flatMap(comparisonsOf) : []

describe.each(torches)('PyTorch $version', (torch) => {
  test.each(['contiguous', 'channels last'])(
    'has the loss and the gradients of 64-bit arithmetic, arrays %s',
    async (order) => {
      const peer = startTorch(torch, 1)
      const channelsLast = order === 'channels last'
      await peer.ask({ type: 'open', threads: 1, channelsLast }, opened)
      for (const { question, expected, spec } of comparisons) {
        const actual = await peer.ask(question, answered)
        expect(actual.loss, spec.architecture).toBeCloseTo(expected.loss, 5)
        expect(Object.keys(actual.gradients)).toEqual([...expected.gradients.keys()])
        for (const [parameter, values] of expected.gradients) {
          const found = actual.gradients[parameter]!
          expect(found).toHaveLength(values.length)
          const scale = largest(values)
          const apart = largest(values.map((value, i) => value - found[i]!))
          expect(apart, `${spec.architecture} ${parameter}`).toBeLessThanOrEqual(1e-4 * scale + 1e-9)
        }
      }
      peer.end()
    }
  )
})

/** What the peer is asked about a case, and the right answers. */
function comparisonsOf([architecture, size, loss, reluLogits]: (typeof CASES)[number]) {
  const spec = parseArchitecture(architecture, size, outputsOf(loss))
  const weights = someWeights(spec)
  const objective = { ...DEFAULTS, loss, reluLogits }
  return [dropHalf(spec, someBatch(spec, 2)), someBatch(spec, 1, 'all unknown')].map((batch) => {
    const { count, images, labels, dropout } = batch
    return {
      spec,
      expected: plainGradients(spec, plainWeights(weights), batch, objective),
      question: {
        type: 'gradients',
        spec,
        objective,
        weights: listed(weights),
        batch: { count, images: [...images], labels: [...labels], dropout: listed(dropout) }
      }
    }
  })
}

/** Arrays by name, as JSON holds them. */
function listed(arrays: Map<string, Float32Array>): Record<string, number[]> {
  return Object.fromEntries([...arrays].map(([name, values]) => [name, [...values]]))
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
