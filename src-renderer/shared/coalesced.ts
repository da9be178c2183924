/**
 * Runs `work` at most once at a time. Calls during a run are answered by one further run, so that a flood of
 * changes costs no flood of requests and the last one is never missed.
 */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let following: Promise<void> | null = null

  const run = (): Promise<void> => {
    running = work().finally(() => (running = null))
    return running
  }

  return () => {
    if (!running) return run()
    following ??= running
      .catch(() => undefined)
      .then(() => {
        following = null
        return run()
      })
    return following
  }
}
