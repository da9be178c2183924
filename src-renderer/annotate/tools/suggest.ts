import type { Point } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import { AreaStroke } from '../assist/area-stroke'
import { coverOfMask } from '../assist/covers'
import type { Cover } from '../assist/protocol'
import { BlobSearch, BlobStroke, isSuggested, regionsOf } from '../suggest/blobs'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/**
 * Takes over what a trained run suggests: idle → taking → idle. The blob under the pointer is shown, a click paints
 * it, dragging paints all that it crosses; `apply` paints the whole suggestion.
 */
export class Suggest implements Tool {
  #stroke: BlobStroke | AreaStroke | null = null
  /** The press under way. */
  #press: { stroke: BlobStroke; last: Point } | null = null
  #hover: { suggested: Mask; value: MaskValue; search: BlobSearch } | null = null
  /** Where the pointer is. */
  #at: Point | null = null
  /** The blob under the pointer. */
  #shown: { suggested: Mask; blob: Mask; cover: Cover } | null = null
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'taking' {
    return this.#stroke ? 'taking' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown({ image, value }: Pointer): void {
    const { suggested, strokes } = this.#context
    if (this.#stroke || !suggested) return
    const stroke: BlobStroke = new BlobStroke(suggested, value, () => this.#done(stroke))
    this.#stroke = stroke
    this.#press = { stroke, last: image }
    stroke.take(image)
    strokes.add(stroke)
  }

  pointerMove({ image, value }: Pointer): void {
    if (this.#press) {
      for (const place of placesBetween(this.#press.last, image)) this.#press.stroke.take(place)
      this.#press.last = image
    }
    this.#at = image
    this.#look(image, value)
  }

  pointerUp(): void {
    this.#press?.stroke.end()
    this.#press = null
    this.#context.strokes.tick()
  }

  tick(): void {
    if (!this.#hover) return
    const { suggested, value, search } = this.#hover
    const blob = search.go()
    if (!blob) {
      this.#context.requestFrame()
      return
    }
    this.#hover = null
    const cover = coverOfMask(blob.found, blob.bounds)
    this.#shown = { suggested, blob: blob.found, cover }
    this.#preview = { value, assist: { covers: [{ cover, value }] } }
    // The pointer may have gone on to another one.
    if (this.#at) this.#look(this.#at, value)
  }

  /** Paints all that is suggested. */
  apply(): void {
    const { suggested, strokes, settings } = this.#context
    if (this.#stroke || !suggested) return
    const stroke: AreaStroke = new AreaStroke('suggestion', () => this.#done(stroke))
    for (const region of regionsOf(suggested)) stroke.add(region, settings.value)
    stroke.end()
    this.#stroke = stroke
    strokes.add(stroke)
    strokes.tick()
    this.#context.requestFrame()
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#stroke = this.#press = null
  }

  /** Undo takes back what is on its way. */
  stepBack(): boolean {
    const wasTaking = this.#stroke !== null
    this.cancel()
    return wasTaking
  }

  leave(): void {
    this.#hover = this.#shown = this.#preview = this.#at = null
  }

  /** What was clicked is painted on its image. */
  reset(): void {
    this.#stroke?.hurry()
    this.#context.strokes.tick()
    this.cancel()
    this.leave()
  }

  #done(stroke: BlobStroke | AreaStroke): void {
    if (this.#stroke === stroke) this.#stroke = null
  }

  /** Sees to it that the blob at a place is shown. */
  #look(at: Point, value: MaskValue): void {
    const { suggested } = this.#context
    if (!suggested || !isSuggested(suggested, at)) {
      this.leave()
      return
    }
    if (this.#hover?.suggested === suggested) return
    const shown = this.#shown
    if (shown?.suggested === suggested && isSuggested(shown.blob, at)) {
      if (this.#preview?.value !== value) {
        this.#preview = { value, assist: { covers: [{ cover: shown.cover, value }] } }
      }
      return
    }
    this.#hover = { suggested, value, search: new BlobSearch(suggested, at) }
    this.#context.requestFrame()
  }
}

/** Every pixel on the way from one place to another, both included. */
function* placesBetween(from: Point, to: Point): Generator<Point> {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)))
  for (let step = 0; step <= steps; step++) {
    const share = step / steps
    yield { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
  }
}
