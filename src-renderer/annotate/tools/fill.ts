import { fillHoles, fillRegion } from '#core/mask/fill'
import type { Stroke } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import type { PaintTarget, PendingStroke } from './stroke-line'
import type { Pointer, Tool, ToolContext } from './tool'

/** So long a frame may be spent on filling. */
const MILLISECONDS = 5

/**
 * Fills what is clicked: idle → pressed → filling → idle. It begins when the pointer is let go, so that Esc and a
 * second finger come in time. A large region takes several frames, which the window keeps.
 */
export class Fill implements Tool {
  #press: Pointer | null = null
  #filling: Filling | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'pressed' | 'filling' {
    if (this.#press) return 'pressed'
    return this.#filling ? 'filling' : 'idle'
  }

  pointerDown(pointer: Pointer): void {
    this.#press = pointer
  }

  pointerMove(): void {
    // What was pressed counts.
  }

  pointerUp(): void {
    if (!this.#press) return
    const { image, value } = this.#press
    this.#press = null
    const { settings, strokes } = this.#context
    const fill = settings.fill === 'holes' ? fillHoles : fillRegion
    const filling: Filling = new Filling(
      (mask, stroke) => fill(mask, stroke, image, value),
      () => {
        if (this.#filling === filling) this.#filling = null
      }
    )
    this.#filling = filling
    strokes.add(filling)
    strokes.tick()
  }

  stepBack(): boolean {
    const wasFilling = this.#filling !== null
    this.cancel()
    return wasFilling
  }

  leave(): void {
    // What was clicked is filled to the end.
  }

  reset(): void {
    this.#filling?.hurry()
    this.#context.strokes.tick()
  }

  withdraw(): void {
    this.#press = null
  }

  cancel(): void {
    this.#press = null
    if (this.#filling) this.#context.strokes.drop(this.#filling)
    this.#filling = null
  }
}

/** A fill on its way, a few milliseconds of it at a time. */
class Filling implements PendingStroke {
  readonly tool = 'fill'
  #milliseconds = MILLISECONDS
  #steps: Generator<void, void> | null = null
  readonly #start: (mask: Mask, stroke: Stroke) => Generator<void, void>
  readonly #done: () => void

  constructor(start: (mask: Mask, stroke: Stroke) => Generator<void, void>, done: () => void) {
    this.#start = start
    this.#done = done
  }

  /** The rest is done in one go, however long it takes. */
  hurry(): void {
    this.#milliseconds = Infinity
  }

  paint(target: PaintTarget): boolean {
    const end = performance.now() + this.#milliseconds
    // Where the target has no mask any more, there is nothing left to do.
    let isDone = true
    target.draw((mask, stroke) => {
      this.#steps ??= this.#start(mask, stroke)
      do {
        isDone = this.#steps.next().done === true
      } while (!isDone && performance.now() < end)
    })
    if (isDone) this.#done()
    return isDone
  }
}
