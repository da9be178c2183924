import type { Point, Region } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import type { Assist } from '../assist/client'
import type { AssistPreview } from '../assist/draw'
import type { ToolSettings } from './settings'
import type { StrokeLine } from './stroke-line'

/** A pointer over the image. */
export interface Pointer {
  /** In pixels of the image; may lie outside. */
  image: Point
  /** In CSS pixels of the window. */
  window: Point
  /** CSS pixels of the window per pixel of the image. */
  scale: number
  /** How hard a pen presses, 0 to 1; null for what feels no pressure. */
  pressure: number | null
  /** Shift is held. */
  shift: boolean
  /** What a gesture paints that starts now; background where it erases or subtracts. */
  value: MaskValue
}

/** What a tool shows before it paints. A new object whenever it looks different. */
export interface Preview {
  /** What would be painted. */
  value: MaskValue
  /** An outline in pixels of the image; a closed one is shown filled. */
  path?: { points: readonly Point[]; closed: boolean }
  /** Corners that were set, in pixels of the image. */
  handles?: readonly Point[]
  /** The next click ends the outline on its first corner. */
  closing?: boolean
  /** Pixels that would be painted. */
  region?: Region
  /** What the tools show that compute. */
  assist?: AssistPreview
}

/** What a tool is made of. */
export interface ToolContext {
  /** Where everything that paints goes, stroke by stroke. */
  readonly strokes: StrokeLine
  /** Read them when a gesture starts; they hold for the gesture. */
  readonly settings: Readonly<ToolSettings>
  /** The mask on screen, to look at; null while none is open. Paint by `strokes` only. */
  readonly mask: Mask | null
  /** What a trained run suggests for the image on screen; null while there is nothing. */
  readonly suggested: Mask | null
  /** Computes off the window's thread. */
  readonly assist: Assist
  /** Sets what a gesture has changed about the settings. */
  remember(change: Partial<ToolSettings>): void
  /** Asks for a frame, for example when a preview is there that was computed elsewhere. */
  requestFrame(): void
}

/**
 * A tool: a state machine without a window. The toolbox calls it; which tool a gesture belongs to, and what the
 * gesture paints, is decided when the gesture starts.
 */
export interface Tool {
  /** `idle`, or in one word what is under way: `painting`, `drawing`. */
  readonly state: string
  readonly preview?: Preview | null
  pointerDown(pointer: Pointer): void
  /** Also between gestures, with no button held. */
  pointerMove(pointer: Pointer): void
  pointerUp(): void
  /** Takes back what the press under way has done, for example when a second finger turns it into a zoom. */
  withdraw(): void
  /** Esc: gives up what is under way, with everything it has painted. */
  cancel(): void
  /** Once a frame, before `preview` is read: what floods in between two frames is worked on here. */
  tick?(): void
  /** Enter or a double click ends what is under way; whether there was something to end. */
  finish?(): boolean
  /** Applies what the tool's options say, for tools that do not need a pointer. */
  apply?(): void
  /** Backspace or undo takes the last step of what is under way back; whether there was one. */
  stepBack?(): boolean
  /** The person turns to another tool or image; without it, what is under way is cancelled. */
  leave?(): void
  /** Another image is shown: what was remembered about the one before is forgotten. */
  reset?(): void
}
