/**
 * Runs `work` at most once at a time. Calls during a run are answered by one further run, so that a flood of
 * changes costs no flood of requests and the last one is never missed.
 *
 * @param pause Milliseconds between the end of a run and the further one.
 */
export function coalesced(work: () => Promise<void>, pause = 0): () => Promise<void> {
  let running: Promise<void> | null = null
  let following: Promise<void> | null = null

  const run = (): Promise<void> => {
    running = work().finally(() => (running = null))
    return running
  }

  const runAgain = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined)
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    following = null
    return run()
  }

  return () => {
    if (following) return following
    if (!running) return run()
    following = runAgain(running)
    return following
  }
}
