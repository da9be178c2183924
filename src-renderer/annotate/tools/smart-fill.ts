import type { Point } from '#core/mask/paint'
import { BACKGROUND } from '#core/mask/values'
import { AreaStroke } from '../assist/area-stroke'
import type { Found, Scribble } from '../assist/protocol'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** Half of a scribble's width, in pixels of the window. */
const RADIUS = 3

/**
 * Smart fill: idle → scribbling → filling → idle. Rough scribbles say what is foreground and, with Alt, what is
 * background; after each the filling is shown. Enter paints it, Esc gives it up, Backspace takes the last scribble
 * back.
 */
export class SmartFill implements Tool {
  #scribbles: Scribble[] = []
  #drawing: { points: Point[]; radius: number; isForeground: boolean } | null = null
  /** How often was asked: only the last answer belongs to the scribbles. */
  #asked = 0
  #found: Found | null = null
  /** Enter was pressed before the answer was there. */
  #isWanted = false
  #stroke: AreaStroke | null = null
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'scribbling' | 'filling' | 'painting' {
    if (this.#stroke) return 'painting'
    if (this.#drawing) return 'scribbling'
    return this.#scribbles.length > 0 ? 'filling' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown({ image, scale, value }: Pointer): void {
    if (this.#stroke) return
    this.#isWanted = false
    this.#drawing = {
      points: [image],
      radius: Math.max(0.5, RADIUS / scale),
      isForeground: value !== BACKGROUND
    }
    this.#show()
  }

  pointerMove({ image }: Pointer): void {
    if (!this.#drawing) {
      this.#context.assist.prepare()
      return
    }
    this.#drawing.points.push(image)
    this.#show()
  }

  pointerUp(): void {
    if (!this.#drawing) return
    this.#scribbles.push(this.#drawing)
    this.#drawing = null
    void this.#ask()
  }

  withdraw(): void {
    this.#drawing = null
    this.#show()
  }

  cancel(): void {
    this.#context.assist.drop('smart-fill')
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#stroke = null
    this.#clear()
  }

  finish(): boolean {
    if (this.state !== 'filling') return false
    this.#isWanted = true
    this.#paint()
    return true
  }

  apply(): void {
    this.finish()
  }

  stepBack(): boolean {
    if (this.state === 'filling') this.#scribbles.pop()
    else if (!this.#stroke) return false
    if (this.#scribbles.length > 0) void this.#ask()
    else this.cancel()
    return true
  }

  leave(): void {
    if (!this.#stroke) this.cancel()
  }

  /** What is computed already is painted on its image; what is not is given up. */
  reset(): void {
    this.#stroke?.hurry()
    this.#context.strokes.tick()
    this.cancel()
  }

  async #ask(): Promise<void> {
    const asked = ++this.#asked
    this.#found = null
    this.#show()
    const found = await this.#context.assist.ask('smart-fill', { scribbles: [...this.#scribbles] })
    if (asked !== this.#asked) return
    if (!found) this.#isWanted = false
    this.#found = found
    this.#show()
    this.#paint()
    this.#context.requestFrame()
  }

  /** Once it is wanted and there. */
  #paint(): void {
    if (!this.#isWanted || !this.#found) return
    const stroke = new AreaStroke('smart-fill', () => {
      if (this.#stroke === stroke) this.#stroke = null
    })
    stroke.add(this.#found.region, this.#context.settings.value)
    stroke.end()
    this.#stroke = stroke
    this.#clear()
    this.#context.strokes.add(stroke)
    this.#context.strokes.tick()
  }

  #clear(): void {
    this.#asked++
    this.#scribbles = []
    this.#drawing = this.#found = this.#preview = null
    this.#isWanted = false
  }

  #show(): void {
    const scribbles = this.#drawing ? [...this.#scribbles, this.#drawing] : this.#scribbles
    const { value } = this.#context.settings
    const covers = this.#found ? [{ cover: this.#found.cover, value }] : []
    this.#preview = scribbles.length > 0 ? { value, assist: { covers, scribbles } } : null
  }
}
