// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { maskOf, pixelAt } from '#core/mask/tiles'
import { Workbench } from './bench'

const SIDE = 600

/** A model suggests a disc of radius 40 around (255, 255), across four tiles, and a bar from (400, 100) on. */
const inDisc = (x: number, y: number) => Math.hypot(x - 255, y - 255) <= 40
const inBar = (x: number, y: number) => x >= 400 && x < 520 && y >= 100 && y < 110
const suggestion = maskOf(
  Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)]
    return inDisc(x, y) || inBar(x, y) ? 1 : 0
  }),
  SIDE,
  SIDE
)
const pixels = (isIn: (x: number, y: number) => boolean) => {
  let count = 0
  for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++) if (isIn(x, y)) count++
  return count
}
const DISC = pixels(inDisc)
const BAR = pixels(inBar)

let bench: Workbench

beforeEach(() => {
  bench = new Workbench(SIDE)
  bench.settings.tool = 'suggest'
  bench.suggested = suggestion
})

/** What the person sees that a click would paint, in the middle of the disc and of the bar. */
const shown = () => {
  const [cover] = bench.preview?.assist?.covers ?? []
  if (!cover) return []
  const { area, picture } = cover.cover
  const alphaAt = (x: number, y: number) =>
    x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height
      ? picture.data[((y - area.y) * picture.width + x - area.x) * 4 + 3]
      : 0
  return [alphaAt(255, 255), alphaAt(450, 105)]
}

describe('suggestions', () => {
  test('a click takes the blob under it, and nothing else, in one step', () => {
    bench.click(230, 250).rest()
    expect(bench.paintedPixels).toBe(DISC)
    expect(bench.isPainted(450, 105)).toBe(false)
    expect(bench.saved).toEqual([{ tool: 'suggestion', tiles: 4 }])
  })

  test('a click beside a blob paints nothing', () => {
    bench.click(20, 20).rest()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toEqual([])
  })

  test('a drag takes every blob that it crosses, in one step, also where the pointer leaps', () => {
    bench.drag([20, 255], [599, 255]).rest()
    expect(bench.paintedPixels).toBe(DISC)
    bench.drag([255, 255], [450, 60], [450, 140]).rest()
    expect(bench.paintedPixels).toBe(DISC + BAR)
    expect(bench.saved).toHaveLength(2)
  })

  test('the whole is taken by its button, in one step', () => {
    bench.apply().rest()
    expect(bench.paintedPixels).toBe(DISC + BAR)
    expect(bench.saved).toHaveLength(1)
  })

  test('what is unknown stays, and what was painted beside it, too', () => {
    bench.settings.tool = 'rectangle'
    bench.settings.value = 2
    bench.drag([250, 250], [260, 260]).rest()
    bench.settings.value = 1
    bench.drag([10, 10], [20, 20]).rest()
    const unknown = bench.unknownPixels
    const beside = bench.paintedPixels
    bench.settings.tool = 'suggest'
    bench.apply().rest()
    expect(bench.unknownPixels).toBe(unknown)
    expect(bench.paintedPixels).toBe(beside + DISC + BAR - unknown)
  })

  test('Alt takes a blob away again', () => {
    bench.apply().rest()
    bench.hold('Alt').click(450, 105).rest().release('Alt')
    expect(bench.paintedPixels).toBe(DISC)
  })

  test('the blob under the pointer is shown before it is taken, another one after it', () => {
    bench.pointerMove(255, 255).frame()
    expect(shown()).toEqual([255, 0])
    bench.pointerMove(450, 105).frame()
    expect(shown()).toEqual([0, 255])
    bench.pointerMove(20, 20).frame()
    expect(shown()).toEqual([])
  })

  test('Esc and undo in the middle take back what the gesture has taken', () => {
    bench.pointerDown(255, 255).frame()
    expect(bench.isPainted(255, 255)).toBe(true)
    bench.escape()
    expect(bench.paintedPixels).toBe(0)
    bench.pointerDown(255, 255).frame()
    expect(bench.stepBack()).toBe(true)
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toEqual([])
  })

  test('what was clicked is painted on its image when another one comes', () => {
    bench.ready = false
    bench.click(255, 255)
    bench.ready = true
    bench.leaveImage()
    expect(bench.paintedPixels).toBe(DISC)
    expect(bench.saved).toHaveLength(1)
  })

  test('while there is nothing to suggest, nothing happens', () => {
    bench.suggested = null
    bench.click(255, 255).apply().rest()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.state).toBe('idle')
  })

  test('the suggestion itself is never changed', () => {
    bench.apply().rest()
    bench.settings.tool = 'eraser'
    bench.settings.size = 80
    bench.drag([255, 255], [256, 255]).rest()
    expect(pixelAt(suggestion, 255, 255)).toBe(1)
  })
})
