import type { ReviewDetail } from '#core/api/values'

/** Memory that details may take; each is two bytes per pixel. */
const MOST_BYTES = 64 * 2 ** 20

/**
 * Keeps what was read last, up to a limit of memory, so that scrolling back and moving the threshold ask for
 * nothing twice.
 */
export class Details {
  readonly #read: (imageId: number) => Promise<ReviewDetail>
  readonly #most: number
  readonly #kept = new Map<number, Promise<ReviewDetail>>()

  /** @param most Bytes that may be kept. */
  constructor(read: (imageId: number) => Promise<ReviewDetail>, most = MOST_BYTES) {
    this.#read = read
    this.#most = most
  }

  get(imageId: number): Promise<ReviewDetail> {
    const kept = this.#kept.get(imageId)
    if (kept) {
      // Latest last, so that the first is the one that nobody has looked at for longest.
      this.#kept.delete(imageId)
      this.#kept.set(imageId, kept)
      return kept
    }
    const reading = this.#read(imageId)
    this.#kept.set(imageId, reading)
    reading.then(
      ({ width, height }) => this.#forgetBeyond(Math.max(1, Math.floor(this.#most / (2 * width * height)))),
      () => this.#kept.delete(imageId)
    )
    return reading
  }

  #forgetBeyond(count: number): void {
    for (const imageId of this.#kept.keys()) {
      if (this.#kept.size <= count) return
      this.#kept.delete(imageId)
    }
  }
}
