import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import type { Objective } from '#core/network/engine'
import { findBlock } from '#core/network/onnx/blocked'
import { onnxEngine } from '#core/network/onnx/engine'
import { CPU, WEBGPU, type Provider } from '#core/network/onnx/provider'
import { dropHalf, someBatch, someWeights } from '../../fixtures/networks'
import { plainGradients, plainWeights } from '../../fixtures/plainNetwork'

/** The graphs that other machines compute, on this one: the CPU has the operators of all of them. */
const LOWERINGS: Record<string, Provider> = {
  'a CPU without direct convolution': CPU,
  'a CPU with direct convolution': { ...CPU, block: await findBlock(ort) },
  WebGPU: WEBGPU
}

const NETWORKS = [
  { architecture: 'UNet-xs', size: 16 },
  { architecture: 'VGG6xs-Fc6-k3-32-Deconv-k16s8', size: 24 }
]

describe.each(Object.entries(LOWERINGS))('the graph for %s', (_, provider) => {
  test.each(NETWORKS)('has the gradients of 64-bit arithmetic: $architecture', async (network) => {
    const spec = parseArchitecture(network.architecture, network.size, 2)
    const objective: Objective = { ...DEFAULTS, loss: 'iou+xent' }
    const batch = dropHalf(spec, someBatch(spec, 3))
    const engine = onnxEngine(ort, {
      name: 'onnx-cpu',
      device: 'a test',
      provider,
      ownMemory: false,
      options: { executionProviders: ['cpu'], logSeverityLevel: 3 }
    })
    const compiled = await engine.compile(spec, objective)
    await compiled.writeWeights(someWeights(spec))
    const { loss, gradients } = await compiled.gradients(batch)
    engine.dispose()

    const expected = plainGradients(spec, plainWeights(someWeights(spec)), batch, objective)
    expect(loss).toBeCloseTo(expected.loss, 5)
    for (const [parameter, values] of expected.gradients) {
      const actual = gradients.get(parameter)!
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const apart = values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0)
      expect(apart, parameter).toBeLessThanOrEqual(1e-4 * largest + 1e-9)
    }
  })
})

test('a block holds as many channels as a vector of the processor', async () => {
  expect([null, 4, 8, 16, 32]).toContain(await findBlock(ort))
})
