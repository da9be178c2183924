import { isLarge } from '#core/picture/pyramid'
import type { Size } from '../view'
import type { Picture } from './picture'
import { loadTile, type TileAddress } from './tile-address'
import { TileStore } from './tile-store'
import { TiledPicture } from './tiled-picture'
import { loadElement, WholePicture } from './whole-picture'

/** How many images are kept: the one on screen, its neighbours, and the last few. */
const KEPT = 6

/** Of images in one piece, so many pixels and at least one: three of 25 megapixels, all six of 12. */
const KEPT_PIXELS = 76e6

/** Decoded tiles of all images together, a megabyte each. A screen of 1920 × 1080 sees 50 at the most. */
const KEPT_TILES = 192

/** Where an image is loaded from. */
export interface PictureAddress {
  /** The whole image; also its name among all. */
  url: string
  size: Size
  tiles: TileAddress
  /** Address of a small picture of it. */
  thumbnail(edge: number): string
}

interface Kept {
  pixels: number
  picture: Promise<Picture>
}

/** Loads images, and keeps the latest so that going to a neighbour shows it at once. */
export class Pictures {
  /** The one used last is the last. */
  #kept = new Map<string, Kept>()
  readonly #store = new TileStore(loadTile, KEPT_TILES)
  #shown: Picture | null = null
  /** Those that are prepared because they may be shown soon. */
  #soon = new Set<Picture>()

  constructor() {
    this.#store.onload = () => this.#shown?.onchange()
  }

  /**
   * Loads the image that is to be shown now, and begins to prepare it.
   *
   * @throws Error if it cannot be loaded.
   */
  async load(address: PictureAddress): Promise<Picture> {
    const picture = await this.#take(address)
    for (const other of this.#soon) if (other !== picture) other.interrupt()
    this.#soon.clear()
    if (this.#shown !== picture) this.#shown?.interrupt()
    this.#shown = picture
    // Whoever shows it asks for the same and is told.
    picture.prepare().catch(() => undefined)
    return picture
  }

  /** Loads an image that may be shown soon, and prepares it after the one that is shown. */
  preload(address: PictureAddress): void {
    void this.#preload(address).catch(() => undefined)
  }

  async #preload(address: PictureAddress): Promise<void> {
    const shown = this.#shown
    const picture = await this.#take(address)
    await shown?.prepare()
    if (this.#shown !== shown) return
    this.#soon.add(picture)
    await picture.prepare()
  }

  #take(address: PictureAddress): Promise<Picture> {
    const { url } = address
    const known = this.#kept.get(url)
    this.#kept.delete(url)
    const { width, height } = address.size
    const kept = known ?? {
      pixels: isLarge(address.size) ? 0 : width * height,
      picture: isLarge(address.size)
        ? this.#loadTiled(address)
        : loadElement(url).then((one) => new WholePicture(one))
    }
    this.#kept.set(url, kept)
    if (!known) kept.picture.catch(() => this.#kept.delete(url))
    this.#forgetOldest()
    return kept.picture
  }

  #forgetOldest(): void {
    let pixels = [...this.#kept.values()].reduce((sum, kept) => sum + kept.pixels, 0)
    for (const [url, kept] of this.#kept) {
      if ((this.#kept.size <= KEPT && pixels <= KEPT_PIXELS) || this.#kept.size === 1) break
      this.#kept.delete(url)
      pixels -= kept.pixels
    }
  }

  /** The small picture that lists show is there at once. */
  async #loadTiled({ size, tiles, thumbnail }: PictureAddress): Promise<Picture> {
    const overview = await loadElement(thumbnail(256))
    return new TiledPicture(size, tiles, this.#store, overview, thumbnail(1024))
  }
}
