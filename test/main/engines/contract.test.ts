import { existsSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineReport } from '#core/api/values'
import { outputsOf, type LossName, type LossSettings } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import { inspectEngine } from '#core/learning/inspect'
import {
  ENGINES,
  type Batch,
  type CompiledNetwork,
  type Engine,
  type EngineName,
  type Objective
} from '#core/network/engine'
import type { NetworkSpec, Weights } from '#core/network/spec'
import { packOptimiser, packWeights, unpackOptimiser, unpackWeights } from '#core/network/weights'
import { openEngine } from '#main/engines/engines'
import { dropHalf, someBatch, someWeights } from '../../fixtures/networks'
import {
  plainAdam,
  plainGradients,
  plainPrediction,
  plainWeights,
  type PlainWeights
} from '../../fixtures/plainNetwork'

/** Debian's Chromium brings a software GPU, on which WebGPU can be tested where there is no other. */
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(SOFTWARE_DRIVER)) process.env.VK_DRIVER_FILES ??= SOFTWARE_DRIVER

const LEARNING_RATE = 1e-3
/** Another one for each of three steps. */
const rateOf = (step: number) => (LEARNING_RATE * step) / 3
const SMALL_VGG = 'VGG6xs-Fc6-k3-24-Deconv-k16s8'

interface Case extends Partial<LossSettings> {
  architecture: string
  size: number
  loss: LossName
  /** Also run where a software GPU computes. */
  always?: boolean
}

const CASES: Case[] = [
  { architecture: SMALL_VGG, size: 16, loss: 'iou', always: true },
  { architecture: SMALL_VGG, size: 16, loss: 'iou+xent' },
  { architecture: SMALL_VGG, size: 24, loss: 'xent', reluLogits: true },
  { architecture: 'VGG6xs-Fc6-k1-512-Deconv-k64s32', size: 64, loss: 'xent' },
  { architecture: 'UNet-xs', size: 16, loss: 'iou+xent', always: true },
  { architecture: 'UNet-xs', size: 16, loss: 'iou' },
  { architecture: SMALL_VGG, size: 16, loss: 'dice' },
  { architecture: SMALL_VGG, size: 16, loss: 'bce', positiveWeight: 3 },
  { architecture: SMALL_VGG, size: 16, loss: 'lovasz' },
  { architecture: SMALL_VGG, size: 16, loss: 'focal', positiveWeight: 0.5 }
]

function specOf({ architecture, size, loss }: Case): NetworkSpec {
  return parseArchitecture(architecture, size, outputsOf(loss))
}

function objectiveOf(which: Case): Objective {
  return { ...DEFAULTS, ...which }
}

function batchesOf(spec: NetworkSpec): Record<string, Batch> {
  return {
    'a full batch with flat images, ties and unknown pixels': someBatch(spec, 3),
    'a partial batch': someBatch(spec, 1, 'mixed', 2),
    'a batch without foreground': someBatch(spec, 2, 'no foreground'),
    'dropped units': dropHalf(spec, someBatch(spec, 2))
  }
}

/** What a case comes to: by an engine, or by the definitions in 64-bit arithmetic. */
interface Outcome<W> {
  gradients: Record<string, { loss: number; gradients: W }>
  prediction: ArrayLike<number>
  afterThreeSteps: W
}

async function outcomeOn(engine: Engine, which: Case): Promise<Outcome<Weights>> {
  const spec = specOf(which)
  const network = await compiled(engine, which)
  const gradients: Outcome<Weights>['gradients'] = {}
  for (const [name, batch] of Object.entries(batchesOf(spec)))
    gradients[name] = await network.gradients(batch)
  const prediction = await network.predict(someBatch(spec, 3).images, 3)
  for (let step = 1; step <= 3; step++) await network.step(someBatch(spec, 1, 'mixed', step), rateOf(step))
  const afterThreeSteps = await network.readWeights()
  network.dispose()
  return { gradients, prediction, afterThreeSteps }
}

function expectedOutcome(which: Case): Outcome<PlainWeights> {
  const spec = specOf(which)
  const objective = objectiveOf(which)
  const weights = plainWeights(someWeights(spec))
  return {
    gradients: Object.fromEntries(
      Object.entries(batchesOf(spec)).map(([name, batch]) => [
        name,
        plainGradients(spec, weights, batch, objective)
      ])
    ),
    prediction: plainPrediction(spec, weights, someBatch(spec, 3), objective),
    afterThreeSteps: plainAdam(
      weights,
      rateOf,
      3,
      (current, step) => plainGradients(spec, current, someBatch(spec, 1, 'mixed', step), objective).gradients
    )
  }
}

