/** A line of long works, of which one is under way and the one asked for last comes next. */
export interface Line {
  /**
   * Does a work, unless one of the same key waits or is under way, which then is everyone's. One that waits is given
   * up when all who asked for it have left.
   *
   * @throws what the work throws, or the signal's reason.
   */
  ask(key: string, work: () => Promise<void>, signal?: AbortSignal): Promise<void>
}

interface Work {
  key: string
  start(): void
  /** What becomes of it. */
  done: Promise<void>
  /** How many wait for it. */
  askers: number
}

export function createLine(): Line {
  /** The last one is next. */
  const waiting: Work[] = []
  let running: Work | null = null

  function add(key: string, run: () => Promise<void>): Work {
    let start = () => undefined as void
    const done = new Promise<void>((resolve) => (start = resolve)).then(run).finally(() => {
      running = null
      next()
    })
    // Nobody may be left to hear of a failure.
    done.catch(() => undefined)
    return { key, start: () => start(), done, askers: 0 }
  }

  function next(): void {
    running ??= waiting.pop() ?? null
    running?.start()
  }

  function find(key: string, run: () => Promise<void>): Work {
    if (running?.key === key) return running
    const place = waiting.findIndex((work) => work.key === key)
    const work = place < 0 ? add(key, run) : waiting.splice(place, 1)[0]!
    waiting.push(work)
    return work
  }

  return {
    async ask(key, run, signal) {
      signal?.throwIfAborted()
      const work = find(key, run)
      work.askers++
      next()
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          work.askers--
          const place = waiting.indexOf(work)
          if (work.askers === 0 && place >= 0) waiting.splice(place, 1)
          reject(signal!.reason as Error)
        }
        signal?.addEventListener('abort', leave, { once: true })
        void work.done.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
      })
    }
  }
}
