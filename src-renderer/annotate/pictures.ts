/** How many decoded images are kept: the one on screen, its neighbours, and the last few. */
const KEPT = 6

/** Loads images, and keeps the latest so that going to a neighbour shows it at once. */
export class Pictures {
  #loading = new Map<string, Promise<HTMLImageElement>>()

  /** @throws Error if the image cannot be loaded. */
  load(url: string): Promise<HTMLImageElement> {
    const known = this.#loading.get(url)
    this.#loading.delete(url)
    const loading = known ?? loadPicture(url)
    this.#loading.set(url, loading)
    if (!known) loading.catch(() => this.#loading.delete(url))
    for (const oldest of this.#loading.keys()) {
      if (this.#loading.size <= KEPT) break
      this.#loading.delete(oldest)
    }
    return loading
  }

  /** Loads an image that may be wanted soon. */
  preload(url: string): void {
    void this.load(url).catch(() => undefined)
  }
}

async function loadPicture(url: string): Promise<HTMLImageElement> {
  const picture = new Image()
  picture.src = url
  await picture.decode()
  return picture
}
