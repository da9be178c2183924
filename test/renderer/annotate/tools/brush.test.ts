// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { Workbench } from './bench'

let bench: Workbench

beforeEach(() => {
  bench = new Workbench()
})

describe('straight lines', () => {
  test('Shift-click paints from where the last stroke ended', () => {
    bench.click(50, 50).hold('Shift').click(250, 50).click(250, 250)
    for (let at = 50; at <= 250; at++) {
      expect(bench.isPainted(at, 50)).toBe(true)
      expect(bench.isPainted(250, at)).toBe(true)
    }
    expect(bench.isPainted(150, 150)).toBe(false)
    expect(bench.saved).toHaveLength(3)
  })

  test('are shown before they are painted, while Shift is held', () => {
    bench.click(50, 50).pointerMove(200, 100)
    expect(bench.preview).toBeNull()
    bench.hold('Shift')
    expect(bench.preview!.path).toEqual({
      points: [
        { x: 50, y: 50, radius: 10 },
        { x: 200, y: 100 }
      ],
      closed: false
    })
    bench.release('Shift')
    expect(bench.preview).toBeNull()
  })

  test('the first stroke on an image begins where it begins', () => {
    bench.hold('Shift').click(50, 50)
    expect(bench.isPainted(50, 50)).toBe(true)
    bench.leaveImage().click(250, 50)
    expect(bench.isPainted(150, 50)).toBe(false)
  })

  test('erase with the eraser, on from where the brush was', () => {
    bench.drag([50, 50], [250, 50])
    bench.settings.tool = 'eraser'
    bench.hold('Shift').click(150, 50)
    expect(bench.isPainted(200, 50)).toBe(false)
    expect(bench.isPainted(100, 50)).toBe(true)
    expect(bench.saved.map(({ tool }) => tool)).toEqual(['brush', 'eraser'])
  })
})

describe('shape', () => {
  test('a square brush paints squares', () => {
    bench.settings.shape = 'square'
    bench.click(100, 100)
    expect(bench.paintedPixels).toBe(20 * 20)
    bench.drag([200, 100], [300, 100])
    expect(bench.paintedPixels).toBe(20 * 20 + 120 * 20)
  })
})

describe('pen', () => {
  test('presses harder, paints wider, without steps in between', () => {
    bench.settings.size = 80
    bench.penDown(100, 300, 0.25).penMove(400, 300, 1).pointerUp()
    const width = (x: number) => {
      let count = 0
      for (let y = 200; y < 400; y++) if (bench.isPainted(x, y)) count++
      return count
    }
    expect(width(100)).toBeGreaterThanOrEqual(20)
    expect(width(100)).toBeLessThan(26)
    expect(width(400)).toBe(80)
    for (let x = 101; x <= 400; x++) {
      expect(width(x)).toBeGreaterThanOrEqual(width(x - 1))
      expect(width(x)).toBeLessThanOrEqual(width(x - 1) + 4)
    }
  })

  test('paints one width where the option is off', () => {
    bench.settings.pressure = false
    bench.penDown(100, 100, 0.1).pointerUp()
    expect(bench.isPainted(100, 109)).toBe(true)
  })

  test('paints a pixel however light it is', () => {
    bench.penDown(100, 100, 0).pointerUp()
    expect(bench.isPainted(100, 100)).toBe(true)
  })

  test('once it was there a finger moves the image instead of painting', () => {
    bench.fingerDown(1, 50, 50).fingerUp(1)
    expect(bench.saved).toHaveLength(1)
    bench.penDown(100, 100, 0.5).pointerUp()
    const before = bench.paintedPixels
    bench.fingerDown(1, 300, 300).fingerMove(1, 320, 310).fingerUp(1)
    expect(bench.paintedPixels).toBe(before)
    expect(bench.panned).toEqual({ x: 20, y: 10 })
  })
})

describe('two fingers', () => {
  test('move the image and zoom by their distance, around their middle', () => {
    bench.fingerDown(1, 100, 100).fingerDown(2, 200, 100)
    expect(bench.state).toBe('hand.pinching')
    bench.fingerMove(1, 80, 110).fingerMove(2, 280, 110)
    expect(bench.zoomed).toBeCloseTo(2, 1)
    expect(bench.panned).toEqual({ x: 30, y: 10 })
    bench.fingerUp(1).fingerUp(2)
    expect(bench.state).toBe('idle')
  })

  test('take back what the first one had begun to paint', () => {
    bench.fingerDown(1, 100, 100).fingerMove(1, 150, 100).frame()
    expect(bench.paintedPixels).toBeGreaterThan(0)
    bench.fingerDown(2, 200, 200)
    expect(bench.paintedPixels).toBe(0)
    bench.fingerUp(2).fingerMove(1, 300, 300).fingerUp(1).frame()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toEqual([])
    bench.fingerDown(1, 100, 100).fingerUp(1)
    expect(bench.saved).toHaveLength(1)
  })

  test('take back the corner that the first one set, and no other', () => {
    bench.settings.tool = 'polygon'
    bench.click(100, 100).click(200, 100)
    bench.fingerDown(1, 300, 300).fingerDown(2, 350, 300).fingerUp(1).fingerUp(2)
    expect(bench.preview!.handles).toHaveLength(2)
  })
})

describe('undo during a gesture', () => {
  test('means nothing while a stroke is painted', () => {
    bench.pointerDown(100, 100).pointerMove(150, 100).frame()
    expect(bench.stepBack()).toBe(true)
    bench.pointerUp()
    expect(bench.isPainted(120, 100)).toBe(true)
    expect(bench.stepBack()).toBe(false)
  })

  test('takes a stroke back that still waits for the mask', () => {
    bench.ready = false
    bench.click(100, 100).click(200, 200)
    expect(bench.stepBack()).toBe(true)
    bench.ready = true
    bench.frame()
    expect(bench.isPainted(100, 100)).toBe(true)
    expect(bench.isPainted(200, 200)).toBe(false)
  })
})
