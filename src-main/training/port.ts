import { EventEmitter, on } from 'node:events'
import { fromTrainer, type FromTrainer, type ToTrainer } from '#core/api/trainer'
import { JaccardError } from '#core/errors'
import type { EngineName } from '#core/network/engine'

/** A trainer that runs somewhere else: a forked Node process, Electron's utility process, a hidden window. */
export interface TrainerPort {
  /** Resolves when the message is on its way, also when nobody hears it any more: `exited` tells of that. */
  send(message: ToTrainer): Promise<void>
  /** Calls the listener with every message, in order; called once, before anything is sent. */
  listen(listener: (message: FromTrainer) => void): void
  /** Resolves when the trainer has ended, for whatever reason, with how in words: `signal SIGKILL`. */
  readonly exited: Promise<string>
  /** Ends the trainer at once. */
  kill(): void
}

/** Starts a trainer in which this engine can run. */
export type StartTrainer = (engine: EngineName) => TrainerPort

/** A message as it came out of another process. */
export function received(message: unknown): FromTrainer {
  const parsed = fromTrainer.safeParse(message)
  if (parsed.success) return parsed.data
  return {
    type: 'failed',
    code: null,
    message: 'The trainer said something that this version of Jaccard does not understand; install it anew.'
  }
}

/** What a trainer says while all goes well. */
export type TrainerMessage = Exclude<FromTrainer, { type: 'failed' }>

/**
 * A port's messages, one after the other; never ends by itself, but when the taker stops.
 *
 * @throws JaccardError what the trainer failed with, or `training-failed` when it ended.
 */
export function messagesOf(port: TrainerPort): AsyncGenerator<TrainerMessage, never> {
  const emitter = new EventEmitter()
  // Listens from now on, not from when the first message is asked for.
  const events = on(emitter, 'message', { close: ['end'] }) as AsyncIterable<[FromTrainer]>
  port.listen((message) => emitter.emit('message', message))
  void port.exited.then(() => emitter.emit('end'))
  return checked(port, events)
}

async function* checked(
  port: TrainerPort,
  events: AsyncIterable<[FromTrainer]>
): AsyncGenerator<TrainerMessage, never> {
  for await (const [message] of events) {
    if (message.type === 'failed') throw new JaccardError(message.code ?? 'training-failed', message.message)
    yield message
  }
  throw new JaccardError(
    'training-failed',
    `The trainer ended unexpectedly (${await port.exited}); the labels are safe, and a run goes on from its ` +
      `last checkpoint when you resume it.`
  )
}
