import { describe, expect, it } from 'vitest'
import type { Figure } from '#main/exchange/report/figure'
import { drawFigure } from '#main/exchange/report/draw'
import { layOut } from '#main/exchange/report/layout'

/** A figure of grey pictures, each a little lighter than the one before. */
function figureOf(rows: number, columns: number, size: number, aspect = 1): Figure {
  return {
    headings: Array.from({ length: columns }, (_, i) => [`column ${i}`]),
    rows: Array.from({ length: rows }, (_, row) => ({
      name: `row ${row}`,
      aspect,
      cells: Array.from({ length: columns }, (_, column) => ({
        picture: {
          width: size,
          height: size,
          rgb: new Uint8Array(3 * size * size).fill(10 * (row * columns + column + 1))
        },
        caption: 'below'
      }))
    }))
  }
}

describe('the layout', () => {
  it.each([
    [16, 1, 128, 128],
    [100, 1, 200, 200],
    [128, 1, 128, 128],
    [224, 1, 224, 224],
    [64, 2, 128, 64],
    [64, 0.5, 64, 128]
  ])('enlarges a picture of %i pixels and aspect %f to %i × %i', (size, aspect, width, height) => {
    const { pictures } = layOut(figureOf(1, 1, size, aspect))
    expect(pictures[0]).toMatchObject({ width, height })
  })

  it.each([
    ['a strip', 2, 12, 1],
    ['a sheet of few samples', 6, 4, undefined],
    ['a sheet of many samples', 60, 4, undefined]
  ])('puts everything of %s inside and nothing over another', (_, rows, columns, blocks) => {
    const { width, height, pictures, texts } = layOut(figureOf(rows, columns, 32), blocks)
    expect(pictures).toHaveLength(rows * columns)
    const boxes = [
      ...pictures,
      ...texts.map(({ x, y, text }) => ({ x, y, width: 12 * text.length - 2, height: 18 }))
    ]
    for (const [i, a] of boxes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0)
      expect(a.x + a.width).toBeLessThanOrEqual(width)
      expect(a.y + a.height).toBeLessThanOrEqual(height)
      const over = boxes
        .slice(i + 1)
        .find(
          (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
        )
      expect(over).toBeUndefined()
    }
  })

  it('makes a sheet of many samples about square, a strip never', () => {
    const sheet = layOut(figureOf(60, 4, 32))
    expect(sheet.width / sheet.height).toBeGreaterThan(0.6)
    expect(sheet.width / sheet.height).toBeLessThan(1.7)
    const strip = layOut(figureOf(2, 12, 32), 1)
    expect(new Set(strip.pictures.map(({ y }) => y)).size).toBe(2)
  })

  it('shrinks the pictures of a sheet that would be huge', () => {
    const { width, height } = layOut(figureOf(500, 6, 256))
    expect(width * height).toBeLessThanOrEqual(60_000_000)
  })

  it('cuts texts that are too long, and writes what it has letters for', () => {
    const figure = figureOf(1, 1, 128)
    figure.rows[0]!.name = 'Zürich – ein sehr langer Name.png'
    expect(layOut(figure).texts.map(({ text }) => text)).toContain('Zurich ?..')
  })
})

describe('the drawing', () => {
  it('repeats the pixels of every picture exactly, and nothing else of the place', () => {
    const figure = figureOf(3, 4, 16)
    const { pictures } = layOut(figure, 1)
    const { pixels, width, height } = drawFigure({ figure, blocks: 1 })
    expect(pixels).toHaveLength(3 * width * height)
    for (const box of pictures) {
      for (let y = box.y; y < box.y + box.height; y++) {
        const row = pixels.subarray(3 * (y * width + box.x), 3 * (y * width + box.x + box.width))
        expect(new Set(row)).toEqual(new Set(box.picture.rgb))
      }
    }
  })

  it('keeps the pixels of a mask in their places', () => {
    const figure = figureOf(1, 1, 2)
    figure.rows[0]!.cells[0]!.picture.rgb = Uint8Array.of(255, 255, 255, 0, 0, 0, 1, 2, 3, 0, 0, 0)
    const [box] = layOut(figure).pictures
    const { pixels, width } = drawFigure({ figure })
    const at = (x: number, y: number) =>
      [...pixels.subarray(3 * ((box!.y + y) * width + box!.x + x))].slice(0, 3)
    expect([at(0, 0), at(63, 63)]).toEqual([
      [255, 255, 255],
      [255, 255, 255]
    ])
    expect([at(64, 0), at(127, 127)]).toEqual([
      [0, 0, 0],
      [0, 0, 0]
    ])
    expect([at(0, 64), at(63, 127)]).toEqual([
      [1, 2, 3],
      [1, 2, 3]
    ])
  })

  it('writes letters that differ from each other', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:-_+=%()/#&<>!?@']
    const drawn = letters.map((letter) => {
      const figure = figureOf(1, 1, 8)
      figure.rows[0]!.name = letter
      return Buffer.from(drawFigure({ figure }).pixels).toString('base64')
    })
    expect(new Set(drawn).size).toBe(letters.length)
  })
})
