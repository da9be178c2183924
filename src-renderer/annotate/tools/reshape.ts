import type { Reshaping } from '#core/mask/assist/reshape'
import { BACKGROUND, FOREGROUND } from '#core/mask/values'
import { AreaStroke } from '../assist/area-stroke'
import type { Change } from '../assist/protocol'
import type { PaintTarget, PendingStroke } from './stroke-line'
import type { Preview, Tool, ToolContext } from './tool'

/**
 * Grow, shrink, smooth, fill holes, remove specks, on the whole mask: idle → previewing → painting → idle. A change
 * of the options shows what would change, `apply` does it.
 */
export class Reshape implements Tool {
  /** The options when they were looked at last. */
  #seen: string | null = null
  #isPreviewing = false
  #preview: Preview | null = null
  #stroke: ReshapeStroke | null = null
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  get state(): 'idle' | 'previewing' | 'painting' {
    if (this.#stroke) return 'painting'
    return this.#isPreviewing ? 'previewing' : 'idle'
  }

  get preview(): Preview | null {
    return this.#preview
  }

  pointerDown(): void {
    // It concerns the whole mask: there is nothing to point at.
  }

  pointerMove(): void {}

  pointerUp(): void {}

  withdraw(): void {}

  tick(): void {
    const { kind, amount } = this.#reshaping
    const options = `${kind} ${amount}`
    if (options === this.#seen || this.#stroke) return
    const isFirst = this.#seen === null
    this.#seen = options
    if (!isFirst) void this.#show(options)
  }

  apply(): void {
    if (this.#stroke || !this.#context.mask) return
    this.#endPreview()
    const stroke: ReshapeStroke = new ReshapeStroke(this.#context, this.#reshaping, () => {
      if (this.#stroke === stroke) this.#stroke = null
    })
    this.#stroke = stroke
    this.#context.strokes.add(stroke)
    this.#context.strokes.tick()
    this.#context.requestFrame()
  }

  cancel(): void {
    this.#context.assist.drop('reshape')
    if (this.#stroke) this.#context.strokes.drop(this.#stroke)
    this.#stroke = null
    this.#endPreview()
  }

  leave(): void {
    this.#endPreview()
  }

  /** What is computed already is painted on its image; what is not is given up. */
  reset(): void {
    this.#stroke?.hurry()
    this.#context.strokes.tick()
    this.cancel()
  }

  /** Undo first takes back what is on its way, and ends a preview, which belongs to the mask as it is. */
  stepBack(): boolean {
    const wasUnderWay = this.state !== 'idle'
    this.cancel()
    return wasUnderWay
  }

  get #reshaping(): Reshaping {
    const { reshaping, amounts } = this.#context.settings
    return { kind: reshaping, amount: amounts[reshaping] }
  }

  async #show(options: string): Promise<void> {
    const { mask, assist } = this.#context
    if (!mask) return
    this.#isPreviewing = true
    const change = await assist.ask('reshape', { mask, reshaping: this.#reshaping })
    if (options !== this.#seen || !this.#isPreviewing) return
    this.#preview = change && {
      value: FOREGROUND,
      assist: {
        covers: [
          { cover: change.added.cover, value: FOREGROUND },
          { cover: change.removed.cover, value: BACKGROUND }
        ]
      }
    }
    this.#isPreviewing = change !== null
    this.#context.requestFrame()
  }

  #endPreview(): void {
    this.#isPreviewing = false
    this.#preview = null
  }
}

/** A reshaping on its way. The mask that it is computed from is that of its turn: no other stroke comes between. */
class ReshapeStroke implements PendingStroke {
  readonly tool: string
  readonly #context: ToolContext
  readonly #reshaping: Reshaping
  readonly #area: AreaStroke
  #isAsked = false
  #isAnswered = false

  constructor(context: ToolContext, reshaping: Reshaping, done: () => void) {
    this.tool = reshaping.kind
    this.#context = context
    this.#reshaping = reshaping
    this.#area = new AreaStroke(reshaping.kind, done)
  }

  hurry(): void {
    this.#area.hurry()
  }

  paint(target: PaintTarget): boolean {
    if (!this.#isAsked) void this.#ask()
    return this.#isAnswered && this.#area.paint(target)
  }

  async #ask(): Promise<void> {
    this.#isAsked = true
    const { assist, mask } = this.#context
    const change: Change | null = mask && (await assist.ask('reshape', { mask, reshaping: this.#reshaping }))
    if (change) {
      this.#area.add(change.added.region, FOREGROUND)
      this.#area.add(change.removed.region, BACKGROUND)
    }
    this.#area.end()
    this.#isAnswered = true
    this.#context.requestFrame()
  }
}
