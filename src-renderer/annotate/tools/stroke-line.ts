import { paintPixels, type Region, type Stroke } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'

/** What strokes are painted into. */
export interface PaintTarget {
  /** False while the mask must not change, for example while an undo is under way. */
  readonly ready: boolean
  begin(): void
  /** Paints by the functions of `#core/mask`; all between `begin` and `commit` is one stroke. */
  draw(paint: (mask: Mask, stroke: Stroke) => void): void
  /** The stroke is done and goes to be saved under the tool's name, as one step of undo. */
  commit(tool: string): void
  revert(): void
}

/** A stroke that wants to be painted. */
export interface PendingStroke {
  readonly tool: string
  /** Paints what there is to paint by now; true once that was all. Called again every frame until then. */
  paint(target: PaintTarget): boolean
}

/**
 * The strokes that wait for the mask, in the order in which they were made: a stroke that is made while the target
 * is not ready waits and loses nothing.
 */
export class StrokeLine {
  #waiting: PendingStroke[] = []
  /** The first of the line has begun. */
  #begun = false
  readonly #target: PaintTarget

  constructor(target: PaintTarget) {
    this.#target = target
  }

  /** A stroke is under way or waits. */
  get busy(): boolean {
    return this.#waiting.length > 0
  }

  /** Paints a stroke, at the next tick at the earliest. */
  add(stroke: PendingStroke): void {
    this.#waiting.push(stroke)
  }

  /** Paints the pixels of a region as one stroke. */
  paintPixels(tool: string, region: Region, value: MaskValue): void {
    this.draw(tool, (mask, stroke) => paintPixels(mask, stroke, region, value))
  }

  /** Paints a stroke that is done in one go. */
  draw(tool: string, paint: (mask: Mask, stroke: Stroke) => void): void {
    this.add({
      tool,
      paint: (target) => {
        target.draw(paint)
        return true
      }
    })
    this.tick()
  }

  /** Takes a stroke back that is not committed yet; any other stays as it is. */
  drop(stroke: PendingStroke): void {
    const place = this.#waiting.indexOf(stroke)
    if (place < 0) return
    this.#waiting.splice(place, 1)
    if (place > 0 || !this.#begun) return
    this.#begun = false
    this.#target.revert()
  }

  /** Takes the last stroke back that is not committed yet; whether there was one. */
  dropLast(): boolean {
    const last = this.#waiting.at(-1)
    if (last) this.drop(last)
    return last !== undefined
  }

  /** Paints what has come since the last tick. */
  tick(): void {
    for (let stroke; (stroke = this.#waiting[0]) && this.#target.ready;) {
      if (!this.#begun) this.#target.begin()
      this.#begun = true
      if (!stroke.paint(this.#target)) return
      this.#waiting.shift()
      this.#begun = false
      this.#target.commit(stroke.tool)
    }
  }
}
