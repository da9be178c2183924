import * as ort from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { LOSSES, outputsOf, type LossName, type LossSettings } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { lossOf } from '#core/learning/losses'
import { createRandom } from '#core/learning/random'
import { BATCH, createGraph } from '#core/network/onnx/graph'
import { lossNode } from '#core/network/onnx/losses'
import { CPU } from '#core/network/onnx/provider'
import { createTape } from '#core/network/onnx/tape'

const [COUNT, HEIGHT, WIDTH] = [2, 3, 4]
const PIXELS = COUNT * HEIGHT * WIDTH

const masks: Record<string, (draw: number) => number> = {
  mixed: (draw) => draw,
  empty: () => 0,
  full: () => 1,
  'all unknown': () => 2
}
const scales = { small: 1, tied: 0, large: 80, huge: 1e4 }

/** The loss of logits `[N, outputs, H, W]` and its gradient as a model. */
function lossModel(settings: LossSettings): Uint8Array {
  const graph = createGraph()
  const logits = graph.input('logits', 'float32', [BATCH, outputsOf(settings.loss), HEIGHT, WIDTH])
  const labels = graph.input('labels', 'float32', [BATCH, 1, HEIGHT, WIDTH])
  const tape = createTape(graph, CPU)
  const loss = lossNode(tape, settings, logits, labels)
  graph.output('loss', loss)
  graph.output('gradient', tape.gradients(loss, [logits])[0]!)
  return graph.encode()
}

const cases = LOSSES.flatMap((loss) => [false, true].map((other): [LossName, boolean] => [loss, other]))

test.each(cases)('the graph of %s, other settings %s, is the pure function', async (loss, other) => {
  const outputs = outputsOf(loss)
  const settings = { loss, reluLogits: other, positiveWeight: other ? 3 : 1, focusing: other ? 0.5 : 2 }
  const session = await ort.InferenceSession.create(lossModel(settings), { logSeverityLevel: 3 })
  for (const [mask, labelOf] of Object.entries(masks)) {
    for (const [name, scale] of Object.entries(scales)) {
      const random = createRandom(1, loss, mask)
      const label = Uint8Array.from({ length: PIXELS }, () => labelOf(random.integer(3)))
      const logits = Float32Array.from({ length: PIXELS * outputs }, () => scale * random.normal())
      const expected = lossOf(settings, logits, label)
      const planes = new ort.Tensor('float32', channelsFirst(logits, outputs), [
        COUNT,
        outputs,
        HEIGHT,
        WIDTH
      ])
      const labels = new ort.Tensor('float32', Float32Array.from(label), [COUNT, 1, HEIGHT, WIDTH])
      const results = await session.run({ logits: planes, labels })
      const where = `${mask}, ${name}`
      const value = results.loss!.data[0] as number
      expect(Math.abs(value - expected.loss) / Math.max(1, expected.loss), where).toBeLessThan(1e-6)
      const gradient = results.gradient!.data as Float32Array
      const slopes = channelsFirst(Float32Array.from(expected.gradient), outputs)
      slopes.forEach((slope, i) => expect(Math.abs(gradient[i]! - slope), where).toBeLessThan(1e-6))
    }
  }
  await session.release()
})

test.each(LOSSES)('the graph of %s has a loss that is no number where a logit is none', async (loss) => {
  const outputs = outputsOf(loss)
  const settings = { ...DEFAULTS, loss }
  const session = await ort.InferenceSession.create(lossModel(settings), { logSeverityLevel: 3 })
  const logits = Float32Array.from({ length: PIXELS * outputs }, (_, i) => (i % 5 ? 1 : NaN))
  const results = await session.run({
    logits: new ort.Tensor('float32', logits, [COUNT, outputs, HEIGHT, WIDTH]),
    labels: new ort.Tensor('float32', new Float32Array(PIXELS).fill(1), [COUNT, 1, HEIGHT, WIDTH])
  })
  expect(results.loss!.data[0]).toBeNaN()
  await session.release()
})

/** `[N, H, W, C]` → `[N, C, H, W]`. */
function channelsFirst(values: Float32Array, channels: number): Float32Array {
  const area = HEIGHT * WIDTH
  return Float32Array.from(values, (_, i) => {
    const image = Math.floor(i / (area * channels))
    const channel = Math.floor(i / area) % channels
    return values[(image * area + (i % area)) * channels + channel]!
  })
}
