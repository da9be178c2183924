import type { AskKind, Asks, FromWorker, SourceAddress, ToWorker } from './protocol'

/** Computes for the tools, off the window's thread. */
export interface Assist {
  /** Something may be asked soon: the image is read. */
  prepare(): void
  /**
   * Asks about the open image. Of several requests of one kind that wait, the last is carried out.
   *
   * @returns Null where a later request took its place, it was dropped, another image was opened, or it failed.
   */
  ask<K extends AskKind>(kind: K, request: Asks[K]['request']): Promise<Asks[K]['answer'] | null>
  /** Nobody waits for answers of this kind any more. */
  drop(kind: AskKind): void
}

/** A thread that answers. */
export interface AssistThread {
  post(message: ToWorker): void
  end(): void
}

/** Starts a thread; what it answers goes to `answered`, and `ended` is told why there is no more to come. */
export type StartAssistThread = (told: {
  answered(message: FromWorker): void
  ended(why: string): void
}) => AssistThread

interface Asked {
  kind: AskKind
  request: unknown
  resolve(answer: never): void
}

/**
 * Keeps one request under way and of each kind the latest in line, so that a flood of pointer moves leaves no queue
 * behind. The thread starts, and reads the image, when something is asked for the first time or soon.
 */
export class AssistClient implements Assist {
  readonly #start: StartAssistThread
  readonly #failed: (sentence: string) => void
  #thread: AssistThread | null = null
  #image: SourceAddress | null = null
  /** The image that the thread was told of. */
  #told: string | null = null
  #waiting = new Map<AskKind, Asked>()
  #running: (Asked & { id: number; isWanted: boolean }) | null = null
  #ids = 0

  /** @param failed Is told a sentence for the person. */
  constructor(start: StartAssistThread, failed: (sentence: string) => void) {
    this.#start = start
    this.#failed = failed
  }

  /** Another image is open, or none: nothing asked about the one before is answered any more. */
  show(image: SourceAddress | null): void {
    if (image?.url === this.#image?.url) return
    this.#image = image
    for (const kind of [...this.#waiting.keys()]) this.drop(kind)
    if (this.#running) this.drop(this.#running.kind)
  }

  ask<K extends AskKind>(kind: K, request: Asks[K]['request']): Promise<Asks[K]['answer'] | null> {
    if (this.#image === null) return Promise.resolve(null)
    this.#waiting.get(kind)?.resolve(null as never)
    return new Promise((resolve) => {
      this.#waiting.set(kind, { kind, request, resolve })
      this.#next()
    })
  }

  drop(kind: AskKind): void {
    this.#waiting.get(kind)?.resolve(null as never)
    this.#waiting.delete(kind)
    if (this.#running?.kind === kind && this.#running.isWanted) {
      this.#running.isWanted = false
      this.#running.resolve(null as never)
    }
  }

  /** Ends the thread; a later request starts another. */
  close(): void {
    this.show(null)
    this.#thread?.end()
    this.#thread = this.#told = this.#running = null
  }

  prepare(): void {
    if (this.#image === null || this.#told === this.#image.url) return
    const { url, size, tiles } = this.#image
    this.#told = url
    this.#thread ??= this.#start({
      answered: (message) => this.#answered(message),
      ended: (why) => this.#ended(why)
    })
    this.#thread.post({ open: { url, size, tiles } })
  }

  #next(): void {
    const [asked] = this.#waiting.values()
    if (this.#running || !asked || this.#image === null) return
    this.#waiting.delete(asked.kind)
    this.prepare()
    const id = ++this.#ids
    this.#running = { ...asked, id, isWanted: true }
    this.#thread!.post({ id, kind: asked.kind, request: asked.request } as ToWorker)
  }

  #answered(message: FromWorker): void {
    const running = this.#running
    if (running?.id !== message.id) return
    this.#running = null
    if (running.isWanted) {
      if ('failed' in message) this.#failed(message.failed)
      running.resolve(('failed' in message ? null : message.answer) as never)
    }
    this.#next()
  }

  #ended(why: string): void {
    const running = this.#running
    this.#thread?.end()
    this.#thread = this.#told = this.#running = null
    if (running?.isWanted) {
      this.#failed(`This tool’s helper ended: ${why}. Try again.`)
      running.resolve(null as never)
    }
    this.#next()
  }
}
