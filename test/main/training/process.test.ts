import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RunProgress } from '#core/api/values'
import { trainConfig } from '#core/learning/config'
import { readCheckpoint } from '#main/store/checkpoints'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { forkTrainer } from '#main/training/fork.node'
import type { TrainerPort } from '#main/training/port'
import { createPredictions } from '#main/training/predictions'
import { createTraining, type Training } from '#main/training/service'
import { createTrainers } from '#main/training/trainers'
import { addDiscs } from '../../fixtures/discs'
import { temporaryProject } from '../../fixtures/project'

const config = trainConfig.parse({
  loss: 'iou+xent',
  architecture: 'VGG6xs-Fc6-k1-16-Deconv-k16s8',
  size: 32,
  batch: 4,
  learningRate: 1e-2,
  dropout: 0.2,
  steps: 30,
  minutes: null,
  seed: 3,
  engine: 'tfjs-wasm',
  threads: null,
  flips: true,
  reluLogits: false
})

/** A project with eight pictures whose trainers are processes of their own. */
async function setUp() {
  const project = await temporaryProject()
  const ids = await addDiscs(project, 6, 2)
  const ports: TrainerPort[] = []
  const startTrainer = () => {
    const port = forkTrainer()
    ports.push(port)
    return port
  }
  const training = createTraining(project, { trainers: createTrainers(startTrainer) })
  onTestFinished(() => training.close())
  return { project, ids, ports, training, predictions: createPredictions(project, startTrainer) }
}

async function follow(training: Training, id: number, at: (event: RunProgress) => void = () => undefined) {
  const heard: RunProgress[] = []
  for await (const event of training.subscribe(id, new AbortController().signal)) {
    heard.push(event)
    at(event)
  }
  return heard
}

function lastWeights(project: Project, id: number): Buffer {
  return Buffer.from(readCheckpoint(project, id, 'last').weights)
}

describe('a trainer in a process of its own', () => {
  it.each(['onnx-cpu', 'tfjs-wasm'] as const)(
    'trains a network on %s that beats the baselines, and to the same weights again, also over a break',
    async (engine) => {
      const { training, project, predictions, ports } = await setUp()
      const row = { ...config, engine, threads: 2, warmup: 5, patience: 8 }
      const whole = training.start(row)
      await follow(training, whole)
      const run = training.run(whole)
      expect(run).toMatchObject({ status: 'done', engine, steps: 30, best: { tunedOn: 2 } })
      const { background, foreground, meanMask } = run.baselines!
      expect(run.best!.mIoU).toBeGreaterThan(Math.max(background, foreground, meanMask) + 0.05)

      const again = training.start(row)
      await follow(training, again)
      expect(lastWeights(project, again)).toEqual(lastWeights(project, whole))

      const broken = training.start(row)
      await follow(training, broken, (event) => {
        if (event.type === 'step' && event.step === 12) training.cancel(broken)
      })
      expect(training.run(broken)).toMatchObject({ status: 'cancelled' })
      expect(training.run(broken).steps).toBeLessThan(30)
      training.resume(broken)
      await follow(training, broken)
      expect(lastWeights(project, broken)).toEqual(lastWeights(project, whole))
      const { best, bestStep, threshold } = run
      expect(training.run(broken)).toMatchObject({ best, bestStep, threshold })

      const evaluation = await predictions.evaluate(whole, 'validation', threshold)
      expect(evaluation.pooled.mIoU).toBeCloseTo(best!.mIoU, 6)
      for (const port of ports) expect(await port.exited).toBe('signal SIGKILL')
    }
  )

  it('takes nothing along when it is killed in the middle', async () => {
    const { training, project, ids, ports } = await setUp()
    const labels = ids.map((id) => readMask(project, id))
    const id = training.start({ ...config, steps: 10_000 })
    const heard = await follow(training, id, (event) => {
      if (event.type === 'step' && event.step === 15) ports[0]!.kill()
    })
    expect(heard.at(-1)).toMatchObject({ type: 'ended', run: { status: 'failed' } })
    const run = training.run(id)
    expect(run.message).toMatch(/SIGKILL.*resume/)
    expect(run.steps).toBeGreaterThanOrEqual(15)
    expect(readCheckpoint(project, id, 'best').step).toBe(run.bestStep)
    expect(ids.map((image) => readMask(project, image))).toEqual(labels)
    expect(project.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
  })

  it('ends when the process that started it is gone', async () => {
    const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
    const child = fork(at('src-main/training/trainer.node.ts'), [], {
      execArgv: ['--import', at('scripts/sources.mjs')],
      serialization: 'advanced'
    })
    child.send({ type: 'open', engine: 'tfjs-wasm', threads: null })
    await once(child, 'message')
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
