import type { TrainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import { createRandom } from '#core/learning/random'
import type { Sample } from '#core/learning/sample'
import type { EngineName } from '#core/network/engine'
import { forkTrainer } from '#main/training/fork.node'
import { messagesOf } from '#main/training/port'
import type { Work } from './works'

/** What a training run's steps took, and how much of that they waited for their batches. */
export interface Waiting {
  engine: EngineName
  steps: number
  /** Of all steps. */
  milliseconds: number
  waitedMilliseconds: number
}

/** The run ends after these steps or this time, whichever comes first. */
const LENGTH = { steps: 40, minutes: 0.5 }
/** Images of the run: several epochs, and a validation now and then. */
const IMAGES = { train: 60, validation: 4 }

/**
 * Trains as the app does, in a trainer process with everything that it does between two steps: batches of shuffled,
 * mirrored images and dropout factors, made by a thread of their own while the network computes.
 *
 * @throws JaccardError when the trainer fails.
 */
export async function measureWaiting(engine: EngineName, threads: number, work: Work): Promise<Waiting> {
  const config: TrainConfig = { ...DEFAULTS, ...work, ...LENGTH, seed: 0, engine, threads, flips: true }
  const trainer = forkTrainer()
  const waiting: Waiting = { engine, steps: 0, milliseconds: 0, waitedMilliseconds: 0 }
  try {
    const messages = messagesOf(trainer)
    await trainer.send({ type: 'open', engine, threads })
    for (const split of ['train', 'validation'] as const) {
      for (let i = 0; i < IMAGES[split]; i++) {
        await trainer.send({ type: 'sample', split, sample: noise(`${split} ${i}`, work.size) })
      }
    }
    await trainer.send({ type: 'train', config, resume: null })
    for await (const message of messages) {
      if (message.type !== 'event') continue
      const { event } = message
      if (event.type === 'finished') break
      if (event.type !== 'step') continue
      waiting.steps++
      waiting.milliseconds += event.milliseconds
      waiting.waitedMilliseconds += event.waitedMilliseconds
    }
    return waiting
  } finally {
    trainer.kill()
  }
}

/** An image of noise whose label has a block of foreground. */
function noise(name: string, size: number): Sample {
  const random = createRandom(0, 'bench', name)
  return {
    imageId: 1,
    width: size,
    height: size,
    image: Uint8Array.from({ length: size * size * 3 }, () => random.integer(256)),
    label: Uint8Array.from({ length: size * size }, (_, i) => (i % size < size / 3 ? 1 : 0))
  }
}

/** The figures as a Markdown table. */
export function tableOfWaiting(rows: Waiting[]): string[] {
  if (rows.length === 0) return []
  return [
    '| training loop | steps | ms a step, mean | of it waiting for the batch | share |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ engine, steps, milliseconds, waitedMilliseconds }) => {
      const [step, waited] = [milliseconds, waitedMilliseconds].map((sum) => (sum / steps).toFixed(1))
      const share = ((100 * waitedMilliseconds) / milliseconds).toFixed(1)
      return `| ${engine} | ${steps} | ${step} | ${waited} ms | ${share} % |`
    })
  ]
}
