import type { Point } from '#core/mask/paint'

/** Moves the image under the window: idle → panning → idle. Points are the window's. */
export class Hand {
  #last: Point | null = null
  readonly #pan: (dx: number, dy: number) => void

  constructor(pan: (dx: number, dy: number) => void) {
    this.#pan = pan
  }

  get state(): 'idle' | 'panning' {
    return this.#last ? 'panning' : 'idle'
  }

  pointerDown(point: Point): void {
    this.#last = point
  }

  pointerMove(point: Point): void {
    if (!this.#last) return
    this.#pan(point.x - this.#last.x, point.y - this.#last.y)
    this.#last = point
  }

  pointerUp(): void {
    this.#last = null
  }
}
