import { tileRectangle, type Mask } from '#core/mask/tiles'
import type { View } from '../view'
import { outlineEdges, outlinePixels, tileCells } from './outline'

/** Width of the lines in screen pixels per CSS pixel, from actual size on. */
const LINE = 2
/** From so many screen pixels per image pixel on, outlines are lines; below, cells of one to two screen pixels. */
export const LINES_FROM = 2
/** A cell of 2^5 pixels: coarser ones would read ever more of the tiles around. */
const MAX_LEVEL = 5
/** The lines of so many tiles are kept: at 200 % the largest screens see 100. */
const KEPT = 200

/** How coarse the cells are whose outline is one to two screen pixels wide. */
export function levelOf(screenScale: number): number {
  return Math.min(MAX_LEVEL, Math.max(0, Math.ceil(-Math.log2(screenScale))))
}

/** The outline of one tile as cells of 2^level pixels in the colours of the values, `[edge, edge]`. */
export function paintOutline(
  mask: Mask,
  index: number,
  level: number,
  cells: Uint32Array,
  palette: Uint32Array
): void {
  const outline = outlinePixels(tileCells(mask, index, level))
  for (let at = 0; at < cells.length; at++) cells[at] = palette[outline[at]!]!
}

/** The outlines of tiles as lines, made when they are first seen and again after they have changed. */
export class OutlineLines {
  /** Lines in pixels of the tile, by the value inside; the tile used last is the last. */
  #tiles = new Map<number, Map<number, Path2D>>()

  clear(): void {
    this.#tiles.clear()
  }

  forget(index: number): void {
    this.#tiles.delete(index)
  }

  /**
   * Draws the outline of one tile.
   *
   * @param colours By value.
   */
  draw(
    context: CanvasRenderingContext2D,
    mask: Mask,
    index: number,
    { scale, x, y }: View,
    ratio: number,
    colours: readonly string[]
  ): void {
    const lines = this.#tiles.get(index) ?? linesOf(mask, index)
    this.#tiles.delete(index)
    this.#tiles.set(index, lines)
    if (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value!)
    const part = tileRectangle(mask.width, mask.height, index)
    const zoom = scale * ratio
    context.setTransform(zoom, 0, 0, zoom, (x + part.x * scale) * ratio, (y + part.y * scale) * ratio)
    context.lineWidth = LINE / scale
    context.lineCap = 'square'
    for (const [value, path] of lines) {
      context.strokeStyle = colours[value]!
      context.stroke(path)
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
  }
}

function linesOf(mask: Mask, index: number): Map<number, Path2D> {
  const lines = new Map<number, Path2D>()
  for (const [value, pieces] of outlineEdges(tileCells(mask, index))) {
    const path = new Path2D()
    for (let i = 0; i < pieces.length; i += 4) {
      path.moveTo(pieces[i]!, pieces[i + 1]!)
      path.lineTo(pieces[i + 2]!, pieces[i + 3]!)
    }
    lines.set(value, path)
  }
  return lines
}