async function compiled(engine: Engine, which: Case): Promise<CompiledNetwork> {
  const spec = specOf(which)
  const network = await engine.compile(spec, objectiveOf(which))
  await network.writeWeights(someWeights(spec))
  return network
}

function titleOf({ architecture, size, loss, reluLogits }: Case): string {
  return `${architecture} at ${size}², ${loss}${reluLogits ? ' with clipped logits' : ''}`
}

function largest(values: Float64Array | Float32Array): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

const expectations = new Map<string, Outcome<PlainWeights>>()
const engines: EngineReport[] = []
for (const name of ENGINES) {
  engines.push(await inspectEngine(name, () => openEngine(name, { threads: null })))
}

beforeAll(() => {
  for (const which of CASES) expectations.set(titleOf(which), expectedOutcome(which))
}, 240_000)

for (const { name, available, detail } of engines) {
  if (available) describe(name, () => contract(name, detail !== null))
  else
    test(name, ({ skip }) => {
      if (process.env.REQUIRE_ALL) expect.fail(detail ?? 'not available')
      skip(detail ?? 'not available')
    })
}

function contract(name: EngineName, software: boolean): void {
  let engine: Engine
  beforeAll(async () => {
    engine = (await openEngine(name, { threads: null })).engine
  })
  afterAll(() => engine.dispose())

  const cases = CASES.filter(({ always }) => always || !software)

  describe.each(cases.map((which) => [titleOf(which), which] as const))('%s', (title, which) => {
    const spec = specOf(which)
    let outcome: Outcome<Weights>
    beforeAll(async () => {
      outcome = await outcomeOn(engine, which)
    }, 240_000)

    test.each(Object.keys(batchesOf(spec)))(
      'has the loss and the gradients of 64-bit arithmetic on %s',
      (batch) => {
        const expected = expectations.get(title)!.gradients[batch]!
        const actual = outcome.gradients[batch]!
        expect(actual.loss).toBeCloseTo(expected.loss, 5)
        expect([...actual.gradients.keys()]).toEqual([...expected.gradients.keys()])
        for (const [parameter, values] of expected.gradients) {
          const difference = largestDifference(actual.gradients.get(parameter)!, values)
          expect(difference, parameter).toBeLessThanOrEqual(1e-4 * largest(values) + 1e-9)
        }
      }
    )

    test('predicts as 64-bit arithmetic', () => {
      const expected = expectations.get(title)!.prediction
      expect(outcome.prediction).toHaveLength(expected.length)
      expect(largestDifference(outcome.prediction, expected)).toBeLessThan(1e-5)
    })

    test('has the weights of 64-bit arithmetic after three steps', () => {
      const expected = expectations.get(title)!.afterThreeSteps
      let apart = 0
      let count = 0
      for (const [parameter, values] of expected) {
        const actual = outcome.afterThreeSteps.get(parameter)!
        // Adam's first steps go by the gradient's sign, which rounding decides where the gradient is nearly zero.
        expect(largestDifference(actual, values), parameter).toBeLessThan(6 * LEARNING_RATE)
        values.forEach((value, i) => {
          if (Math.abs(actual[i]! - value) > 0.02 * LEARNING_RATE) apart++
        })
        count += values.length
      }
      expect(apart / count).toBeLessThan(0.005)
    })
  })

  const unet = CASES.find(({ architecture, always }) => architecture === 'UNet-xs' && always)!
  const vgg = CASES.find(({ architecture, always }) => architecture === SMALL_VGG && always)!

  test('a batch that is all unknown has loss 0 and moves nothing', async () => {
    for (const which of software ? [vgg] : [vgg, unet]) {
      const spec = specOf(which)
      const network = await compiled(engine, which)
      const batch = someBatch(spec, 2, 'all unknown')
      const { loss, gradients } = await network.gradients(batch)
      expect(loss).toBe(0)
      for (const values of gradients.values()) expect(largest(values)).toBe(0)
      await network.step(batch, LEARNING_RATE)
      expect(await network.losses()).toEqual([0])
      expect(await network.readWeights()).toEqual(someWeights(spec))
      network.dispose()
    }
  })

  test('dropped units change the loss, and predictions drop nothing', async () => {
    const spec = specOf(vgg)
    const network = await compiled(engine, vgg)
    const batch = someBatch(spec, 2)
    const whole = await network.gradients(batch)
    const dropped = await network.gradients(dropHalf(spec, batch))
    expect(Math.abs(whole.loss - dropped.loss)).toBeGreaterThan(1e-4)
    const before = await network.predict(batch.images, 2)
    await network.gradients(dropHalf(spec, batch))
    expect(await network.predict(batch.images, 2)).toEqual(before)
    network.dispose()
  })

  test('training lowers the loss', async () => {
    const network = await compiled(engine, vgg)
    const batch = someBatch(specOf(vgg), 2)
    await network.step(batch, LEARNING_RATE)
    for (let step = 0; step < 6; step++) await network.step(batch, LEARNING_RATE)
    const losses = await network.losses()
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    network.dispose()
  })

  test('losses of several steps arrive in order and once', async () => {
    const spec = specOf(vgg)
    const network = await compiled(engine, vgg)
    expect(await network.losses()).toEqual([])
    const expected: number[] = []
    for (let step = 1; step <= 3; step++) {
      const batch = someBatch(spec, step, 'mixed', step)
      expected.push((await network.gradients(batch)).loss)
      await network.step(batch, LEARNING_RATE)
    }
    const losses = await network.losses()
    expect(losses).toHaveLength(3)
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 5))
    expect(new Set(losses).size).toBe(3)

    const batch = someBatch(spec, 1, 'mixed', 4)
    const { loss } = await network.gradients(batch)
    await network.step(batch, LEARNING_RATE)
    expect(await network.losses()).toEqual([expect.closeTo(loss, 5)])
    expect(await network.losses()).toEqual([])
    network.dispose()
  })

  test('two runs have the same bits, and so has one that was stored and went on elsewhere', async () => {
    const spec = specOf(vgg)
    const batch = (step: number) => dropHalf(spec, someBatch(spec, 2, 'mixed', step), step)
    const whole = await compiled(engine, vgg)
    const stopped = await compiled(engine, vgg)
    for (let step = 1; step <= 2; step++) {
      await whole.step(batch(step), LEARNING_RATE)
      await stopped.step(batch(step), LEARNING_RATE)
    }
    const weights = packWeights(spec, await stopped.readWeights())
    const optimiser = packOptimiser(spec, await stopped.readOptimiser())
    stopped.dispose()
    expect(weights).toEqual(packWeights(spec, await whole.readWeights()))

    const resumed = await engine.compile(spec, objectiveOf(vgg))
    await resumed.writeWeights(unpackWeights(spec, weights))
    await resumed.writeOptimiser(unpackOptimiser(spec, optimiser))
    for (let step = 3; step <= 4; step++) {
      await whole.step(batch(step), LEARNING_RATE)
      await resumed.step(batch(step), LEARNING_RATE)
    }
    expect(packWeights(spec, await resumed.readWeights())).toEqual(
      packWeights(spec, await whole.readWeights())
    )
    expect(packOptimiser(spec, await resumed.readOptimiser())).toEqual(
      packOptimiser(spec, await whole.readOptimiser())
    )
    expect((await resumed.readOptimiser()).step).toBe(4)
    whole.dispose()
    resumed.dispose()
  })

  test('memory stays as it is over steps and predictions, and is given back', async () => {
    const held = () => ({ ...tf.memory(), values: tf.engine().backend.numDataIds() })
    const which = software ? vgg : unet
    const beforehand = held()
    const network = await compiled(engine, which)
    const batch = someBatch(specOf(which), 2)
    const work = async () => {
      await network.step(batch, LEARNING_RATE)
      await network.losses()
      await network.gradients(batch)
      await network.predict(batch.images, batch.count)
    }
    await work()
    const once = held()
    for (let round = 0; round < 3; round++) await work()
    const { numTensors, numBytes, values } = held()
    expect({ numTensors, numBytes, values }).toEqual({
      numTensors: once.numTensors,
      numBytes: once.numBytes,
      values: once.values
    })
    network.dispose()
    expect(held().numTensors).toBe(beforehand.numTensors)
    expect(held().values).toBe(beforehand.values)
  })
}
