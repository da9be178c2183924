import { JaccardError } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import { predictAll, type Framed, type Prediction, type TilePredictor } from '#core/learning/predictAll'
import type { EngineName } from '#core/network/engine'
import { messagesOf, type StartTrainer, type TrainerMessage, type TrainerPort } from './port'
import { LAST_RESORT } from './trainers'

/** A run's model, ready to predict in a process of its own. */
export interface Predictor {
  engine: EngineName
  device: string
  /** Whole frames, in order; they have to be framed as the model's configuration says. */
  predict<Item extends Framed>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Prediction<Item>>
  /** Puts other packed weights of the same network in the place of those that it has. */
  load(weights: Uint8Array): Promise<void>
  close(): void
}

/** What a predictor is made from. */
export interface Model {
  config: TrainConfig
  /** Packed weights. */
  weights: Uint8Array
}

/**
 * Starts a predictor on the engine that trained the model, or, on a machine that does not have it, on the one that
 * every machine has; `engine` tells which it is.
 *
 * @throws JaccardError what the trainer fails with.
 */
export async function startPredictor(
  startTrainer: StartTrainer,
  model: Model,
  trainedOn: EngineName
): Promise<Predictor> {
  try {
    return await predictorOn(trainedOn, startTrainer, model)
  } catch (error) {
    const absent = error instanceof JaccardError && error.code === 'missing-part'
    if (!absent || trainedOn === LAST_RESORT) throw error
    return predictorOn(LAST_RESORT, startTrainer, model)
  }
}

async function predictorOn(engine: EngineName, startTrainer: StartTrainer, model: Model): Promise<Predictor> {
  const { config, weights } = model
  const port = startTrainer(engine)
  const messages = messagesOf(port)
  try {
    await port.send({ type: 'open', engine, threads: config.threads })
    const { device } = await answer(messages, 'opened')
    await port.send({ type: 'load', config, weights })
    return {
      engine,
      device,
      predict: (items) => predictAll(tilePredictor(port, messages), items, config),
      load: (weights) => port.send({ type: 'load', config, weights }),
      close: () => port.kill()
    }
  } catch (error) {
    port.kill()
    throw error
  }
}

/** The network in the trainer. */
function tilePredictor(port: TrainerPort, messages: AsyncGenerator<TrainerMessage, never>): TilePredictor {
  let request = 0
  return {
    async predict(images, count) {
      await port.send({ type: 'predict', request: ++request, images, count })
      return (await answer(messages, 'predictions')).probabilities
    }
  }
}

/** The next message of this type. */
async function answer<Type extends TrainerMessage['type']>(
  messages: AsyncGenerator<TrainerMessage, never>,
  type: Type
): Promise<Extract<TrainerMessage, { type: Type }>> {
  for (;;) {
    const { value } = await messages.next()
    if (isOf(value, type)) return value
  }
}

function isOf<Type extends TrainerMessage['type']>(
  message: TrainerMessage,
  type: Type
): message is Extract<TrainerMessage, { type: Type }> {
  return message.type === type
}
