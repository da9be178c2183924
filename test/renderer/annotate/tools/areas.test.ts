// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { Workbench } from './bench'

let bench: Workbench

beforeEach(() => {
  bench = new Workbench()
})

describe('polygon', () => {
  beforeEach(() => {
    bench.settings.tool = 'polygon'
  })

  const square = () => bench.click(100, 100).click(200, 100).click(200, 200).click(100, 200)

  test('corner by corner, closed by a click on the first one, is one stroke', () => {
    square()
    expect(bench.state).toBe('polygon.drawing')
    expect(bench.paintedPixels).toBe(0)
    bench.click(104, 96)
    expect(bench.state).toBe('idle')
    expect(bench.paintedPixels).toBe(100 * 100)
    expect(bench.isPainted(100, 100)).toBe(true)
    expect(bench.isPainted(200, 200)).toBe(false)
    expect(bench.saved).toEqual([{ tool: 'polygon', tiles: 1 }])
  })

  test('Enter closes it', () => {
    square()
    expect(bench.enter()).toBe(true)
    expect(bench.paintedPixels).toBe(100 * 100)
    expect(bench.enter()).toBe(false)
  })

  test('a double click sets its corner once and closes', () => {
    bench.click(100, 100).click(200, 100).click(200, 200).click(200, 201)
    expect(bench.preview?.handles).toHaveLength(3)
    bench.enter()
    expect(bench.saved).toHaveLength(1)
    expect(bench.isPainted(190, 150)).toBe(true)
  })

  test('near the first corner is a matter of the window, not of the image', () => {
    bench.scale = 10
    square().click(102, 100)
    expect(bench.state).toBe('polygon.drawing')
    bench.click(100.5, 100)
    expect(bench.state).toBe('idle')
  })

  test('Backspace takes the last corner back, down to none', () => {
    square()
    expect(bench.stepBack()).toBe(true)
    bench.enter()
    expect(bench.isPainted(190, 110)).toBe(true)
    expect(bench.isPainted(110, 190)).toBe(false)
    bench.click(300, 300)
    expect(bench.stepBack()).toBe(true)
    expect(bench.state).toBe('idle')
    expect(bench.stepBack()).toBe(false)
  })

  test('Esc gives it up', () => {
    square().escape()
    expect(bench.state).toBe('idle')
    expect(bench.enter()).toBe(false)
    expect(bench.paintedPixels).toBe(0)
    expect(bench.preview).toBeNull()
  })

  test('two corners are no area', () => {
    bench.click(100, 100).click(200, 100)
    expect(bench.enter()).toBe(true)
    expect(bench.saved).toEqual([])
    expect(bench.state).toBe('idle')
  })

  test('shows what it would paint, and where a click would close it', () => {
    square().pointerMove(50, 150)
    expect(bench.preview).toMatchObject({ value: 1, closing: false, path: { closed: true } })
    expect(bench.preview!.path!.points.at(-1)).toEqual({ x: 50, y: 150 })
    const before = bench.preview
    expect(bench.preview).toBe(before)
    bench.pointerMove(101, 101)
    expect(bench.preview).not.toBe(before)
    expect(bench.preview!.closing).toBe(true)
  })

  test('what its first click decides holds to its end', () => {
    bench.hold('Alt').click(100, 100).release('Alt').click(200, 100).click(200, 200)
    expect(bench.preview!.value).toBe(0)
    bench.enter()
    expect(bench.paintedPixels).toBe(0)
  })

  test('Space moves the image between two corners', () => {
    bench
      .click(100, 100)
      .hold('Space')
      .pointerDown(200, 100)
      .pointerMove(210, 100)
      .pointerUp()
      .release('Space')
    expect(bench.panned).toEqual({ x: 10, y: 0 })
    expect(bench.state).toBe('polygon.drawing')
    expect(bench.preview!.handles).toHaveLength(1)
  })

  test('another tool or another image ends what is half drawn', () => {
    square()
    bench.settings.tool = 'brush'
    expect(bench.state).toBe('idle')
    bench.settings.tool = 'polygon'
    expect(bench.enter()).toBe(false)
    square().leaveImage()
    expect(bench.enter()).toBe(false)
    expect(bench.saved).toEqual([])
  })
})

describe('lasso', () => {
  beforeEach(() => {
    bench.settings.tool = 'lasso'
  })

  test('paints what it went around when it is let go', () => {
    bench.pointerDown(100, 100).pointerMove(200, 100).pointerMove(200, 200).pointerMove(100, 200)
    expect(bench.state).toBe('lasso.drawing')
    expect(bench.paintedPixels).toBe(0)
    bench.pointerUp()
    expect(bench.paintedPixels).toBe(100 * 100)
    expect(bench.saved).toEqual([{ tool: 'lasso', tiles: 1 }])
  })

  test('a click is no area, and Esc gives the outline up', () => {
    bench.click(100, 100)
    bench.pointerDown(100, 100).pointerMove(200, 100).pointerMove(200, 200).escape().pointerUp()
    expect(bench.saved).toEqual([])
    expect(bench.paintedPixels).toBe(0)
  })

  test('may lead out of the image', () => {
    bench.drag([-50, -50], [100, -50], [100, 100], [-50, 100])
    expect(bench.paintedPixels).toBe(100 * 100)
  })
})

