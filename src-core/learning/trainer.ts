import { toTrainer, type FromTrainer, type ToTrainer } from '#core/api/trainer'
import { JaccardError, messageOf } from '#core/errors'
import { batchesAhead, type StartBatchThread } from '#core/learning/batchesAhead'
import type { OpenBatches } from '#core/learning/batchSource'
import { outputsOf } from '#core/learning/config'
import { inspectEngine } from '#core/learning/inspect'
import { train } from '#core/learning/loop'
import { sharedSample, type Sample } from '#core/learning/sample'
import { parseArchitecture } from '#core/network/architecture'
import type { CompiledNetwork, Engine, EngineName, EngineOptions, OpenedEngine } from '#core/network/engine'
import { unpackWeights } from '#core/network/weights'

/** What a process that trains brings along; everything else about a trainer is the same in all of them. */
export interface TrainerSurroundings {
  openEngine(name: EngineName, options: EngineOptions): Promise<OpenedEngine>
  startBatchThread: StartBatchThread
  /** Sends a message; resolves when it is on its way and waiting messages have been heard. */
  post(message: FromTrainer): Promise<void>
  /** Resolves when waiting messages have been heard. */
  breathe(): Promise<void>
}

/**
 * A trainer's side of the protocol: takes its messages one after the other and answers each fault with `failed`.
 *
 * @returns What to call with every message that arrives.
 */
export function createTrainer(surroundings: TrainerSurroundings): (message: unknown) => void {
  const { openEngine, startBatchThread, post, breathe } = surroundings
  const samples: Record<'train' | 'validation', Sample[]> = { train: [], validation: [] }
  const signal = { aborted: false }
  let engine: Engine | null = null
  let loaded: CompiledNetwork | null = null

  const opened = () => {
    if (engine) return engine
    throw new JaccardError('usage', 'The trainer was given work before it was told which engine to open.')
  }

  async function handle(message: Exclude<ToTrainer, { type: 'cancel' }>): Promise<void> {
    switch (message.type) {
      case 'open':
        engine = (await openEngine(message.engine, { threads: message.threads })).engine
        return post({ type: 'opened', engine: engine.name, device: engine.device })
      case 'sample':
        // The thread that makes the batches reads them as well.
        samples[message.split].push(message.split === 'train' ? sharedSample(message.sample) : message.sample)
        return
      case 'train': {
        const { config, resume } = message
        const openBatches: OpenBatches = (plan) => batchesAhead(startBatchThread, plan)
        const options = { signal, resume: resume ?? undefined, breathe, openBatches }
        for await (const event of train(opened(), config, samples, options)) {
          await post({ type: 'event', event })
        }
        return
      }
      case 'load': {
        const { config, weights } = message
        const spec = parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
        loaded?.dispose()
        loaded = await opened().compile(spec, config)
        return loaded.writeWeights(unpackWeights(spec, weights))
      }
      case 'predict': {
        if (!loaded) throw new JaccardError('usage', 'The trainer was asked to predict without a model.')
        const probabilities = await loaded.predict(message.images, message.count)
        return post({ type: 'predictions', request: message.request, probabilities })
      }
      case 'inspect': {
        const open = () => openEngine(message.engine, { threads: null })
        return post({ type: 'inspected', report: await inspectEngine(message.engine, open) })
      }
    }
  }

  let queue = Promise.resolve()
  return (received) => {
    const message = toTrainer.parse(received)
    if (message.type === 'cancel') {
      signal.aborted = true
      return
    }
    queue = queue
      .then(() => handle(message))
      .catch((error: unknown) =>
        post({
          type: 'failed',
          code: error instanceof JaccardError ? error.code : null,
          message: messageOf(error)
        })
      )
  }
}
