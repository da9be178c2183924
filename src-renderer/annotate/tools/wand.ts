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
 * up sets the tolerance, which is kept, and letting go paints them. Presses that come faster than answers wait in
 * line.
 */
export class Wand implements Tool {
  /** The first is the one that is asked about; only the last can still be held. */
  #presses: Press[] = []
  #strokes = new Set<AreaStroke>()
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'reaching' | 'painting' {
    if (this.#held) return 'reaching'
    return this.#presses.length > 0 || this.#strokes.size > 0 ? 'painting' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown(pointer: Pointer): void {
    const { settings, mask } = this.#context
    const [x, y] = [Math.floor(pointer.image.x), Math.floor(pointer.image.y)]
    if (this.#held || !mask || x < 0 || y < 0 || x >= mask.width || y >= mask.height) return
    const { tolerance, contiguous } = settings
    this.#presses.push({
      ...{ x, y, value: pointer.value, contiguous, from: pointer },
      ...{ first: tolerance, tolerance, isReleased: false, asked: 0, found: null }
    })
    if (this.#presses.length === 1) void this.#ask()
  }

  pointerMove({ window }: Pointer): void {
    const press = this.#held
    if (!press) {
      this.#context.assist.prepare()
      return
    }
    const way = window.x - press.from.window.x - (window.y - press.from.window.y)
    const tolerance = Math.min(MAX_TOLERANCE, Math.max(0, press.first + Math.round(way / DRAG)))
    if (tolerance === press.tolerance) return
    press.tolerance = tolerance
    this.#context.remember({ tolerance })
    if (press === this.#presses[0]) void this.#ask()
  }

  pointerUp(): void {
    const press = this.#held
    if (!press) return
    press.isReleased = true
    this.#paint()
  }

  withdraw(): void {
    if (!this.#held) return
    this.#presses.pop()
    if (this.#presses.length > 0) return
    this.#context.assist.drop('wand')
    this.#preview = null
  }

  cancel(): void {
    this.#context.assist.drop('wand')
    for (const stroke of this.#strokes) this.#context.strokes.drop(stroke)
    this.#strokes.clear()
    this.#presses = []
    this.#preview = null
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
    for (const stroke of this.#strokes) stroke.hurry()
    this.#context.strokes.tick()
    this.cancel()
  }

  /** The press under the pointer. */
  get #held(): Press | null {
    const last = this.#presses.at(-1)
    return last && !last.isReleased ? last : null
  }

  /** Asks about the first press in line. */
  async #ask(): Promise<void> {
    const press = this.#presses[0]
    if (!press) return
    const { x, y, contiguous, tolerance, value, from } = press
    const asked = ++press.asked
    press.found = null
    const request = { x, y, contiguous, tolerance, scale: from.scale }
    const found = await this.#context.assist.ask('wand', request)
    if (this.#presses[0] !== press) return
    const isLast = asked === press.asked
    if (found) {
      this.#preview = { value, assist: { covers: [{ cover: found.cover, value }] } }
      if (isLast) press.found = found
      this.#paint()
    } else if (isLast) {
      this.#preview = null
      this.#next()
    }
    this.#context.requestFrame()
  }

  /** Once the pointer is up and what it asked for last is there. */
  #paint(): void {
    const press = this.#presses[0]
    if (!press?.isReleased || !press.found) return
    const stroke = new AreaStroke('wand', () => {
      this.#strokes.delete(stroke)
      if (this.state === 'idle') this.#preview = null
    })
    stroke.add(press.found.region, press.value)
    stroke.end()
    this.#strokes.add(stroke)
    this.#next()
    this.#context.strokes.add(stroke)
    this.#context.strokes.tick()
  }

  #next(): void {
    this.#presses.shift()
    void this.#ask()
  }
}
