import type { ProjectChange } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { createBroadcast } from './broadcast'

/** The one project that a host has open, for all of its windows. */
export interface Session<T extends { close(): Promise<void> }> {
  current(): T | null
  /** @throws JaccardError `not-found` when none is open. */
  required(): T
  /** Puts another project in the place of the open one, which stays if the other cannot be opened. */
  replace(open: () => Promise<T>): Promise<T>
  close(): Promise<void>
  /** Tells every window. */
  changed(change: ProjectChange): void
  changes(signal: AbortSignal): AsyncIterable<ProjectChange>
}

/** A session without an open project. */
export function createSession<T extends { close(): Promise<void> }>(): Session<T> {
  const broadcast = createBroadcast<ProjectChange>()
  let current: T | null = null
  // Opening and closing wait for each other, so that no project is left open behind another.
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  async function release(): Promise<void> {
    const closing = current
    current = null
    await closing?.close()
  }

  return {
    current: () => current,
    required: () => {
      if (current) return current
      throw new JaccardError('not-found', 'No project is open; open one or make a new one first.')
    },
    replace: (open) =>
      inTurn(async () => {
        const next = await open()
        await release()
        current = next
        broadcast.send({ kind: 'project' })
        return next
      }),
    close: () =>
      inTurn(async () => {
        if (!current) return
        await release()
        broadcast.send({ kind: 'project' })
      }),
    changed: (change) => broadcast.send(change),
    changes: (signal) => broadcast.listen(signal)
  }
}
