import type { MaskContent, TilePatch } from '#core/api/values'
import type { Random } from '#core/learning/random'
import type { Point } from '#core/mask/paint'
import { flatten } from '#core/mask/tiles'
import { MaskEditor } from '../../../../src-renderer/annotate/mask-editor'
import type { ToolName } from '../../../../src-renderer/annotate/tools/tool-list'
import {
  blank,
  fillHolesSlowly,
  fillRegionSlowly,
  inCapsule,
  inPolygon,
  inSweptSquare,
  paintWhere,
  type Picture
} from '../../../fixtures/naivePainting'
import { Workbench } from './bench'

/** Where the strokes of one image are kept, with undo and redo. */
export interface MaskStore {
  read(): MaskContent
  commit(tool: string, tiles: TilePatch[]): void
  /** The tiles that changed, as they are now; none where there is nothing to take back or to do again. */
  undo(): TilePatch[]
  redo(): TilePatch[]
}

const SIZE = 300
const TOOLS: ToolName[] = ['brush', 'brush', 'brush', 'eraser', 'polygon', 'lasso', 'rectangle', 'fill']

/** One image that is painted at random with the real tools, and what its mask has to be, painted by plain formulas. */
export class RandomPainting {
  readonly #random: Random
  readonly #store: MaskStore
  #bench!: Workbench
  /** What the mask was after each edit; the last is now, or an earlier one after undo. */
  readonly #history: Picture[] = [blank(SIZE, SIZE)]
  #now = 0
  #lastEnd: Point | null = null

  constructor(random: Random, store: MaskStore) {
    this.#random = random
    this.#store = store
    this.reopen()
  }

  get edits(): number {
    return this.#history.length - 1
  }

