import type { Point } from '#core/mask/paint'
import type { Size, View } from './view'

/** A step of an arrow key in CSS pixels of the window; with Shift it is one pixel of the image. */
const STEP = 10
/** So far from the window's rim the pointer stays: the image moves instead. */
const MARGIN = 40

/** A place under the pointer. */
export interface Place {
  /** In pixels of the image, the middle of one. */
  image: Point
  /** In CSS pixels of the window. */
  window: Point
}

/** What the pointer moves over and acts on. */
export interface Ground {
  readonly view: View
  readonly window: Size
  /** Pixels of the image. */
  readonly image: Size
  /** Moves the image, so that the pointer stays in sight. */
  pan(dx: number, dy: number): void
  press(place: Place): void
  move(place: Place): void
  release(): void
}

const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 }
}

/**
 * A pointer for whoever has neither mouse nor pen: arrow keys move it from pixel to pixel, Space is its button. It is
 * there from the keyboard's arrival on the canvas until it leaves or a real pointer comes.
 */
export class KeyboardPointer {
  #at: Point | null = null
  #last: Point | null = null
  #isPressed = false
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** Null while it is not there. */
  get place(): Place | null {
    if (!this.#at) return null
    const { x, y, scale } = this.#ground.view
    return { image: this.#at, window: { x: this.#at.x * scale + x, y: this.#at.y * scale + y } }
  }

  /** Where it was last, or in the middle of what is seen. */
  appear(): void {
    const { view, window } = this.#ground
    const middle = {
      x: (window.width / 2 - view.x) / view.scale,
      y: (window.height / 2 - view.y) / view.scale
    }
    this.#at = this.#within(this.#last ?? middle)
    this.#follow()
  }

  /** Lets go of what it holds. */
  vanish(): void {
    this.#letGo()
    this.#last = this.#at
    this.#at = null
  }

  /** @param key As in `KeyboardEvent.key`. @returns Whether the key was meant for it. */
  keyDown({ key, shiftKey, repeat }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'repeat'>): boolean {
    if (!this.#at) return false
    if (key === ' ') {
      if (!repeat && !this.#isPressed) {
        this.#isPressed = true
        this.#ground.press(this.place!)
      }
      return true
    }
    const direction = DIRECTIONS[key]
    if (!direction) return false
    const step = shiftKey ? 1 : Math.max(1, Math.round(STEP / this.#ground.view.scale))
    this.#at = this.#within({ x: this.#at.x + direction.x * step, y: this.#at.y + direction.y * step })
    this.#follow()
    return true
  }

  keyUp({ key }: Pick<KeyboardEvent, 'key'>): void {
    if (key === ' ') this.#letGo()
  }

  #letGo(): void {
    if (!this.#isPressed) return
    this.#isPressed = false
    this.#ground.release()
  }

  #follow(): void {
    const { window } = this.#ground
    const { x, y } = this.place!.window
    const beyond = (at: number, room: number) => Math.max(0, MARGIN - at) + Math.min(0, room - MARGIN - at)
    const [dx, dy] = [beyond(x, window.width), beyond(y, window.height)]
    if (dx !== 0 || dy !== 0) this.#ground.pan(dx, dy)
    this.#ground.move(this.place!)
  }

  /** The middle of the nearest pixel of the image. */
  #within({ x, y }: Point): Point {
    const { width, height } = this.#ground.image
    const middle = (at: number, length: number) => Math.min(length - 1, Math.max(0, Math.floor(at))) + 0.5
    return { x: middle(x, width), y: middle(y, height) }
  }
}
