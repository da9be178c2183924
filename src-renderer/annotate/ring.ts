import type { Point } from '#core/mask/paint'
import type { BrushShape } from '#core/mask/segment'
import { strokeTwice } from './preview'
import { crossAt } from './seeing/loupe'

/** The ring around the cursor, in the window's pixels. */
export interface Ring {
  at: Point
  /** Half of its width; a cross has one of its own. */
  radius: number
  shape: BrushShape | 'cross'
  erases: boolean
}

/** From the middle of the cross to beyond its ends. */
const CROSS = 16
/** Room for the line around the ring. */
const LINE = 3
/** A ring of a larger radius would be a picture too large to be worth it. */
const LARGEST = 250

/**
 * The ring as a small picture over all layers. Wherever the cursor goes, it is the picture that moves: nothing is drawn,
 * and of the large layers none changes.
 */
export class RingPicture {
  readonly #canvas = document.createElement('canvas')
  #drawn = ''

  constructor(container: HTMLElement) {
    this.#canvas.style.cssText =
      'position:absolute;left:0;top:0;display:none;pointer-events:none;will-change:transform'
    container.append(this.#canvas)
  }

  /** Whether it can show this ring. */
  static takes({ radius }: Ring): boolean {
    return radius <= LARGEST
  }

  /** @param ring Null takes it away. @param ratio Screen pixels per CSS pixel. */
  show(ring: Ring | null, ratio: number): void {
    this.#canvas.style.display = ring ? 'block' : 'none'
    if (!ring) return
    const middle = ring.shape === 'cross' ? CROSS : Math.ceil(ring.radius) + LINE
    this.#draw(ring, middle, ratio)
    const [x, y] = [ring.at.x, ring.at.y].map((place) => Math.round((place - middle) * ratio) / ratio)
    this.#canvas.style.transform = `translate(${x}px, ${y}px)`
  }

  #draw({ radius, shape, erases }: Ring, middle: number, ratio: number): void {
    const looks = [radius, shape, erases, ratio].join()
    if (looks === this.#drawn) return
    this.#drawn = looks
    this.#canvas.width = this.#canvas.height = Math.ceil(2 * middle * ratio)
    this.#canvas.style.width = this.#canvas.style.height = `${this.#canvas.width / ratio}px`
    const context = this.#canvas.getContext('2d')!
    context.scale(ratio, ratio)
    drawRing(context, { at: { x: middle, y: middle }, radius, shape, erases })
  }
}

export function drawRing(context: CanvasRenderingContext2D, { at, radius, shape, erases }: Ring): void {
  context.save()
  context.beginPath()
  if (shape === 'cross') crossAt(context, at)
  else if (shape === 'round') context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  else context.rect(at.x - radius, at.y - radius, 2 * radius, 2 * radius)
  context.setLineDash(erases ? [5, 4] : [])
  strokeTwice(context)
  context.restore()
}
