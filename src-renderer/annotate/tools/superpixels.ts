import type { Point, Region } from '#core/mask/paint'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import { AreaStroke } from '../assist/area-stroke'
import { patchAt, patchRegion } from '../assist/patches'
import { isWithin, patchPart, type Part } from '../assist/plan'
import type { AssistPreview } from '../assist/draw'
import type { Patches } from '../assist/protocol'
import type { Pointer, Preview, Tool, ToolContext } from './tool'

/**
 * Superpixels: idle → painting → idle. The one under the pointer is shown, a press paints it, dragging paints all
 * that it crosses; Alt takes them away. They are computed for the part of the image around the pointer, at the scale
 * at which it is seen, again when the pointer comes near the part's rim or looks closer.
 */
export class Superpixels implements Tool {
  #patches: Patches | null = null
  /** What is asked for or there, and for which size of patches. */
  #part: (Part & { size: number }) | null = null
  #stroke: AreaStroke | null = null
  #value: MaskValue | null = null
  /** The pointer's way that is not painted yet. */
  #way: Point[] = []
  #taken = new Set<number>()
  #isReleased = false
  #hovered: { patch: number; region: Region } | null = null
  #preview: Preview | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'painting' {
    return this.#stroke ? 'painting' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown(pointer: Pointer): void {
    if (this.#stroke) return
    this.#look(pointer)
    const stroke = new AreaStroke('superpixels', () => {
      if (this.#stroke === stroke) this.#stroke = null
    })
    this.#stroke = stroke
    this.#value = pointer.value
    this.#way = [pointer.image]
    this.#taken.clear()
    this.#isReleased = false
    this.#take()
    this.#context.strokes.add(stroke)
  }

  pointerMove(pointer: Pointer): void {
    this.#look(pointer)
    if (this.#stroke && !this.#isReleased) {
      this.#way.push(pointer.image)
      this.#take()
    }
    this.#hover(pointer.image, pointer.value)
  }

  pointerUp(): void {
    if (!this.#stroke) return
    this.#isReleased = true
    this.#take()
    this.#context.strokes.tick()
  }

  withdraw(): void {
    this.cancel()
  }

  cancel(): void {
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#stroke = null
    this.#way = []
  }

  /** Undo takes back what is on its way. */
  stepBack(): boolean {
    if (!this.#stroke) return false
    this.cancel()
    return true
  }

  leave(): void {
    this.#hovered = this.#preview = null
  }

  /** What is computed already is painted on its image; what is not is given up. */
  reset(): void {
    this.#stroke?.hurry()
    this.#context.strokes.tick()
    this.cancel()
    this.#context.assist.drop('superpixels')
    this.#patches = this.#part = this.#hovered = this.#preview = null
  }

  /** Sees to it that there are superpixels around the pointer. */
  #look({ image, scale }: Pointer): void {
    const { mask, settings } = this.#context
    if (!mask) return
    const size = settings.patchSize
    const part = { ...patchPart(mask, image, scale, size), size }
    const known = this.#part
    const isKnown = known?.size === size && known.factor <= part.factor && isWithin(known, image, mask)
    if (!isKnown) void this.#ask(part)
  }

  async #ask(part: Part & { size: number }): Promise<void> {
    this.#part = part
    const patches = await this.#context.assist.ask('superpixels', part)
    if (this.#part !== part) return
    this.#hovered = null
    // Where that failed, the next move tries again.
    if (!patches) this.#part = null
    this.#patches = patches
    this.#preview = patches && { value: this.#preview?.value ?? FOREGROUND, assist: this.#outlines }
    this.#taken.clear()
    if (patches) this.#take()
    else this.cancel()
    this.#context.requestFrame()
  }

  /** Paints what the pointer has crossed; its last place stays, as the beginning of what comes. */
  #take(): void {
    const patches = this.#patches
    if (!patches || !this.#stroke) return
    for (let i = 0; i < this.#way.length; i++) {
      const to = this.#way[i]!
      const from = this.#way[i - 1] ?? to
      const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / patches.factor))
      for (let step = 1; step <= steps; step++) {
        const share = step / steps
        const place = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
        const patch = patchAt(patches, place)
        if (patch === null || this.#taken.has(patch)) continue
        this.#taken.add(patch)
        this.#stroke.add(patchRegion(patches, patch), this.#value!)
      }
    }
    this.#way = this.#way.slice(-1)
    if (this.#isReleased) this.#stroke.end()
  }

  get #outlines(): AssistPreview {
    const { outlines: cover } = this.#patches!
    return { outlines: { cover, size: this.#part!.size } }
  }

  #hover(at: Point, value: MaskValue): void {
    const patches = this.#patches
    if (!patches) return
    const patch = patchAt(patches, at)
    if (patch === (this.#hovered?.patch ?? null) && value === this.#preview?.value) return
    this.#hovered = patch === null ? null : { patch, region: patchRegion(patches, patch) }
    this.#preview = {
      value,
      region: this.#hovered?.region,
      assist: this.#outlines
    }
  }
}