describe('rectangle', () => {
  beforeEach(() => {
    bench.settings.tool = 'rectangle'
  })

  test.each([
    [
      [10.2, 20.9],
      [14.7, 22.1]
    ],
    [
      [14.7, 22.1],
      [10.2, 20.9]
    ],
    [
      [14.7, 20.9],
      [10.2, 22.1]
    ]
  ] as const)('paints the whole pixels from %j to %j', (from, to) => {
    bench.drag([...from], [...to])
    expect(bench.paintedPixels).toBe(5 * 3)
    for (const [x, y] of [
      [10, 20],
      [14, 20],
      [10, 22],
      [14, 22]
    ] as const) {
      expect(bench.isPainted(x, y)).toBe(true)
    }
    expect(bench.saved).toEqual([{ tool: 'rectangle', tiles: 1 }])
  })

  test('shows the pixels it would paint', () => {
    bench.pointerDown(10.2, 20.9).pointerMove(14.7, 22.1)
    expect(bench.preview!.path!.points[0]).toEqual({ x: 10, y: 20 })
    expect(bench.preview!.path!.points[2]).toEqual({ x: 15, y: 23 })
  })

  test('a click paints nothing', () => {
    bench.click(10, 20)
    expect(bench.saved).toEqual([])
  })
})

describe('adding and subtracting', () => {
  beforeEach(() => {
    bench.settings.tool = 'rectangle'
    bench.drag([100, 100], [199, 199])
    bench.saved.length = 0
  })

  const middle = () => bench.drag([140, 140], [159, 159])

  test('Alt and the right button subtract', () => {
    bench.hold('Alt')
    expect(bench.erases).toBe(true)
    middle().release('Alt')
    expect(bench.paintedPixels).toBe(10_000 - 400)
    bench.pointerDown(100, 100, 'right').pointerMove(109, 109).pointerUp()
    expect(bench.paintedPixels).toBe(10_000 - 500)
    expect(bench.erases).toBe(false)
  })

  test('the option subtracts, Shift adds all the same, Alt subtracts anyway', () => {
    bench.settings.subtracts = true
    middle()
    expect(bench.paintedPixels).toBe(9600)
    bench.hold('Shift')
    expect(bench.erases).toBe(false)
    middle()
    expect(bench.paintedPixels).toBe(10_000)
    bench.hold('Alt')
    middle()
    expect(bench.paintedPixels).toBe(9600)
  })

  test('the option is not the brush’s', () => {
    bench.settings.subtracts = true
    bench.settings.tool = 'brush'
    expect(bench.erases).toBe(false)
  })

  test('what is unknown is painted as such, and erased like anything', () => {
    bench.settings.value = 2
    middle()
    expect(bench.unknownPixels).toBe(400)
    expect(bench.paintedPixels).toBe(9600)
    bench.settings.tool = 'brush'
    bench.hold('Alt').click(150, 150)
    expect(bench.unknownPixels).toBeLessThan(400)
  })
})

describe('fill', () => {
  beforeEach(() => {
    bench.settings.tool = 'rectangle'
    bench.drag([100, 100], [199, 199])
    bench.hold('Alt').drag([120, 120], [139, 139]).drag([160, 160], [169, 169]).release('Alt')
    bench.saved.length = 0
    bench.settings.tool = 'fill'
  })

  test('fills the region under the click, as one stroke', () => {
    bench.click(130, 130).rest()
    expect(bench.paintedPixels).toBe(10_000 - 100)
    expect(bench.saved).toEqual([{ tool: 'fill', tiles: 1 }])
    expect(bench.state).toBe('idle')
  })

  test('fills every hole of an object, with what is chosen', () => {
    bench.settings.fill = 'holes'
    bench.settings.value = 2
    bench.click(110, 110).rest()
    expect(bench.unknownPixels).toBe(500)
    expect(bench.saved).toHaveLength(1)
  })

  test('Alt-click erases an object', () => {
    bench.hold('Alt').click(110, 110).rest()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toHaveLength(1)
  })

  test('begins when it is let go, and Esc comes in time before', () => {
    bench.pointerDown(130, 130).frame()
    expect(bench.state).toBe('fill.pressed')
    bench.escape().pointerUp().rest()
    expect(bench.saved).toEqual([])
  })

  test('a region that is filled already is no stroke', () => {
    bench.click(110, 110).rest()
    expect(bench.saved).toEqual([])
  })

  test('undo while a large region is being filled takes the filling back', () => {
    bench = new Workbench(4000)
    bench.settings.tool = 'fill'
    bench.click(2000, 2000)
    expect(bench.state).toBe('fill.filling')
    expect(bench.stepBack()).toBe(true)
    bench.rest()
    expect(bench.editor.mask.tiles.size).toBe(0)
    expect(bench.saved).toEqual([])
    bench.click(2000, 2000).rest()
    expect(bench.saved).toEqual([{ tool: 'fill', tiles: 256 }])
  })

  test('is finished before another image comes, whatever tool was taken meanwhile', () => {
    bench = new Workbench(3000)
    bench.settings.tool = 'fill'
    bench.click(1500, 1500)
    bench.settings.tool = 'polygon'
    expect(bench.state).toBe('idle')
    bench.leaveImage()
    expect(bench.saved).toEqual([{ tool: 'fill', tiles: 144 }])
  })
})
