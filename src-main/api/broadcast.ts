import { EventEmitter, on } from 'node:events'

/** Tells any number of listeners the same things, each at its own pace. */
export interface Broadcast<T> {
  send(value: T): void
  /** Everything that is sent from this call on, in order, until the signal; ends without an error. */
  listen(signal: AbortSignal): AsyncIterable<T>
}

/** A broadcast without listeners. What is sent while nobody listens is gone. */
export function createBroadcast<T>(): Broadcast<T> {
  const emitter = new EventEmitter<{ value: [T] }>().setMaxListeners(0)
  return {
    send: (value) => void emitter.emit('value', value),
    listen: (signal) => (signal.aborted ? ended() : untilAborted(on(emitter, 'value', { signal }), signal))
  }
}

async function* ended(): AsyncGenerator<never> {}

async function* untilAborted<T>(events: AsyncIterable<unknown[]>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    for await (const [value] of events) yield value as T
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
