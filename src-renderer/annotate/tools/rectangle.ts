import type { Point } from '#core/mask/paint'
import { paintPolygon } from '#core/mask/polygon'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** A drag shorter than this is a click and paints nothing, in CSS pixels. */
const LEAST_DRAG = 2

/** Paints the whole pixels from the one under the press to the one under the pointer: idle → drawing → idle. */
export class Rectangle implements Tool {
  #from: Pointer | null = null
  #to: Point = { x: 0, y: 0 }
  #value: MaskValue = FOREGROUND
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'drawing' {
    return this.#from ? 'drawing' : 'idle'
  }

  get preview(): Preview | null {
    if (!this.#from) return null
    this.#preview ??= { value: this.#value, path: { points: this.#corners(), closed: true } }
    return this.#preview
  }

  pointerDown(pointer: Pointer): void {
    this.#from = pointer
    this.#to = pointer.image
    this.#value = pointer.value
    this.#preview = null
  }

  pointerMove({ image }: Pointer): void {
    this.#to = image
    this.#preview = null
  }

  pointerUp(): void {
    if (!this.#from) return
    const { image, scale } = this.#from
    const way = Math.hypot(this.#to.x - image.x, this.#to.y - image.y) * scale
    const [corners, value] = [this.#corners(), this.#value]
    this.cancel()
    if (way < LEAST_DRAG) return
    this.#context.strokes.draw('rectangle', (mask, stroke) => paintPolygon(mask, stroke, corners, value))
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    this.#from = null
    this.#preview = null
  }

  /** Around whole pixels. */
  #corners(): Point[] {
    const from = this.#from!.image
    const to = this.#to
    const [left, right] = [Math.floor(Math.min(from.x, to.x)), Math.floor(Math.max(from.x, to.x)) + 1]
    const [top, bottom] = [Math.floor(Math.min(from.y, to.y)), Math.floor(Math.max(from.y, to.y)) + 1]
    return [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom }
    ]
  }
}
