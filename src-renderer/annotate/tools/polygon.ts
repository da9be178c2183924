import type { Point } from '#core/mask/paint'
import { paintPolygon } from '#core/mask/polygon'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** A click so near the first corner closes the outline, in CSS pixels. */
const CLOSING_DISTANCE = 10
/** A click so near the last corner is the second one of a double click, in CSS pixels. */
const SAME_PLACE = 3

/**
 * Outlines an area corner by corner: idle → drawing → idle. A click on the first corner, Enter or a double click
 * closes the outline and paints it; what it paints is decided by its first click.
 */
export class Polygon implements Tool {
  #corners: Point[] = []
  #value: MaskValue = FOREGROUND
  #pointer: Pointer | null = null
  /** The press under way has set a corner. */
  #hasSetCorner = false
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'drawing' {
    return this.#corners.length > 0 ? 'drawing' : 'idle'
  }

  get preview(): Preview | null {
    if (!this.#pointer || this.state === 'idle') return null
    this.#preview ??= {
      value: this.#value,
      path: { points: [...this.#corners, this.#pointer.image], closed: true },
      handles: [...this.#corners],
      closing: this.#isClosedBy(this.#pointer)
    }
    return this.#preview
  }

  pointerDown(pointer: Pointer): void {
    this.#see(pointer)
    if (this.#isClosedBy(pointer)) {
      this.finish()
      return
    }
    const last = this.#corners.at(-1)
    if (last && isNear(last, pointer, SAME_PLACE)) return
    if (!last) this.#value = pointer.value
    this.#corners.push(pointer.image)
    this.#hasSetCorner = true
  }

  pointerMove(pointer: Pointer): void {
    this.#see(pointer)
  }

  pointerUp(): void {
    this.#hasSetCorner = false
  }

  withdraw(): void {
    if (this.#hasSetCorner) this.stepBack()
    this.#hasSetCorner = false
  }

  cancel(): void {
    this.#corners = []
    this.#preview = null
  }

  finish(): boolean {
    if (this.state === 'idle') return false
    const [corners, value] = [this.#corners, this.#value]
    this.cancel()
    if (corners.length >= 3) {
      this.#context.strokes.draw('polygon', (mask, stroke) => paintPolygon(mask, stroke, corners, value))
    }
    return true
  }

  stepBack(): boolean {
    this.#preview = null
    return this.#corners.pop() !== undefined
  }

  #see(pointer: Pointer): void {
    this.#pointer = pointer
    this.#preview = null
  }

  #isClosedBy(pointer: Pointer): boolean {
    const [first] = this.#corners
    return first !== undefined && this.#corners.length >= 3 && isNear(first, pointer, CLOSING_DISTANCE)
  }
}

/** Whether a pointer is near a place of the image, by a distance in CSS pixels. */
function isNear(place: Point, { image, scale }: Pointer, distance: number): boolean {
  return Math.hypot(place.x - image.x, place.y - image.y) * scale <= distance
}
