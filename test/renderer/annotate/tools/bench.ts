import { flatten, pixelAt, type Mask } from '#core/mask/tiles'
import type { Assist } from '../../../../src-renderer/annotate/assist/client'
import { MaskEditor } from '../../../../src-renderer/annotate/mask-editor'
import { parseSettings } from '../../../../src-renderer/annotate/tools/settings'
import type { PaintTarget } from '../../../../src-renderer/annotate/tools/stroke-line'
import { Toolbox, type PressInput, type Workplace } from '../../../../src-renderer/annotate/tools/toolbox'

/** A mask of its own with the tools on it, used as a person uses them: by pointer and keys. No window, no DOM. */
export class Workbench implements Workplace {
  readonly size: number
  readonly assist: Assist
  editor: MaskEditor
  readonly settings = { ...parseSettings(null), size: 20 }
  /** Strokes that went to be saved: the tool, and how many tiles it changed. */
  readonly saved: { tool: string; tiles: number }[] = []
  readonly panned = { x: 0, y: 0 }
  zoomed = 1
  /** What a model suggests. */
  suggested: Mask | null = null
  ready = true
  canPaint = true
  /** CSS pixels of the window per pixel of the image. */
  scale = 1

  readonly #toolbox: Toolbox

  /** @param assist What computes for the tools; by default nobody answers. */
  constructor(size = 600, assist: Assist = { prepare() {}, ask: async () => null, drop() {} }) {
    this.size = size
    this.assist = assist
    const nothing = { tiles: [], revision: 0, canUndo: false, canRedo: false }
    this.editor = new MaskEditor(1, { width: size, height: size, ...nothing })
    this.#toolbox = new Toolbox(this)
  }

  // The workplace, as the canvas provides it.
  get mask(): Mask {
    return this.editor.mask
  }

  begin = () => this.editor.begin()
  draw: PaintTarget['draw'] = (paint) => this.editor.draw(paint)
  revert = () => this.editor.revert()
  commit: PaintTarget['commit'] = (tool) => {
    const tiles = this.editor.finish()
    if (tiles.length > 0) this.saved.push({ tool, tiles: tiles.length })
  }
  pan = (dx: number, dy: number) => {
    this.panned.x += dx
    this.panned.y += dy
  }
  zoom = (factor: number) => {
    this.zoomed *= factor
  }
  remember: Workplace['remember'] = (change) => Object.assign(this.settings, change)
  requestFrame = () => undefined

  // The person.
  pointerDown(x: number, y: number, button: PressInput['button'] = 'left') {
    this.#toolbox.pointerDown({ ...this.#mouse(x, y), button })
    return this
  }

  pointerMove(x: number, y: number) {
    this.#toolbox.pointerMove(this.#mouse(x, y))
    return this
  }

  pointerUp() {
    this.#toolbox.pointerUp()
    return this
  }

  click(x: number, y: number, button?: PressInput['button']) {
    return this.pointerMove(x, y).pointerDown(x, y, button).pointerUp()
  }

  /** Presses at the first place, goes through the others, lets go. */
  drag(...places: [x: number, y: number][]) {
    this.pointerDown(...places[0]!)
    for (const place of places.slice(1)) this.pointerMove(...place).frame()
    return this.pointerUp()
  }

  penDown(x: number, y: number, pressure: number) {
    this.#toolbox.pointerDown({ ...this.#mouse(x, y), pressure, button: 'left' })
    return this
  }

  penMove(x: number, y: number, pressure: number) {
    this.#toolbox.pointerMove({ ...this.#mouse(x, y), pressure })
    return this
  }

  fingerDown(finger: number, x: number, y: number) {
    this.#toolbox.pointerDown({ ...this.#mouse(x, y), finger, button: 'left' })
    return this
  }

  fingerMove(finger: number, x: number, y: number) {
    this.#toolbox.pointerMove({ ...this.#mouse(x, y), finger })
    return this
  }

  fingerUp(finger: number) {
    this.#toolbox.pointerUp(finger)
    return this
  }

  /** The screen draws its next frame. */
  frame() {
    this.#toolbox.tick()
    return this
  }

  /** Frames pass until nothing is under way any more. */
  rest() {
    while (this.#toolbox.busy) this.frame()
    return this
  }

  escape() {
    this.#toolbox.cancel()
    return this
  }

  /** The button among the tool's options. */
  apply() {
    this.#toolbox.apply()
    return this
  }

  enter() {
    return this.#toolbox.finish()
  }

  /** Backspace, or undo: whether the tools took it. */
  stepBack() {
    return this.#toolbox.stepBack()
  }

  leaveImage() {
    this.#toolbox.leave()
    return this
  }

  hold(key: 'Alt' | 'Space' | 'Shift') {
    return this.#setKey(key, true)
  }

  release(key: 'Alt' | 'Space' | 'Shift') {
    return this.#setKey(key, false)
  }

  // What can be seen.
  get state() {
    return this.#toolbox.state
  }

  get erases() {
    return this.#toolbox.value === 0
  }

  get preview() {
    return this.#toolbox.preview
  }

  isPainted(x: number, y: number): boolean {
    return pixelAt(this.editor.mask, x, y) === 1
  }

  get paintedPixels(): number {
    return this.#count(1)
  }

  get unknownPixels(): number {
    return this.#count(2)
  }

  #count(value: number): number {
    return flatten(this.editor.mask).reduce((sum, one) => sum + (one === value ? 1 : 0), 0)
  }

  #setKey(key: 'Alt' | 'Space' | 'Shift', held: boolean) {
    if (key === 'Alt') this.#toolbox.altHeld = held
    else if (key === 'Shift') this.#toolbox.shiftHeld = held
    else this.#toolbox.spaceHeld = held
    return this
  }

  #mouse(x: number, y: number) {
    const window = { x: x * this.scale, y: y * this.scale }
    return { image: { x, y }, window, scale: this.scale, pressure: null, finger: null }
  }
}
