// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { createMask, TILE, TILE_PIXELS, tileColumns, type Mask } from '#core/mask/tiles'
import { MaskPictures, type Surface } from '../../../src-renderer/annotate/mask-pictures'

/** A picture's cells, to be looked at. */
class Canvas implements Surface {
  readonly cells = new Uint32Array(TILE_PIXELS)

  put(pixels: Uint32Array, edge: number, x: number, y: number): void {
    for (let i = 0; i < edge; i++)
      this.cells.set(pixels.subarray(i * edge, (i + 1) * edge), (y + i) * TILE + x)
  }

  clear(edge: number, x: number, y: number): void {
    this.put(new Uint32Array(edge * edge), edge, x, y)
  }
}

/** 100 megapixels. */
const [WIDTH, HEIGHT] = [12_000, 8400]
const COLUMNS = tileColumns(WIDTH)
const ALL = { x: 0, y: 0, width: WIDTH, height: HEIGHT }

let mask: Mask
let made: number[]
let pictures: MaskPictures<Canvas>

const always = () => true
const tile = (column: number, row: number) => row * COLUMNS + column

function paint(column: number, row: number, value: number): void {
  mask.tiles.set(tile(column, row), new Uint8Array(TILE_PIXELS).fill(value))
  pictures.touch(mask, tile(column, row))
}

/** The pictures of a view, by their corner in the image. */
function view(level: number, area = ALL, isTimely = always) {
  const seen = new Map<string, Canvas>()
  const complete = pictures.show(mask, level, area, isTimely, (canvas, x, y) => seen.set(`${x} ${y}`, canvas))
  return { seen, complete }
}

beforeEach(() => {
  mask = createMask(WIDTH, HEIGHT)
  made = []
  pictures = new MaskPictures(
    () => new Canvas(),
    (shown, index, _level, cells) => {
      made.push(index)
      cells.fill(shown.tiles.get(index)![0]!)
    },
    20
  )
})

describe('a mask as pictures', () => {
  test('that is painted all over takes few from afar, and a bounded number from near', () => {
    for (let row = 0; row * TILE < HEIGHT; row++) {
      for (let column = 0; column < COLUMNS; column++)
        mask.tiles.set(tile(column, row), new Uint8Array(TILE_PIXELS))
    }
    expect(mask.tiles.size).toBe(1551)
    expect(view(3).seen.size).toBe(6 * 5)
    expect(made).toHaveLength(1551)
    expect(view(4).seen.size).toBe(3 * 3)
    for (let x = 0; x < WIDTH; x += 1000) view(0, { x, y: 500, width: 1280, height: 720 })
    expect(pictures.count).toBeLessThanOrEqual(24)
  })

  test('has none where nothing is painted', () => {
    paint(40, 20, 1)
    expect(view(0).seen.size).toBe(1)
    expect(view(0, { x: 0, y: 0, width: 2000, height: 2000 }).seen.size).toBe(0)
    expect(pictures.count).toBe(1)
  })

  test('shows each tile at its place in a picture of many', () => {
    paint(9, 10, 1)
    paint(10, 10, 2)
    const { cells } = view(2).seen.get(`${8 * TILE} ${8 * TILE}`)!
    const at = (x: number, y: number) => cells[y * TILE + x]
    expect([at(63, 128), at(64, 128), at(127, 191), at(128, 128), at(191, 191), at(192, 191)]).toEqual([
      0, 1, 1, 2, 2, 0
    ])
    expect([at(64, 127), at(64, 192)]).toEqual([0, 0])
  })

  test('makes anew only the tiles that were touched', () => {
    for (let column = 0; column < 16; column++) paint(column, 0, 1)
    view(3)
    expect(made).toHaveLength(16)
    paint(3, 0, 2)
    paint(5, 1, 1)
    made = []
    const { cells } = view(3).seen.get('0 0')!
    expect(made.sort((a, b) => a - b)).toEqual([tile(3, 0), tile(5, 1)])
    expect([cells[95], cells[96], cells[127], cells[128]]).toEqual([1, 2, 2, 1])
    made = []
    view(3)
    expect(made).toEqual([])
  })

  test('forgets a tile that was erased or undone', () => {
    paint(2, 2, 1)
    expect(view(1).seen.get('512 512')!.cells[0]).toBe(1)
    mask.tiles.delete(tile(2, 2))
    pictures.touch(mask, tile(2, 2))
    expect(
      view(1)
        .seen.get('512 512')!
        .cells.every((cell) => cell === 0)
    ).toBe(true)
  })

  test('goes on in the next frame where one has no time for all', () => {
    for (let column = 0; column < 12; column++) paint(column, 0, 1)
    let time = 5
    const first = view(2, ALL, () => time-- > 0)
    expect(first.complete).toBe(false)
    expect(made).toHaveLength(5)
    expect(view(2).complete).toBe(true)
    expect(made).toHaveLength(12)
    expect(new Set(made).size).toBe(12)
  })

  test('keeps the pictures of a view, however many, and then those used last', () => {
    for (let row = 0; row < 5; row++) for (let column = 0; column < 6; column++) paint(column, row, 1)
    const area = { x: 0, y: 0, width: 6 * TILE, height: 5 * TILE }
    view(0, area)
    expect(pictures.count).toBe(30)
    made = []
    view(0, area)
    expect(made).toEqual([])
    view(0, { x: 0, y: 0, width: 10, height: 10 })
    expect(pictures.count).toBe(20)
    view(0, { x: 5 * TILE, y: 4 * TILE, width: 10, height: 10 })
    expect(made).toEqual([])
  })
})
