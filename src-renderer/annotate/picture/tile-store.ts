/** Tiles that are loaded side by side: as many as browsers take from one host. */
const AT_ONCE = 6

/** After so long a tile that could not be loaded is tried again, if it is still wanted. */
const RETRY_MILLISECONDS = 2000

interface Closable {
  close(): void
}

/**
 * Decoded tiles by their address. Loads what somebody wants, the most urgent first, stops loading what nobody wants any
 * more, and keeps a number of those that were used last.
 */
export class TileStore<Tile extends Closable> {
  /** Called when a tile has come. */
  onload: () => void = () => undefined

  /** The one used last is the last. */
  #tiles = new Map<string, Tile>()
  #loading = new Map<string, AbortController>()
  #failed = new Set<string>()
  /** By who wants them, the most urgent first. */
  #wanted = new Map<unknown, readonly string[]>()
  readonly #load: (url: string, signal: AbortSignal) => Promise<Tile>
  readonly #kept: number

  /** @param kept So many tiles stay, and beyond that only those that are wanted. */
  constructor(load: (url: string, signal: AbortSignal) => Promise<Tile>, kept: number) {
    this.#load = load
    this.#kept = kept
  }

  /** A tile that is there. It is closed some time after nobody has wanted it any more: draw it at once. */
  get(url: string): Tile | undefined {
    const tile = this.#tiles.get(url)
    if (tile) {
      this.#tiles.delete(url)
      this.#tiles.set(url, tile)
    }
    return tile
  }

  /**
   * Says what somebody wants now, the most urgent first, instead of what the same wanted before. What is there already
   * is named as well, so that it stays.
   */
  want(viewer: unknown, urls: readonly string[]): void {
    if (urls.length > 0) this.#wanted.set(viewer, urls)
    else this.#wanted.delete(viewer)
    const wanted = new Set([...this.#wanted.values()].flat())
    for (const [url, loading] of this.#loading) {
      if (wanted.has(url)) continue
      this.#loading.delete(url)
      loading.abort()
    }
    for (const url of wanted) {
      if (this.#loading.size >= AT_ONCE) break
      if (!this.#tiles.has(url) && !this.#loading.has(url) && !this.#failed.has(url)) void this.#fetch(url)
    }
    for (const [url, tile] of this.#tiles) {
      if (this.#tiles.size <= this.#kept) break
      if (wanted.has(url)) continue
      this.#tiles.delete(url)
      tile.close()
    }
  }

  async #fetch(url: string): Promise<void> {
    const loading = new AbortController()
    this.#loading.set(url, loading)
    try {
      const tile = await this.#load(url, loading.signal)
      if (this.#loading.get(url) !== loading) {
        tile.close()
        return
      }
      this.#tiles.set(url, tile)
    } catch {
      if (this.#loading.get(url) !== loading) return
      this.#failed.add(url)
      setTimeout(() => {
        this.#failed.delete(url)
        this.#goOn()
      }, RETRY_MILLISECONDS)
    }
    this.#loading.delete(url)
    this.#goOn()
    if (this.#tiles.has(url)) this.onload()
  }

  #goOn(): void {
    const [first] = this.#wanted
    if (first) this.want(...first)
  }
}
