import { levelCount, parentOf, PICTURE_TILE, tileInImage, type PictureTile } from '#core/picture/pyramid'
import { sampleTiles, type PictureSample } from '../seeing/sample-pixels'
import type { Size } from '../view'
import type { Picture, Sight } from './picture'
import { loadTile, preparingUrl, tileUrl, type TileAddress } from './tile-address'
import { planTiles } from './tile-plan'
import type { TileStore } from './tile-store'
import { loadElement } from './whole-picture'

/** Tiles that are made already are announced sooner, in milliseconds. */
const PATIENCE = 300

/** Auto contrast looks into so many tiles to each side. */
const SAMPLED_TILES = 8

/**
 * A large picture: draws the tiles in sight at the level that fits the zoom. Where one is not there yet, the finest
 * of the coarser ones that are, or a small picture of the whole, is drawn in its place.
 */
export class TiledPicture implements Picture {
  readonly size: Size
  onchange = (): void => undefined
  readonly #address: TileAddress
  readonly #store: TileStore<ImageBitmap>
  #preparing: { promise: Promise<void>; end: AbortController } | null = null
  /** The whole picture, small. */
  #overview: HTMLImageElement
  readonly #largerUrl: string
  #isEnlarging = false
  #isPrepared = false
  /** What is drawn through a filter comes together here first, so that the filter is applied once. */
  #collected: OffscreenCanvas | null = null

  /**
   * @param overview A small picture of it, to begin with. @param largerUrl Address of a larger one, for the time until
   *   the tiles are made.
   */
  constructor(
    size: Size,
    address: TileAddress,
    store: TileStore<ImageBitmap>,
    overview: HTMLImageElement,
    largerUrl: string
  ) {
    this.size = size
    this.#address = address
    this.#store = store
    this.#overview = overview
    this.#largerUrl = largerUrl
  }

  prepare(): Promise<void> {
    if (!this.#preparing) {
      const end = new AbortController()
      const preparing = { promise: this.#prepare(end.signal), end }
      this.#preparing = preparing
      preparing.promise.catch(() => {
        if (this.#preparing === preparing) this.#preparing = null
      })
    }
    return this.#preparing.promise
  }

  interrupt(): void {
    if (this.#isPrepared) return
    this.#preparing?.end.abort()
    this.#preparing = null
  }

  draw(context: CanvasRenderingContext2D, sight: Sight): void {
    const { seen, wanted } = planTiles(this.size, sight)
    if (this.#isPrepared) {
      this.#store.want(
        sight.viewer,
        wanted.map((tile) => this.#urlOf(tile))
      )
    } else if (!this.#isEnlarging) {
      this.#isEnlarging = true
      setTimeout(() => void this.#enlarge(), PATIENCE)
    }
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    if (sight.filter === 'none') this.#drawTiles(context, seen, sight)
    else this.#drawFiltered(context, seen, sight)
    context.restore()
  }

  leave(viewer: Sight['viewer']): void {
    this.#store.want(viewer, [])
  }

  async sample(): Promise<PictureSample> {
    await this.prepare()
    const across = spread(Math.ceil(this.size.width / PICTURE_TILE))
    const rows: ImageBitmap[][] = []
    for (const row of spread(Math.ceil(this.size.height / PICTURE_TILE))) {
      const loading = across.map((column) => loadTile(this.#urlOf({ level: 0, column, row })))
      rows.push(await Promise.all(loading))
    }
    const sample = sampleTiles(rows)
    for (const tile of rows.flat()) tile.close()
    return sample
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const response = await fetch(preparingUrl(this.#address), { signal })
    if (!response.ok) throw new Error(await response.text())
    this.#isPrepared = true
    this.onchange()
  }

  /** Shows a larger picture of the whole, where its tiles take their time. */
  async #enlarge(): Promise<void> {
    if (this.#isPrepared) return
    this.#overview = await loadElement(this.#largerUrl).catch(() => this.#overview)
    this.onchange()
  }

  #urlOf(tile: PictureTile): string {
    return tileUrl(this.#address, tile)
  }

  #drawTiles(
    context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
    tiles: PictureTile[],
    { view, ratio }: Sight
  ): void {
    // Tiles end on whole screen pixels, or fine lines would show between them.
    const column = (x: number) => Math.round((x * view.scale + view.x) * ratio)
    const row = (y: number) => Math.round((y * view.scale + view.y) * ratio)
    for (const tile of tiles) {
      const area = tileInImage(this.size, tile)
      const [left, top] = [column(area.x), row(area.y)]
      const [width, height] = [column(area.x + area.width) - left, row(area.y + area.height) - top]
      const source = this.#sourceOf(tile)
      const [x, y] = [(area.x - source.x) * source.scale, (area.y - source.y) * source.scale]
      // From actual size on the person looks at pixels, unless these are not there yet.
      context.imageSmoothingEnabled = view.scale < 1 || !source.isExact
      context.drawImage(
        source.picture,
        ...([x, y, area.width * source.scale, area.height * source.scale] as const),
        ...([left, top, width, height] as const)
      )
    }
  }

  /**
   * The best picture there is of a tile: its own, of a coarser one, or of the whole. Its pixel (0, 0) lies at x and y
   * of the image, and `scale` of its pixels are one of the image's.
   */
  #sourceOf(tile: PictureTile): {
    picture: ImageBitmap | HTMLImageElement
    x: number
    y: number
    scale: number
    isExact: boolean
  } {
    for (let at = tile; at.level < levelCount(this.size); at = parentOf(at)) {
      const picture = this.#store.get(this.#urlOf(at))
      if (!picture) continue
      const { x, y } = tileInImage(this.size, at)
      return { picture, x, y, scale: 1 / 2 ** at.level, isExact: at === tile }
    }
    const scale = this.#overview.naturalWidth / this.size.width
    return { picture: this.#overview, x: 0, y: 0, scale, isExact: false }
  }

  #drawFiltered(context: CanvasRenderingContext2D, tiles: PictureTile[], sight: Sight): void {
    const { view, box, ratio } = sight
    const [left, top] = [Math.floor(box.x * ratio), Math.floor(box.y * ratio)]
    const [width, height] = [Math.ceil(box.width * ratio) + 1, Math.ceil(box.height * ratio) + 1]
    this.#collected ??= new OffscreenCanvas(width, height)
    Object.assign(this.#collected, { width, height })
    const moved = { ...view, x: view.x - left / ratio, y: view.y - top / ratio }
    this.#drawTiles(this.#collected.getContext('2d')!, tiles, { ...sight, view: moved })
    context.filter = sight.filter
    context.drawImage(this.#collected, left, top)
  }
}

/** So many of a row of tiles, evenly spread. */
function spread(count: number): number[] {
  const taken = Math.min(SAMPLED_TILES, count)
  return Array.from({ length: taken }, (_, i) => Math.floor(((i + 0.5) * count) / taken))
}
