import type { EngineReport } from '#core/api/values'
import { messagesOf, type StartTrainer } from '#main/training/port'

/**
 * Which engines work on this machine and how fast they are, found out in a trainer of its own: a driver that crashes
 * takes nothing along.
 */
export async function inspectEngines(startTrainer: StartTrainer): Promise<EngineReport[]> {
  const port = startTrainer('auto')
  try {
    const messages = messagesOf(port)
    await port.send({ type: 'inspect' })
    for (;;) {
      const { value } = await messages.next()
      if (value.type === 'engines') return value.engines
    }
  } finally {
    port.kill()
  }
}

/** The same, asked once for as long as it succeeds: engines do not come and go while a host runs. */
export function inspectOnce(startTrainer: StartTrainer): () => Promise<EngineReport[]> {
  let known: Promise<EngineReport[]> | null = null
  return () => {
    known ??= inspectEngines(startTrainer).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}
