import { createMask, isBackground, type Mask, type Rectangle } from '#core/mask/tiles'
import { BACKGROUND } from '#core/mask/values'
import { Overlay } from '../overlay'
import type { Size, View } from '../view'

/** How much of the image the inside of a suggestion hides, 0 to 1. */
const FILL = 0.28

/** A suggested mask under the painted one: what of it is not painted yet, lightly filled and outlined. */
export class Ghost {
  readonly #overlay: Overlay
  #suggested: Mask | null = null
  #left: Mask = createMask(1, 1)

  /** @param colour `#rrggbb` */
  constructor(colour: string) {
    this.#overlay = new Overlay(coloursOf(colour))
  }

  /** @param mask What is painted. */
  show(suggested: Mask | null, mask: Mask | null): void {
    this.#suggested = suggested
    this.#overlay.clear()
    this.#left = createMask(suggested?.width ?? 1, suggested?.height ?? 1)
    if (suggested && mask) this.update(mask, suggested.tiles.keys())
  }

  /** These tiles of what is painted have changed. */
  update(mask: Mask, indices: Iterable<number>): void {
    if (!this.#suggested) return
    const changed = [...indices].filter((index) => this.#suggested!.tiles.has(index))
    for (const index of changed) {
      const left = unpainted(this.#suggested.tiles.get(index)!, mask.tiles.get(index))
      if (isBackground(left)) this.#left.tiles.delete(index)
      else this.#left.tiles.set(index, left)
    }
    this.#overlay.update(this.#left, changed)
  }

  setColour(colour: string): void {
    this.#overlay.setColours(coloursOf(colour))
  }

  /** As `Overlay.draw`. */
  draw(context: CanvasRenderingContext2D, image: Size, view: View, box: Rectangle, ratio: number): boolean {
    if (!this.#suggested) return true
    context.save()
    context.globalAlpha = FILL
    this.#overlay.outline = false
    const isFilled = this.#overlay.draw(context, image, view, box, ratio)
    context.globalAlpha = 1
    this.#overlay.outline = true
    const isOutlined = this.#overlay.draw(context, image, view, box, ratio)
    context.restore()
    return isFilled && isOutlined
  }
}

function coloursOf(colour: string) {
  return { foreground: colour, unknown: colour }
}

/** The pixels of a suggested tile on which nothing is painted. */
function unpainted(suggested: Uint8Array, painted: Uint8Array | undefined): Uint8Array {
  return painted ? suggested.map((value, at) => (painted[at] ? BACKGROUND : value)) : suggested
}
