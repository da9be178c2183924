import { BACKGROUND, type MaskValue } from '#core/mask/values'
import { Hand, type Movable } from './hand'
import { makeTools } from './make-tools'
import { StrokeLine, type PaintTarget } from './stroke-line'
import type { Pointer, Preview, Tool, ToolContext } from './tool'
import { toolEntry, type ToolName } from './tool-list'

/** A pointer as the window tells of it. */
export interface PointerInput extends Pick<Pointer, 'image' | 'window' | 'scale' | 'pressure'> {
  /** Which finger it is, on a touch screen; null for a mouse or a pen. */
  finger: number | null
}

export interface PressInput extends PointerInput {
  button: 'left' | 'middle' | 'right'
}

/** What the tools act on. */
export interface Workplace extends PaintTarget, Movable, Omit<ToolContext, 'strokes'> {
  /** No mask is open, or the project is read-only: the hand works, the other tools do not. */
  readonly canPaint: boolean
}

/**
 * Decides which tool a gesture belongs to when it starts, and keeps it there until it ends. States: `idle`,
 * `hand.panning`, `hand.pinching`, or the tool's name and its state: `brush.painting`, `polygon.drawing`.
 */
export class Toolbox {
  /** Space is held: the next gesture moves the image. */
  spaceHeld = false

  readonly #place: Workplace
  readonly #strokes: StrokeLine
  readonly #tools: Record<ToolName, Tool>
  readonly #hand: Hand
  /** The tool whose gesture is under way. */
  #pressed: Tool | null = null
  /** The right button is down: whatever the tool, it erases. */
  #rightHeld = false
  #altHeld = false
  #shiftHeld = false
  /** A pen was here: from then on a finger alone moves the image, and a palm does not paint. */
  #penSeen = false
  #lastTool: ToolName
  #lastInput: PointerInput | null = null

  constructor(place: Workplace) {
    this.#place = place
    this.#strokes = new StrokeLine(place)
    this.#tools = makeTools({
      strokes: this.#strokes,
      settings: place.settings,
      get mask() {
        return place.mask
      },
      get suggested() {
        return place.suggested
      },
      assist: place.assist,
      remember: (change) => place.remember(change),
      requestFrame: () => place.requestFrame()
    })
    this.#hand = new Hand(place)
    this.#lastTool = place.settings.tool
  }

  get state(): string {
    if (this.#hand.state !== 'idle') return `hand.${this.#hand.state}`
    // Brush and eraser are one tool.
    const name = this.#tool === this.#tools.brush ? 'brush' : this.#place.settings.tool
    return this.#tool.state === 'idle' ? 'idle' : `${name}.${this.#tool.state}`
  }

  /** Something is under way that undo and redo of the mask have to wait for. */
  get busy(): boolean {
    return this.state !== 'idle' || this.#strokes.busy
  }

  /** A stroke is on its way into the mask: the next frame goes on with it. */
  get painting(): boolean {
    return this.#strokes.busy
  }

  get preview(): Preview | null {
    return this.#tool.preview ?? null
  }

  /** What the gesture under the pointer paints, or one would that started now with the left button. */
  get value(): MaskValue {
    const { settings } = this.#place
    const entry = toolEntry(settings.tool)
    const subtracts = entry.subtracts && settings.subtracts && !this.#shiftHeld
    const erases = entry.name === 'eraser' || subtracts || this.#altHeld || this.#rightHeld
    return erases ? BACKGROUND : settings.value
  }

  /** Alt is held: whatever the tool, it erases. */
  set altHeld(held: boolean) {
    this.#hold(() => (this.#altHeld = held), held !== this.#altHeld)
  }

  /** Shift is held: the brush draws a straight line from where it was, tools for areas add. */
  set shiftHeld(held: boolean) {
    this.#hold(() => (this.#shiftHeld = held), held !== this.#shiftHeld)
  }

  pointerDown(input: PressInput): void {
    const { window, button, finger } = input
    this.#lastInput = input
    if (finger === null) this.#penSeen ||= input.pressure !== null
    else this.#hand.fingerDown(finger, window)
    if (this.#hand.state === 'pinching') {
      this.#pressed?.withdraw()
      this.#pressed = null
      return
    }
    if (this.#pressed || this.#hand.state !== 'idle') return
    const isLoneFinger = finger !== null && this.#penSeen
    if (button === 'middle' || this.spaceHeld || isLoneFinger) {
      this.#hand.pointerDown(window)
      return
    }
    if (!this.#place.canPaint) return
    this.#rightHeld = button === 'right'
    this.#pressed = this.#tool
    this.#pressed.pointerDown(this.#pointerOf(input))
  }

  pointerMove(input: PointerInput): void {
    this.#lastInput = input
    if (input.finger !== null) this.#hand.fingerMove(input.finger, input.window)
    this.#hand.pointerMove(input.window)
    if (this.#hand.state !== 'idle' || !this.#place.canPaint) return
    ;(this.#pressed ?? this.#tool).pointerMove(this.#pointerOf(input))
  }

  /** @param finger Which finger was lifted; null for a mouse or a pen. */
  pointerUp(finger: number | null = null): void {
    if (finger !== null) this.#hand.fingerUp(finger)
    this.#hand.pointerUp()
    this.#pressed?.pointerUp()
    this.#pressed = null
    this.#rightHeld = false
  }

  /** Esc: takes back what is under way; leaves everything else as it is. */
  cancel(): void {
    this.#hand.pointerUp()
    ;(this.#pressed ?? this.#tool).cancel()
    this.#pressed = null
    this.#rightHeld = false
  }

  /** Enter or a double click: ends what is under way; whether there was something to end. */
  finish(): boolean {
    return this.#tool.finish?.() ?? false
  }

  /** The person presses the button among the tool's options: does what they say. */
  apply(): void {
    if (this.#place.canPaint) this.#tool.apply?.()
  }

  /**
   * What undo means first while something is under way: takes its last step back, or else a stroke that waits. In
   * the middle of a gesture it means nothing. False where undo concerns the mask.
   */
  stepBack(): boolean {
    if (this.#tool.stepBack?.() || this.#pressed) return true
    return this.#strokes.dropLast()
  }

  /** Another image is about to be shown: ends the gesture under the pointer, gives up what is half drawn. */
  leave(): void {
    this.pointerUp()
    for (const tool of new Set(Object.values(this.#tools))) {
      leave(tool)
      tool.reset?.()
    }
  }

  /** Once a frame. */
  tick(): void {
    this.#tool.tick?.()
    this.#strokes.tick()
  }

  /** The chosen tool. What another one has half drawn is given up when the tool is changed between gestures. */
  get #tool(): Tool {
    if (this.#pressed) return this.#pressed
    const { tool } = this.#place.settings
    if (tool !== this.#lastTool) {
      leave(this.#tools[this.#lastTool])
      this.#lastTool = tool
    }
    return this.#tools[tool]
  }

  /** Takes up a key that is held or let go, and lets the tool see the pointer with it. */
  #hold(take: () => void, changes: boolean): void {
    take()
    if (changes && this.#lastInput && !this.#pressed) this.pointerMove(this.#lastInput)
  }

  #pointerOf({ image, window, scale, pressure }: PointerInput): Pointer {
    return { image, window, scale, pressure, shift: this.#shiftHeld, value: this.value }
  }
}

function leave(tool: Tool): void {
  if (tool.leave) tool.leave()
  else tool.cancel()
}
