import type { Point } from '#core/mask/paint'
import { paintPolygon } from '#core/mask/polygon'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** Outlines an area freehand: idle → drawing → idle. Letting go closes the outline and paints it. */
export class Lasso implements Tool {
  #outline: Point[] | null = null
  #value: MaskValue = FOREGROUND
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'drawing' {
    return this.#outline ? 'drawing' : 'idle'
  }

  get preview(): Preview | null {
    if (!this.#outline) return null
    this.#preview ??= { value: this.#value, path: { points: this.#outline, closed: true } }
    return this.#preview
  }

  pointerDown({ image, value }: Pointer): void {
    this.#outline = [image]
    this.#value = value
    this.#preview = null
  }

  pointerMove({ image }: Pointer): void {
    this.#outline?.push(image)
    this.#preview = null
  }

  pointerUp(): void {
    const [outline, value] = [this.#outline, this.#value]
    this.cancel()
    if (!outline || outline.length < 3) return
    this.#context.strokes.draw('lasso', (mask, stroke) => paintPolygon(mask, stroke, outline, value))
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    this.#outline = null
    this.#preview = null
  }
}
