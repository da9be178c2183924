import { TILE, tileColumns, tileRectangle, type Mask } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import type { MaskColours } from '../overlay'
import type { View } from '../view'
import { outlineEdges, outlinePixels, tileCells } from './outline'

/** Width of the lines in screen pixels per CSS pixel, from actual size on. */
const LINE = 2
/** From so many screen pixels per image pixel on, outlines are lines; below, cells of one to two screen pixels. */
const LINES_FROM = 2
/** A cell of 2^5 pixels: an image of 8 × as many tiles as fit into a window is still drawn quickly. */
const MAX_LEVEL = 5
/** So many outlines are made within one frame. */
const MADE_PER_FRAME = 24

/** How coarse the cells are whose outline is one to two screen pixels wide. */
export function levelOf(screenScale: number): number {
  return Math.min(MAX_LEVEL, Math.max(0, Math.ceil(-Math.log2(screenScale))))
}

interface TileOutline {
  /** By the level of their cells. */
  pictures: Map<number, HTMLCanvasElement>
  /** Lines in pixels of the tile, by the value inside. */
  lines: Map<number, Path2D> | null
}

/** The outlines of a mask's tiles, made when they are first seen and again after they have changed. */
export class TileOutlines {
  #tiles = new Map<number, TileOutline>()
  #colours: MaskColours
  #budget = 0

  constructor(colours: MaskColours) {
    this.#colours = colours
  }

  clear(): void {
    this.#tiles.clear()
  }

  setColours(colours: MaskColours): void {
    this.#colours = colours
    this.clear()
  }

  /** A tile has changed; the borders of the tiles around it may have as well. */
  forget(mask: Mask, index: number): void {
    const columns = tileColumns(mask.width)
    for (const near of [index, index - 1, index + 1, index - columns, index + columns])
      this.#tiles.delete(near)
  }

  /** Before the tiles of a frame are drawn. */
  beginFrame(): void {
    this.#budget = MADE_PER_FRAME
  }

  /**
   * Draws the outline of one tile.
   *
   * @param place Where the tile lies on the canvas, in screen pixels.
   * @returns False where that has to wait for the next frame.
   */
  draw(
    context: CanvasRenderingContext2D,
    mask: Mask,
    index: number,
    view: View,
    ratio: number,
    place: { left: number; top: number; width: number; height: number }
  ): boolean {
    const tile = this.#tiles.get(index) ?? { pictures: new Map(), lines: null }
    this.#tiles.set(index, tile)
    const screenScale = view.scale * ratio
    if (screenScale >= LINES_FROM) {
      if (!tile.lines && this.#budget-- <= 0) return false
      tile.lines ??= linesOf(mask, index)
      this.#drawLines(context, tile.lines, mask, index, view, ratio)
      return true
    }
    const level = levelOf(screenScale)
    let picture = tile.pictures.get(level)
    if (!picture && this.#budget-- <= 0) return false
    picture ??= this.#pictureOf(mask, index, level)
    tile.pictures.set(level, picture)
    const part = tileRectangle(mask.width, mask.height, index)
    const side = 2 ** level
    const { left, top, width, height } = place
    context.drawImage(picture, 0, 0, part.width / side, part.height / side, left, top, width, height)
    return true
  }

  #drawLines(
    context: CanvasRenderingContext2D,
    lines: Map<number, Path2D>,
    mask: Mask,
    index: number,
    { scale, x, y }: View,
    ratio: number
  ): void {
    const part = tileRectangle(mask.width, mask.height, index)
    const zoom = scale * ratio
    context.setTransform(zoom, 0, 0, zoom, (x + part.x * scale) * ratio, (y + part.y * scale) * ratio)
    context.lineWidth = LINE / scale
    context.lineCap = 'square'
    for (const [value, path] of lines) {
      context.strokeStyle = this.#colourOf(value)
      context.stroke(path)
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
  }

  #pictureOf(mask: Mask, index: number, level: number): HTMLCanvasElement {
    const cells = tileCells(mask, index, level)
    const outline = outlinePixels(cells)
    const picture = document.createElement('canvas')
    picture.width = picture.height = TILE / 2 ** level
    const context = picture.getContext('2d')!
    const data = context.createImageData(picture.width, picture.height)
    const pixels = new Uint32Array(data.data.buffer)
    for (const value of [FOREGROUND, UNKNOWN]) {
      const pixel = pixelOf(this.#colourOf(value))
      for (let at = outline.indexOf(value); at >= 0; at = outline.indexOf(value, at + 1)) pixels[at] = pixel
    }
    context.putImageData(data, 0, 0)
    return picture
  }

  #colourOf(value: number): string {
    return value === UNKNOWN ? this.#colours.unknown : this.#colours.foreground
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

/** An opaque pixel as `ImageData` holds it, red in the lowest byte; of a colour as `#rrggbb`. */
export function pixelOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return new Uint32Array(new Uint8Array([red!, green!, blue!, 255]).buffer)[0]!
}
