import { readRectangle, TILE, tileRectangle, type Mask } from '#core/mask/tiles'
import { BACKGROUND, UNKNOWN } from '#core/mask/values'

/** A tile's values and a border of one cell of its neighbours'. */
export interface Cells {
  /** Cells along an edge, without the border. */
  edge: number
  /** `[edge + 2, edge + 2]` */
  values: Uint8Array
}

/**
 * A tile as square cells of 2^level pixels; a cell has the greatest value of its pixels, so that no speck is lost.
 * What lies outside of the image is background.
 */
export function tileCells(mask: Mask, index: number, level = 0): Cells {
  const side = 2 ** level
  const { x, y } = tileRectangle(mask.width, mask.height, index)
  const length = TILE + 2 * side
  const values = readRectangle(mask, { x: x - side, y: y - side, width: length, height: length })
  const edge = TILE / side
  if (side === 1) return { edge, values }
  const cells = new Uint8Array((edge + 2) ** 2)
  for (let at = 0, row = 0; row < length; row++) {
    const start = Math.floor(row / side) * (edge + 2)
    for (let column = 0; column < length; column++, at++) {
      const value = values[at]!
      const cell = start + Math.floor(column / side)
      if (value > cells[cell]!) cells[cell] = value
    }
  }
  return { edge, values: cells }
}

/**
 * The cells along the inner side of every border between different values.
 *
 * @returns `[edge, edge]`, the value of such a cell, else background.
 */
export function outlinePixels({ edge, values }: Cells): Uint8Array {
  const width = edge + 2
  const outline = new Uint8Array(edge * edge)
  for (let y = 0, at = 0; y < edge; y++) {
    for (let x = 0, from = (y + 1) * width + 1; x < edge; x++, at++, from++) {
      const value = values[from]!
      if (value === BACKGROUND) continue
      const inside =
        values[from - 1] === value &&
        values[from + 1] === value &&
        values[from - width] === value &&
        values[from + width] === value
      if (!inside) outline[at] = value
    }
  }
  return outline
}

/** Straight pieces of borders, `x, y, x, y` each, in cells of the tile and as long as they go; by the value inside. */
export type Edges = Map<number, number[]>

/**
 * The borders between different values, along the edges of cells. Each is there once: between foreground and unknown
 * it is unknown's, between two tiles that of the tile which holds the inside.
 */
export function outlineEdges({ edge, values }: Cells): Edges {
  const width = edge + 2
  const edges: Edges = new Map()
  const sides = [
    { across: -width, far: 0, horizontal: true },
    { across: width, far: 1, horizontal: true },
    { across: -1, far: 0, horizontal: false },
    { across: 1, far: 1, horizontal: false }
  ]
  for (const { across, far, horizontal } of sides) {
    const [nextLine, nextCell] = horizontal ? [width, 1] : [1, width]
    for (let line = 0; line < edge; line++) {
      const place = line + far
      let running: number = BACKGROUND
      let began = 0
      for (let i = 0, at = width + 1 + line * nextLine; i <= edge; i++, at += nextCell) {
        const value = i < edge ? borderOf(values[at]!, values[at + across]!) : BACKGROUND
        if (value === running) continue
        if (running !== BACKGROUND) {
          const pieces = edges.get(running) ?? []
          edges.set(running, pieces)
          if (horizontal) pieces.push(began, place, i, place)
          else pieces.push(place, began, place, i)
        }
        running = value
        began = i
      }
    }
  }
  return edges
}

/** Whose the border between a cell and its neighbour is: the cell's value, or background where it has none there. */
function borderOf(value: number, neighbour: number): number {
  const isBorder = value !== neighbour && (neighbour === BACKGROUND || value === UNKNOWN)
  return isBorder ? value : BACKGROUND
}