  /** The image is shown again, by the mask that was kept. */
  reopen(): void {
    const content = this.#store.read()
    this.#bench = new Workbench(SIZE)
    this.#bench.editor = new MaskEditor(1, content)
    this.#bench.commit = (tool) => {
      const tiles = this.#bench.editor.finish()
      if (tiles.length > 0) this.#store.commit(tool, tiles)
    }
    this.#lastEnd = null
  }

  undo(): void {
    if (this.#bench.stepBack()) throw new Error('A gesture is under way.')
    this.#bench.editor.apply(this.#store.undo())
    this.#now = Math.max(0, this.#now - 1)
  }

  redo(): void {
    this.#bench.editor.apply(this.#store.redo())
    this.#now = Math.min(this.edits, this.#now + 1)
  }

  /** One gesture with a tool, settings and keys drawn at random; one in ten is given up by Esc. */
  gesture(): void {
    const { settings } = this.#bench
    const pick = <T>(values: readonly T[]): T => values[this.#random.integer(values.length)]!
    settings.tool = pick(TOOLS)
    settings.size = 1 + this.#random.integer(50)
    settings.shape = pick(['round', 'square'])
    settings.value = pick([1, 1, 1, 2])
    settings.subtracts = this.#random.integer(4) === 0
    settings.fill = pick(['region', 'holes'])
    const keys = { alt: this.#random.integer(6) === 0, shift: this.#random.integer(4) === 0 }
    const button = this.#random.integer(8) === 0 ? 'right' : 'left'
    const isGivenUp = this.#random.integer(10) === 0
    const points = this.#points()

    if (keys.alt) this.#bench.hold('Alt')
    if (keys.shift) this.#bench.hold('Shift')
    const path = points.map(({ x, y }): [number, number] => [x, y])
    if (settings.tool === 'polygon') for (const place of path) this.#bench.click(...place, button)
    else {
      this.#bench.pointerDown(...path[0]!, button)
      for (const place of path.slice(1)) {
        this.#bench.pointerMove(...place)
        if (this.#random.integer(3) === 0) this.#bench.frame()
      }
    }
    if (isGivenUp) this.#bench.escape()
    else if (settings.tool === 'polygon') this.#bench.enter()
    this.#bench.pointerUp().rest().release('Alt').release('Shift')

    const isBrush = settings.tool === 'brush' || settings.tool === 'eraser'
    const subtracts = !isBrush && settings.subtracts && !keys.shift
    const erases = settings.tool === 'eraser' || subtracts || keys.alt || button === 'right'
    const value = erases ? 0 : settings.value
    if (settings.tool === 'polygon') {
      const outlines = outlinesOf(points)
      // Esc gives up the one that is not closed yet.
      for (const corners of isGivenUp ? outlines.slice(0, -1) : outlines) this.#expect(corners, value)
    } else if (!isGivenUp) {
      this.#expect(points, value, keys.shift)
    }
  }

  /** What is wrong with the mask on screen or with the one that was kept; null if nothing is. */
  fault(): string | null {
    const expected = this.#history[this.#now]!.pixels
    if (Buffer.compare(flatten(this.#bench.mask), expected) !== 0) {
      return `the mask on screen after ${JSON.stringify(this.#bench.settings)}`
    }
    const kept = new MaskEditor(1, this.#store.read()).mask
    return Buffer.compare(flatten(kept), expected) === 0 ? null : 'the mask that was kept'
  }

  /** Points of a gesture: near each other or far, on whole and half pixels or not, some outside of the image. */
  #points(): Point[] {
    const count = 1 + this.#random.integer(7)
    const spread = this.#random.integer(3) === 0 ? SIZE : 60
    const centre = { x: this.#random.uniform() * SIZE, y: this.#random.uniform() * SIZE }
    const grid = this.#random.integer(2) === 0 ? 2 : 2 ** 20
    const near = (middle: number) =>
      Math.round((middle + (this.#random.uniform() - 0.5) * spread) * grid) / grid
    return Array.from({ length: count }, () => ({ x: near(centre.x), y: near(centre.y) }))
  }

  #expect(points: Point[], value: number, shift = false): void {
    const before = this.#history[this.#now]!
    const after = { ...before, pixels: before.pixels.slice() }
    const { tool, size, shape, fill } = this.#bench.settings
    if (tool === 'brush' || tool === 'eraser') {
      const way = shift && this.#lastEnd ? [this.#lastEnd, ...points] : points
      const belongs = shape === 'square' ? inSweptSquare : inCapsule
      way.forEach((to, i) => {
        const from = way[i - 1] ?? to
        paintWhere(after, value, belongs(from, to, size / 2), [from, to], size)
      })
      this.#lastEnd = points.at(-1)!
    } else if (tool === 'fill') {
      const fillSlowly = fill === 'holes' ? fillHolesSlowly : fillRegionSlowly
      fillSlowly(after, points[0]!, value)
    } else if (tool === 'rectangle') {
      const [from, to] = [points[0]!, points.at(-1)!]
      if (Math.hypot(to.x - from.x, to.y - from.y) < 2) return
      const inSpan = (place: number, a: number, b: number) =>
        place > Math.floor(Math.min(a, b)) && place < Math.floor(Math.max(a, b)) + 1
      paintWhere(after, value, (x, y) => inSpan(x, from.x, to.x) && inSpan(y, from.y, to.y))
    } else if (points.length >= 3) {
      paintWhere(after, value, inPolygon(points), points, 1)
    }
    if (Buffer.compare(before.pixels, after.pixels) === 0) return
    this.#history.splice(this.#now + 1, Infinity, after)
    this.#now++
  }
}

/**
 * The outlines that clicks set, the last one still open: a click so near the corner before is none, one on the first
 * corner closes the outline.
 */
function outlinesOf(clicks: Point[]): Point[][] {
  const isNear = (a: Point | undefined, b: Point, distance: number) =>
    a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) <= distance
  const outlines: Point[][] = [[]]
  for (const click of clicks) {
    const corners = outlines.at(-1)!
    if (corners.length >= 3 && isNear(corners[0], click, 10)) outlines.push([])
    else if (!isNear(corners.at(-1), click, 3)) corners.push(click)
  }
  return outlines
}
