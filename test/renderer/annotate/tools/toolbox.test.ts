// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { Workbench } from './bench'

let bench: Workbench

beforeEach(() => {
  bench = new Workbench()
})

describe('brush', () => {
  test('a click paints one dab of the brush’s size and saves it as one stroke', () => {
    bench.pointerDown(50, 50)
    expect(bench.state).toBe('brush.painting')
    bench.pointerUp()
    expect(bench.state).toBe('idle')
    expect(bench.isPainted(50, 50)).toBe(true)
    expect(bench.isPainted(50, 59)).toBe(true)
    expect(bench.isPainted(50, 61)).toBe(false)
    expect(bench.saved).toEqual([{ tool: 'brush', tiles: 1 }])
  })

  test('what floods in between two frames is painted without gaps', () => {
    bench.pointerDown(20, 100).pointerMove(200, 100).pointerMove(200, 300)
    expect(bench.paintedPixels).toBe(0)
    bench.frame()
    for (let x = 20; x <= 200; x++) expect(bench.isPainted(x, 100)).toBe(true)
    for (let y = 100; y <= 300; y++) expect(bench.isPainted(200, y)).toBe(true)
    expect(bench.saved).toEqual([])
    bench.pointerUp()
    expect(bench.saved).toHaveLength(1)
  })

  test('the same way painted over many frames or in one gives the same mask', () => {
    const way = Array.from({ length: 40 }, (_, i) => [30 + i * 11, 200 + 80 * Math.sin(i / 4)] as const)
    bench.pointerDown(...way[0]!)
    for (const point of way) bench.pointerMove(...point).frame()
    bench.pointerUp()
    const atOnce = new Workbench()
    atOnce.pointerDown(...way[0]!)
    for (const point of way) atOnce.pointerMove(...point)
    atOnce.pointerUp()
    expect(atOnce.editor.mask.tiles).toEqual(bench.editor.mask.tiles)
    expect(bench.paintedPixels).toBeGreaterThan(5000)
  })

  test('moving without a pressed button paints nothing', () => {
    bench.pointerMove(50, 50).pointerMove(90, 50).frame()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.state).toBe('idle')
  })

  test('the size at the start holds for the whole stroke', () => {
    bench.pointerDown(100, 100)
    bench.settings.size = 80
    bench.pointerMove(200, 100).pointerUp()
    expect(bench.isPainted(150, 112)).toBe(false)
  })

  test('Esc takes the stroke back and saves nothing; earlier strokes stay', () => {
    bench.pointerDown(50, 50).pointerUp()
    const before = bench.paintedPixels
    bench.pointerDown(300, 300).pointerMove(500, 300).frame()
    expect(bench.paintedPixels).toBeGreaterThan(before)
    bench.escape()
    expect(bench.state).toBe('idle')
    expect(bench.paintedPixels).toBe(before)
    bench.pointerMove(500, 500).pointerUp()
    expect(bench.paintedPixels).toBe(before)
    expect(bench.saved).toHaveLength(1)
  })

  test('a second button during a stroke changes nothing', () => {
    bench.pointerDown(50, 50).pointerDown(50, 50, 'right').pointerMove(80, 50).pointerUp()
    expect(bench.isPainted(80, 50)).toBe(true)
    expect(bench.saved).toEqual([{ tool: 'brush', tiles: 1 }])
  })

  test('painting what is painted already is no stroke', () => {
    bench.pointerDown(50, 50).pointerUp().pointerDown(50, 50).pointerUp()
    expect(bench.saved).toHaveLength(1)
  })
})

describe('eraser', () => {
  beforeEach(() => {
    bench.pointerDown(100, 100).pointerMove(200, 100).pointerUp()
    bench.saved.length = 0
  })

  test('erases what the brush painted', () => {
    bench.settings.tool = 'eraser'
    bench.pointerDown(150, 100).pointerUp()
    expect(bench.isPainted(150, 100)).toBe(false)
    expect(bench.isPainted(110, 100)).toBe(true)
    expect(bench.saved).toEqual([{ tool: 'eraser', tiles: 1 }])
  })

  test('Alt turns the brush into an eraser while it is held', () => {
    bench.hold('Alt')
    expect(bench.erases).toBe(true)
    bench.pointerDown(150, 100).pointerUp().release('Alt')
    expect(bench.isPainted(150, 100)).toBe(false)
    expect(bench.erases).toBe(false)
    bench.pointerDown(150, 100).pointerUp()
    expect(bench.isPainted(150, 100)).toBe(true)
  })

  test('Alt let go in the middle of a stroke does not change the stroke', () => {
    bench.hold('Alt').pointerDown(120, 100).release('Alt').pointerMove(180, 100).pointerUp()
    expect(bench.isPainted(150, 100)).toBe(false)
  })

  test('the right button erases, and shows that it does', () => {
    bench.pointerDown(150, 100, 'right')
    expect(bench.erases).toBe(true)
    bench.pointerUp()
    expect(bench.erases).toBe(false)
    expect(bench.isPainted(150, 100)).toBe(false)
  })

  test('erasing where nothing is painted is no stroke', () => {
    bench.settings.tool = 'eraser'
    bench.pointerDown(400, 400).pointerMove(500, 500).pointerUp()
    expect(bench.saved).toEqual([])
  })
})

describe('hand', () => {
  test('Space and the left button move the image and paint nothing', () => {
    bench.hold('Space').pointerDown(100, 100)
    expect(bench.state).toBe('hand.panning')
    bench.pointerMove(130, 90).pointerMove(140, 80).pointerUp()
    expect(bench.panned).toEqual({ x: 40, y: -20 })
    expect(bench.paintedPixels).toBe(0)
    expect(bench.state).toBe('idle')
  })

  test('the middle button moves the image', () => {
    bench.pointerDown(100, 100, 'middle').pointerMove(90, 100).pointerUp().pointerMove(0, 0)
    expect(bench.panned).toEqual({ x: -10, y: 0 })
  })

  test('Space let go during the move does not begin a stroke', () => {
    bench.hold('Space').pointerDown(100, 100).release('Space').pointerMove(150, 100).pointerUp()
    expect(bench.panned).toEqual({ x: 50, y: 0 })
    expect(bench.paintedPixels).toBe(0)
  })

  test('a read-only project can be looked around in, not painted', () => {
    bench.canPaint = false
    bench.pointerDown(100, 100).pointerMove(200, 100).pointerUp().frame()
    expect(bench.paintedPixels).toBe(0)
    bench.pointerDown(100, 100, 'middle').pointerMove(110, 100).pointerUp()
    expect(bench.panned).toEqual({ x: 10, y: 0 })
  })
})

describe('while an undo is under way', () => {
  test('strokes wait and are painted afterwards, none is lost', () => {
    bench.ready = false
    bench.pointerDown(50, 50).pointerMove(80, 50).pointerUp()
    bench.pointerDown(300, 300).pointerMove(330, 300).frame()
    expect(bench.paintedPixels).toBe(0)
    bench.ready = true
    bench.frame()
    expect(bench.isPainted(65, 50)).toBe(true)
    expect(bench.isPainted(315, 300)).toBe(true)
    expect(bench.saved).toHaveLength(1)
    bench.pointerUp()
    expect(bench.saved).toHaveLength(2)
  })

  test('Esc drops a waiting stroke without touching the mask', () => {
    bench.ready = false
    bench.pointerDown(50, 50).escape()
    bench.ready = true
    bench.frame()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toEqual([])
  })
})
