import type { Figure, Picture } from './figure'
import { fitted, GLYPH } from './lettering'

/** Pixels per dot of a letter. */
export const TEXT_SCALE = 2
const LINE = TEXT_SCALE * GLYPH.height + 4
const GAP = 16
const MARGIN = 16
/** Pictures have at least this edge, so that small ones can be seen and a caption fits below. */
const LEAST_EDGE = 128
/** More pixels than this are more than a person looks at, and than a viewer opens. */
const MOST_PIXELS = 60_000_000

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where everything of a figure goes, in pixels from the upper left. */
export interface Layout {
  width: number
  height: number
  pictures: (Box & { picture: Picture })[]
  texts: { x: number; y: number; text: string }[]
}

/**
 * A figure on one sheet: the rows below each other, in blocks side by side where that makes the sheet squarer.
 * Pictures are enlarged by whole numbers along their longer edge, but made smaller where the sheet would become huge.
 *
 * @param blocks Into how many blocks the rows are divided; by default as makes the sheet about square.
 */
export function layOut(figure: Figure, blocks?: number): Layout {
  const size = Math.max(
    ...figure.rows.flatMap(({ cells }) => cells.map(({ picture }) => longerEdge(picture)))
  )
  let edge = size * Math.ceil(LEAST_EDGE / size)
  const count = blocks ?? squareBlocks(figure, edge)
  let layout = arranged(figure, edge, count)
  while (layout.width * layout.height > MOST_PIXELS && edge > 2 * LINE) {
    edge = Math.floor(edge * Math.sqrt((0.95 * MOST_PIXELS) / (layout.width * layout.height)))
    layout = arranged(figure, edge, count)
  }
  return layout
}

function longerEdge({ width, height }: Picture): number {
  return Math.max(width, height)
}

function squareBlocks(figure: Figure, edge: number): number {
  const { width, height } = arranged(figure, edge, 1)
  return Math.min(figure.rows.length, Math.max(1, Math.round(Math.sqrt(height / width))))
}

function arranged(figure: Figure, edge: number, blocks: number): Layout {
  const { headings, rows } = figure
  const perBlock = Math.ceil(rows.length / blocks)
  const blockWidth = headings.length * (edge + GAP) - GAP
  const pictures: Layout['pictures'] = []
  const texts: Layout['texts'] = []
  const write = (x: number, y: number, text: string, width: number) => {
    texts.push({ x, y, text: fitted(text, width, TEXT_SCALE) })
  }
  let height = 0
  for (let start = 0, left = MARGIN; start < rows.length; start += perBlock) {
    let y = MARGIN
    headings.forEach((lines, column) => {
      lines.forEach((line, i) =>
        write(left + column * (edge + GAP), y + i * LINE, line, edge + GAP - TEXT_SCALE)
      )
    })
    y += LINE * Math.max(...headings.map((lines) => lines.length)) + GAP
    for (const { name, aspect, cells } of rows.slice(start, start + perBlock)) {
      write(left, y, name, blockWidth)
      y += LINE
      const width = aspect >= 1 ? edge : Math.max(1, Math.round(edge * aspect))
      const tall = aspect >= 1 ? Math.max(1, Math.round(edge / aspect)) : edge
      cells.forEach(({ picture, caption }, column) => {
        const x = left + column * (edge + GAP)
        pictures.push({ picture, x, y, width, height: tall })
        if (caption !== undefined) write(x, y + tall + 4, caption, edge)
      })
      y += tall + (cells.some(({ caption }) => caption !== undefined) ? LINE + 4 : 0) + GAP
    }
    height = Math.max(height, y)
    left += blockWidth + 2 * MARGIN
  }
  const used = Math.ceil(rows.length / perBlock)
  return { width: MARGIN + used * (blockWidth + 2 * MARGIN) - MARGIN, height, pictures, texts }
}
