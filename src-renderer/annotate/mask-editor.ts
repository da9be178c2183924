import type { MaskContent, TilePatch } from '#core/api/values'
import { applyPatches, decodeMask } from '#core/mask/codec'
import { beginStroke, changedTiles, revertStroke, type Stroke } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'

/** The mask on screen: paints strokes into it and remembers which tiles have to be drawn again. */
export class MaskEditor {
  mask: Mask
  readonly imageId: number
  #stroke: Stroke | null = null
  /** Tiles that look different since they were last taken. */
  #stale: Set<number>

  constructor(imageId: number, content: MaskContent) {
    this.imageId = imageId
    this.mask = decodeMask(content.width, content.height, content.tiles)
    this.#stale = new Set(this.mask.tiles.keys())
  }

  get isPainting(): boolean {
    return this.#stroke !== null
  }

  begin(): void {
    this.#stroke = beginStroke()
  }

  /** Paints by a function of `#core/mask`; without a stroke that has begun, nothing. */
  draw(paint: (mask: Mask, stroke: Stroke) => void): void {
    if (!this.#stroke) return
    paint(this.mask, this.#stroke)
    this.#markStale(this.#stroke.touched)
    this.#stroke.touched.clear()
  }

  /** Ends the stroke; the tiles that it changed, as they are now. */
  finish(): TilePatch[] {
    if (!this.#stroke) return []
    const changed = changedTiles(this.mask, this.#stroke)
    this.#stroke = null
    return changed
  }

  revert(): void {
    if (!this.#stroke) return
    this.#markStale(this.#stroke.before.keys())
    revertStroke(this.mask, this.#stroke)
    this.#stroke = null
  }

  /** Takes over tiles as the project has them, for example after an undo. */
  apply(patches: TilePatch[]): void {
    applyPatches(this.mask, patches)
    this.#markStale(patches.map(({ index }) => index))
  }

  /** Takes over the whole mask as the project has it. */
  replace(content: MaskContent): void {
    this.#stroke = null
    this.#markStale(this.mask.tiles.keys())
    this.mask = decodeMask(content.width, content.height, content.tiles)
    this.#markStale(this.mask.tiles.keys())
  }

  /** The tiles to draw again; each is given once. */
  takeStale(): number[] {
    const stale = [...this.#stale]
    this.#stale.clear()
    return stale
  }

  /** Draws everything again, for example on a new canvas. */
  markAllStale(): void {
    this.#markStale(this.mask.tiles.keys())
  }

  #markStale(indices: Iterable<number>): void {
    for (const index of indices) this.#stale.add(index)
  }
}
