import { expect, test } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import { openNaive } from '../../bench/naive'
import { someBatch, someWeights } from '../fixtures/networks'
import { plainGradients, plainWeights } from '../fixtures/plainNetwork'

test('stock TensorFlow.js with the filter gradient by its definition has the gradients of 64-bit arithmetic', async () => {
  const spec = parseArchitecture('VGG6xs-Fc6-k3-16-Deconv-k16s8', 16, 1)
  const objective = { ...DEFAULTS, loss: 'iou' } as const
  const weights = someWeights(spec)
  const batch = someBatch(spec, 2)
  const { engine } = await openNaive()
  const network = await engine.compile(spec, objective)
  await network.writeWeights(weights)
  const { loss, gradients } = await network.gradients(batch)
  engine.dispose()

  const expected = plainGradients(spec, plainWeights(weights), batch, objective)
  expect(loss).toBeCloseTo(expected.loss, 5)
  for (const [parameter, values] of expected.gradients) {
    const found = gradients.get(parameter)!
    const scale = Math.max(...values.map(Math.abs))
    const apart = Math.max(...values.map((value, i) => Math.abs(value - found[i]!)))
    expect(apart, parameter).toBeLessThanOrEqual(1e-4 * scale)
  }
})
