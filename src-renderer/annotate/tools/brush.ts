import type { Point } from '#core/mask/paint'
import { paintSegment, paintSquareSegment, type BrushShape } from '#core/mask/segment'
import { BACKGROUND, type MaskValue } from '#core/mask/values'
import type { PaintTarget, PendingStroke } from './stroke-line'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** A point of a stroke, with the brush's radius there. */
interface Dab extends Point {
  radius: number
}

/** Where the radius changes along a segment, it is painted in pieces that differ by at most so many pixels. */
const RADIUS_STEP = 0.5

/**
 * Brush and eraser: idle → painting → idle. Points are collected as they come, however many, and painted at the
 * next tick. With Shift a stroke begins where the last one ended: clicks make straight lines.
 */
export class Brush implements Tool {
  #stroke: BrushStroke | null = null
  /** Where the last stroke on this image ended. */
  #last: Point | null = null
  /** The pointer between strokes, while Shift is held. */
  #aim: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'painting' {
    return this.#stroke ? 'painting' : 'idle'
  }

  get preview(): Preview | null {
    return this.#aim
  }

  pointerDown(pointer: Pointer): void {
    const { settings, strokes } = this.#context
    this.#aim = null
    this.#stroke = new BrushStroke(pointer.value, settings.size / 2, settings.shape, settings.pressure)
    if (pointer.shift && this.#last) this.#stroke.moveTo({ ...pointer, image: this.#last })
    this.#stroke.moveTo(pointer)
    strokes.add(this.#stroke)
  }

  pointerMove(pointer: Pointer): void {
    if (this.#stroke) {
      this.#stroke.moveTo(pointer)
    } else if (pointer.shift && this.#last) {
      this.#aim = { value: pointer.value, path: { points: [this.#last, pointer.image], closed: false } }
    } else {
      this.#aim = null
    }
  }

  pointerUp(): void {
    if (!this.#stroke) return
    this.#last = this.#stroke.end()
    this.#stroke = null
    this.#context.strokes.tick()
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#stroke = null
  }

  reset(): void {
    this.#last = this.#aim = null
  }
}

/** One stroke of the brush; its size and shape are those of its start. */
class BrushStroke implements PendingStroke {
  readonly #value: MaskValue
  readonly #radius: number
  readonly #shape: BrushShape
  readonly #pressure: boolean
  #dabs: Dab[] = []
  /** How many of the dabs are on the mask already. */
  #painted = 0
  #ended = false

  constructor(value: MaskValue, radius: number, shape: BrushShape, pressure: boolean) {
    this.#value = value
    this.#radius = radius
    this.#shape = shape
    this.#pressure = pressure
  }

  get tool(): string {
    return this.#value === BACKGROUND ? 'eraser' : 'brush'
  }

  moveTo({ image, pressure }: Pointer): void {
    const factor = this.#pressure && pressure !== null ? pressure : 1
    this.#dabs.push({ ...image, radius: Math.max(0.5, this.#radius * factor) })
  }

  /** Nothing more comes; where the stroke ends. */
  end(): Point {
    this.#ended = true
    return this.#dabs.at(-1)!
  }

  paint(target: PaintTarget): boolean {
    const paintPiece = this.#shape === 'square' ? paintSquareSegment : paintSegment
    target.draw((mask, stroke) => {
      for (; this.#painted < this.#dabs.length; this.#painted++) {
        const to = this.#dabs[this.#painted]!
        const from = this.#dabs[this.#painted - 1] ?? to
        const pieces = Math.max(1, Math.ceil(Math.abs(to.radius - from.radius) / RADIUS_STEP))
        for (let piece = 1; piece <= pieces; piece++) {
          const start = between(from, to, (piece - 1) / pieces)
          const end = between(from, to, piece / pieces)
          paintPiece(mask, stroke, start, end, end.radius, this.#value)
        }
      }
    })
    return this.#ended
  }
}

/** The dab on the way from one to another, at a share of the way from 0 to 1. */
function between(from: Dab, to: Dab, share: number): Dab {
  if (share === 0) return from
  if (share === 1) return to
  const mix = (a: number, b: number) => a + (b - a) * share
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), radius: mix(from.radius, to.radius) }
}
