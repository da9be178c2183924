import { createMask, pixelAt } from '#core/mask/tiles'
import { MaskEditor } from '../../../../src-renderer/annotate/mask-editor'
import { Toolbox, type Press, type ToolName } from '../../../../src-renderer/annotate/tools/toolbox'

/** A mask of its own with the tools on it, used as a person uses them: by pointer and keys. No window, no DOM. */
export class Workbench {
  readonly size = 600
  readonly editor = new MaskEditor(1, {
    ...createMask(this.size, this.size),
    tiles: [],
    revision: 0,
    canUndo: false,
    canRedo: false
  })
  /** Strokes that went to be saved: the tool, and how many tiles it changed. */
  readonly saved: { tool: string; tiles: number }[] = []
  readonly panned = { x: 0, y: 0 }
  tool: ToolName = 'brush'
  radius = 10
  ready = true
  canPaint = true

  readonly #toolbox = new Toolbox(this)

  // The workplace, as the canvas provides it.
  begin = () => this.editor.begin()
  paint = this.editor.paint.bind(this.editor)
  revert = () => this.editor.revert()
  commit = (tool: string) => {
    const tiles = this.editor.finish()
    if (tiles.length > 0) this.saved.push({ tool, tiles: tiles.length })
  }
  pan = (dx: number, dy: number) => {
    this.panned.x += dx
    this.panned.y += dy
  }

  // The person.
  pointerDown(x: number, y: number, button: Press['button'] = 'left') {
    this.#toolbox.pointerDown({ image: { x, y }, window: { x, y }, button })
    return this
  }

  pointerMove(x: number, y: number) {
    this.#toolbox.pointerMove({ image: { x, y }, window: { x, y } })
    return this
  }

  pointerUp() {
    this.#toolbox.pointerUp()
    return this
  }

  /** The screen draws its next frame. */
  frame() {
    this.#toolbox.tick()
    return this
  }

  escape() {
    this.#toolbox.cancel()
    return this
  }

  hold(key: 'Alt' | 'Space') {
    if (key === 'Alt') this.#toolbox.altHeld = true
    else this.#toolbox.spaceHeld = true
    return this
  }

  release(key: 'Alt' | 'Space') {
    if (key === 'Alt') this.#toolbox.altHeld = false
    else this.#toolbox.spaceHeld = false
    return this
  }

  // What can be seen.
  get state() {
    return this.#toolbox.state
  }

  get erases() {
    return this.#toolbox.erases
  }

  isPainted(x: number, y: number): boolean {
    return pixelAt(this.editor.mask, x, y) === 1
  }

  get paintedPixels(): number {
    let count = 0
    for (const tile of this.editor.mask.tiles.values()) for (const value of tile) count += value
    return count
  }
}
