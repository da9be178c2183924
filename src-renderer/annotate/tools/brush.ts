import type { Point } from '#core/mask/paint'
import type { MaskValue } from '#core/mask/values'

/** What a brush paints into. */
export interface PaintTarget {
  /** False while the mask must not change, for example while an undo is under way. */
  readonly ready: boolean
  begin(): void
  /** From one point of the image to another; the same point twice is a dab. */
  paint(from: Point, to: Point, radius: number, value: MaskValue): void
  /** The stroke is done and goes to be saved under the tool's name. */
  commit(tool: string): void
  revert(): void
}

export interface BrushStyle {
  tool: string
  /** In pixels of the image. */
  radius: number
  value: MaskValue
}

interface Gesture extends BrushStyle {
  points: Point[]
  /** How many of the points are on the mask already. */
  painted: number
  ended: boolean
}

/**
 * Brush and eraser: idle → painting → idle. Points are collected as they come, however many, and painted at the
 * next tick. A gesture that starts while the target is not ready waits in line and loses nothing.
 */
export class Brush {
  #gestures: Gesture[] = []
  readonly #target: PaintTarget

  constructor(target: PaintTarget) {
    this.#target = target
  }

  get state(): 'idle' | 'painting' {
    return this.#gestures.some(({ ended }) => !ended) ? 'painting' : 'idle'
  }

  pointerDown(point: Point, style: BrushStyle): void {
    this.#gestures.push({ ...style, points: [point], painted: 0, ended: false })
  }

  pointerMove(point: Point): void {
    const gesture = this.#gestures.at(-1)
    if (gesture && !gesture.ended) gesture.points.push(point)
  }

  pointerUp(): void {
    const gesture = this.#gestures.at(-1)
    if (!gesture || gesture.ended) return
    gesture.ended = true
    this.tick()
  }

  /** Takes back the stroke that is being painted. */
  cancel(): void {
    const gesture = this.#gestures.at(-1)
    if (!gesture || gesture.ended) return
    this.#gestures.pop()
    if (gesture.painted > 0) this.#target.revert()
  }

  /** Paints what has come since the last tick. */
  tick(): void {
    for (let gesture; (gesture = this.#gestures[0]) && this.#target.ready;) {
      const { points, radius, value, tool } = gesture
      if (gesture.painted === 0) this.#target.begin()
      for (; gesture.painted < points.length; gesture.painted++) {
        const to = points[gesture.painted]!
        this.#target.paint(points[gesture.painted - 1] ?? to, to, radius, value)
      }
      if (!gesture.ended) return
      this.#gestures.shift()
      this.#target.commit(tool)
    }
  }
}
