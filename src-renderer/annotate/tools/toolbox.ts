import type { Point } from '#core/mask/paint'
import { BACKGROUND, FOREGROUND } from '#core/mask/values'
import { Brush, type PaintTarget } from './brush'
import { Hand } from './hand'

export type ToolName = 'brush' | 'eraser'

/** A pointer, seen from the image and from the window. */
export interface Pointer {
  image: Point
  window: Point
}

export interface Press extends Pointer {
  button: 'left' | 'middle' | 'right'
}

/** What the tools act on. */
export interface Workplace extends PaintTarget {
  /** No mask is open, or the project is read-only: the hand works, the brush does not. */
  readonly canPaint: boolean
  readonly tool: ToolName
  /** In pixels of the image. */
  readonly radius: number
  pan(dx: number, dy: number): void
}

/**
 * Decides which tool a gesture belongs to when it starts, and keeps it there until it ends. States: `idle`,
 * `brush.painting`, `hand.panning`.
 */
export class Toolbox {
  /** Alt is held: the brush erases. */
  altHeld = false
  /** Space is held: the next gesture moves the image. */
  spaceHeld = false

  readonly #place: Workplace
  readonly #brush: Brush
  readonly #hand: Hand
  /** The right button paints: whatever the tool, it erases. */
  #rightHeld = false

  constructor(place: Workplace) {
    this.#place = place
    this.#brush = new Brush(place)
    this.#hand = new Hand((dx, dy) => place.pan(dx, dy))
  }

  get state(): 'idle' | 'brush.painting' | 'hand.panning' {
    if (this.#hand.state === 'panning') return 'hand.panning'
    return this.#brush.state === 'painting' ? 'brush.painting' : 'idle'
  }

  /** What the stroke under the pointer does, or one would do that started now with the left button. */
  get erases(): boolean {
    return this.#place.tool === 'eraser' || this.altHeld || this.#rightHeld
  }

  pointerDown({ image, window, button }: Press): void {
    if (this.state !== 'idle') return
    if (button === 'middle' || this.spaceHeld) {
      this.#hand.pointerDown(window)
      return
    }
    if (!this.#place.canPaint) return
    this.#rightHeld = button === 'right'
    this.#brush.pointerDown(image, {
      tool: this.erases ? 'eraser' : 'brush',
      radius: this.#place.radius,
      value: this.erases ? BACKGROUND : FOREGROUND
    })
  }

  pointerMove({ image, window }: Pointer): void {
    this.#hand.pointerMove(window)
    this.#brush.pointerMove(image)
  }

  pointerUp(): void {
    this.#hand.pointerUp()
    this.#brush.pointerUp()
    this.#rightHeld = false
  }

  /** Esc: takes back the stroke under the pointer; leaves everything else as it is. */
  cancel(): void {
    this.#hand.pointerUp()
    this.#brush.cancel()
    this.#rightHeld = false
  }

  /** Once a frame. */
  tick(): void {
    this.#brush.tick()
  }
}
