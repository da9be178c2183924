import { MAX_TOLERANCE } from '#core/mask/assist/wand'
import type { MaskValue } from '#core/mask/values'
import { AreaStroke } from '../assist/area-stroke'
import type { Found } from '../assist/protocol'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/** Pixels of the window that the pointer goes for one step of the tolerance. */
const DRAG = 3

interface Press {
  x: number
  y: number
  value: MaskValue
  contiguous: boolean
  /** Where the pointer was put down, and the tolerance then. */
  from: Pointer
  first: number
  tolerance: number
  isReleased: boolean
  /** How often was asked: the last answer counts when the pointer is released. */
  asked: number
  found: Found | null
}

/**
 * Magic wand: idle → reaching → painting → idle. A press shows the pixels of alike colour, dragging to the right or
 * up sets the tolerance, which is kept, and letting go paints them.
 */
export class Wand implements Tool {
  #press: Press | null = null
  #stroke: AreaStroke | null = null
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'reaching' | 'painting' {
    if (this.#stroke || this.#press?.isReleased) return 'painting'
    return this.#press ? 'reaching' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown(pointer: Pointer): void {
    const { settings, mask } = this.#context
    const [x, y] = [Math.floor(pointer.image.x), Math.floor(pointer.image.y)]
    if (this.#press || !mask || x < 0 || y < 0 || x >= mask.width || y >= mask.height) return
    const { tolerance, contiguous } = settings
    this.#press = {
      ...{ x, y, value: pointer.value, contiguous, from: pointer },
      ...{ first: tolerance, tolerance, isReleased: false, asked: 0, found: null }
    }
    void this.#ask(this.#press)
  }

  pointerMove({ window }: Pointer): void {
    const press = this.#press
    if (!press) this.#context.assist.prepare()
    if (!press || press.isReleased) return
    const way = window.x - press.from.window.x - (window.y - press.from.window.y)
    const tolerance = Math.min(MAX_TOLERANCE, Math.max(0, press.first + Math.round(way / DRAG)))
    if (tolerance === press.tolerance) return
    press.tolerance = tolerance
    this.#context.remember({ tolerance })
    void this.#ask(press)
  }

  pointerUp(): void {
    if (!this.#press) return
    this.#press.isReleased = true
    this.#paint()
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    this.#context.assist.drop('wand')
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#press = this.#stroke = this.#preview = null
  }

  /** Undo takes back what is on its way. */
  stepBack(): boolean {
    if (this.state !== 'painting') return false
    this.cancel()
    return true
  }

  leave(): void {
    if (this.state !== 'painting') this.cancel()
  }

  /** What is computed already is painted on its image; what is not is given up. */
  reset(): void {
    this.#stroke?.hurry()
    this.#context.strokes.tick()
    this.cancel()
  }

  async #ask(press: Press): Promise<void> {
    const { x, y, contiguous, tolerance } = press
    const asked = ++press.asked
    press.found = null
    const found = await this.#context.assist.ask('wand', { x, y, contiguous, tolerance })
    if (this.#press !== press) return
    const isLast = asked === press.asked
    if (found) {
      this.#preview = { value: press.value, assist: { covers: [{ cover: found.cover, value: press.value }] } }
      if (isLast) press.found = found
    } else if (isLast) {
      this.#press = this.#preview = null
    }
    this.#paint()
    this.#context.requestFrame()
  }

  /** Once the pointer is up and what it asked for last is there. */
  #paint(): void {
    const press = this.#press
    if (!press?.isReleased || !press.found) return
    const stroke = new AreaStroke('wand', () => {
      if (this.#stroke === stroke) this.#stroke = this.#preview = null
    })
    stroke.add(press.found.region, press.value)
    stroke.end()
    this.#stroke = stroke
    this.#press = null
    this.#context.strokes.add(stroke)
    this.#context.strokes.tick()
  }
}
