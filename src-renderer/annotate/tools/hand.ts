import type { Point } from '#core/mask/paint'

/** What the hand moves. */
export interface Movable {
  pan(dx: number, dy: number): void
  /** Zooms at once by a factor around a point of the window. */
  zoom(factor: number, anchor: Point): void
}

/** Nearer fingers than this say nothing about a zoom, in CSS pixels. */
const LEAST_SPREAD = 10

/**
 * Moves the image under the window. States: idle, panning (a pointer is down), pinching (two fingers or more are, of
 * which the first two count, until all are lifted). Points are the window's.
 */
export class Hand {
  #last: Point | null = null
  #fingers = new Map<number, Point>()
  #pinches = false
  readonly #image: Movable

  constructor(image: Movable) {
    this.#image = image
  }

  get state(): 'idle' | 'panning' | 'pinching' {
    if (this.#pinches) return 'pinching'
    return this.#last ? 'panning' : 'idle'
  }

  pointerDown(point: Point): void {
    this.#last = point
  }

  pointerMove(point: Point): void {
    if (!this.#last) return
    this.#image.pan(point.x - this.#last.x, point.y - this.#last.y)
    this.#last = point
  }

  pointerUp(): void {
    this.#last = null
  }

  /** A finger goes down; with the second one the pinch begins. */
  fingerDown(finger: number, point: Point): void {
    this.#fingers.set(finger, point)
    if (this.#fingers.size === 1) return
    this.#pinches = true
    this.#last = null
  }

  fingerMove(finger: number, point: Point): void {
    if (!this.#fingers.has(finger)) return
    const [a, b] = this.#firstTwo()
    this.#fingers.set(finger, point)
    const [c, d] = this.#firstTwo()
    if (!this.#pinches || !a || !b || !c || !d) return
    const before = middle(a, b)
    const after = middle(c, d)
    this.#image.pan(after.x - before.x, after.y - before.y)
    const spread = Math.hypot(b.x - a.x, b.y - a.y)
    if (spread >= LEAST_SPREAD) this.#image.zoom(Math.hypot(d.x - c.x, d.y - c.y) / spread, after)
  }

  fingerUp(finger: number): void {
    this.#fingers.delete(finger)
    if (this.#fingers.size === 0) this.#pinches = false
  }

  #firstTwo(): Point[] {
    return [...this.#fingers.values()].slice(0, 2)
  }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}
