// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import type { Picture } from '#core/mask/assist/picture'
import { flatten, maskOf, pixelAt } from '#core/mask/tiles'
import { Assistant, type Source } from '../../../../src-renderer/annotate/assist/assistant'
import type { Assist } from '../../../../src-renderer/annotate/assist/client'
import type { AskKind, Asks } from '../../../../src-renderer/annotate/assist/protocol'
import { Workbench } from './bench'

const SIDE = 300

/** A grey disc of radius 60 around (150, 150) with a darker rim, on a dark ground with a light dot at (20, 20). */
const image: Source = {
  width: SIDE,
  height: SIDE,
  read(area, factor): Promise<Picture> {
    const [width, height] = [Math.ceil(area.width / factor), Math.ceil(area.height / factor)]
    const data = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let at = 0; at < width * height; at++) {
      const x = area.x + (at % width) * factor
      const y = area.y + Math.floor(at / width) * factor
      data.fill(greyAt(x, y), at * 4, at * 4 + 3)
    }
    return Promise.resolve({ width, height, data })
  }
}

function greyAt(x: number, y: number): number {
  const distance = Math.hypot(x - 150, y - 150)
  if (distance <= 50) return 200
  if (distance <= 60) return 160
  return Math.hypot(x - 20, y - 20) <= 5 ? 200 : 30
}

/** Answers as the worker does, when the test says so. */
class Helper implements Assist {
  readonly asked: AskKind[] = []
  isSlow = false
  readonly #assistant = new Assistant(image)
  #late: (() => void)[] = []
  #dropped = new Map<AskKind, number>()

  async ask<K extends AskKind>(kind: K, request: Asks[K]['request']): Promise<Asks[K]['answer'] | null> {
    this.asked.push(kind)
    const drops = this.#dropped.get(kind)
    if (this.isSlow) await new Promise<void>((resolve) => this.#late.push(resolve))
    return drops === this.#dropped.get(kind) ? this.#assistant.answer(kind, request) : null
  }

  prepare(): void {}

  drop(kind: AskKind): void {
    this.#dropped.set(kind, (this.#dropped.get(kind) ?? 0) + 1)
  }

  /** Answers everything that was asked. */
  async answer(): Promise<void> {
    for (const answer of this.#late.splice(0)) answer()
    await answered()
  }
}

/** What was asked is answered by then. */
const answered = () => new Promise<void>((resolve) => setTimeout(resolve))

let helper: Helper
let bench: Workbench

beforeEach(() => {
  helper = new Helper()
  bench = new Workbench(SIDE, helper)
})

const areaOf = (radius: number) => {
  let pixels = 0
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) if (Math.hypot(x - 150, y - 150) <= radius) pixels++
  return pixels
}

describe('magic wand', () => {
  beforeEach(() => {
    bench.settings.tool = 'wand'
  })

  test('a click paints what is alike and connected, as one stroke', async () => {
    bench.pointerDown(150, 150)
    expect(bench.state).toBe('wand.reaching')
    await answered()
    expect(bench.preview?.assist?.covers).toHaveLength(1)
    expect(bench.paintedPixels).toBe(0)
    bench.pointerUp().rest()
    expect(bench.state).toBe('idle')
    expect(bench.preview).toBeNull()
    expect(bench.paintedPixels).toBe(areaOf(50))
    expect(bench.saved).toEqual([{ tool: 'wand', tiles: 1 }])
  })

  test('dragging to the right takes more, and the tolerance is kept', async () => {
    bench.pointerDown(150, 150).pointerMove(210, 150)
    await answered()
    expect(bench.settings.tolerance).toBe(44)
    bench.pointerUp().rest()
    expect(bench.paintedPixels).toBe(areaOf(60))
    bench.pointerDown(150, 150).pointerMove(150, 300).pointerMove(0, 300)
    expect(bench.settings.tolerance).toBe(0)
  })

  test('everything alike, when it need not be connected', async () => {
    bench.settings.contiguous = false
    bench.pointerDown(150, 150)
    await answered()
    bench.pointerUp().rest()
    expect(bench.isPainted(20, 20)).toBe(true)
    expect(bench.paintedPixels).toBeGreaterThan(areaOf(50))
  })

  test('let go before the answer: painted when it comes, with the last tolerance', async () => {
    helper.isSlow = true
    bench.pointerDown(150, 150).pointerMove(210, 150).pointerUp()
    expect(bench.state).toBe('wand.painting')
    expect(bench.paintedPixels).toBe(0)
    await helper.answer()
    bench.rest()
    expect(bench.paintedPixels).toBe(areaOf(60))
    expect(bench.saved).toHaveLength(1)
  })

  test('clicks that come faster than answers are all painted, each as its own stroke', async () => {
    helper.isSlow = true
    bench.click(150, 150).click(20, 20).pointerDown(150, 95).pointerMove(153, 95)
    while (bench.saved.length < 2) await helper.answer()
    expect(bench.isPainted(20, 20)).toBe(true)
    expect(bench.state).toBe('wand.reaching')
    bench.pointerUp()
    await helper.answer()
    bench.rest()
    expect(bench.isPainted(150, 95)).toBe(true)
    expect(bench.saved).toHaveLength(3)
  })

  test('Alt takes away', async () => {
    bench.settings.tool = 'rectangle'
    bench.drag([0, 0], [SIDE, SIDE]).rest()
    bench.settings.tool = 'wand'
    bench.hold('Alt').pointerDown(150, 150)
    await answered()
    bench.pointerUp().release('Alt').rest()
    expect(bench.paintedPixels).toBe(SIDE * SIDE - areaOf(50))
  })

  test('what a person marked unknown stays unknown', async () => {
    bench.settings.tool = 'rectangle'
    bench.settings.value = 2
    bench.drag([140, 140], [159, 159]).rest()
    bench.settings.tool = 'wand'
    bench.settings.value = 1
    bench.pointerDown(120, 150)
    await answered()
    bench.pointerUp().rest()
    expect(bench.unknownPixels).toBe(400)
    expect(bench.paintedPixels).toBe(areaOf(50) - 400)
  })

  test('Esc, undo and another image give it up; a late answer changes nothing', async () => {
    for (const giveUp of [() => bench.escape(), () => bench.stepBack(), () => bench.leaveImage()]) {
      helper.isSlow = true
      bench.pointerDown(150, 150).pointerUp()
      giveUp()
      await helper.answer()
      bench.rest()
      expect(bench.state).toBe('idle')
      expect(bench.preview).toBeNull()
      expect(bench.paintedPixels).toBe(0)
    }
    expect(bench.saved).toEqual([])
  })

  test('a press beside the image does nothing', () => {
    bench.click(-5, 20)
    expect(bench.state).toBe('idle')
    expect(helper.asked).toEqual([])
  })
})

describe('superpixels', () => {
  beforeEach(async () => {
    bench.settings.tool = 'superpixels'
    bench.pointerMove(150, 150)
    await answered()
  })

  test('the one under the pointer is shown before it is painted', () => {
    bench.pointerMove(151, 150)
    const { region, assist } = bench.preview!
    expect(region!.pixels.includes(1)).toBe(true)
    expect(assist?.outlines?.cover.picture.width).toBe(SIDE)
    expect(bench.paintedPixels).toBe(0)
  })

  test('a click paints it, the same click with Alt takes it away', () => {
    bench.pointerMove(151, 150)
    const pixels = bench.preview!.region!.pixels.reduce((sum, bit) => sum + bit, 0)
    bench.click(151, 150).rest()
    expect(bench.paintedPixels).toBe(pixels)
    bench.hold('Alt').click(151, 150).rest()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved.map(({ tool }) => tool)).toEqual(['superpixels', 'superpixels'])
  })

  test('dragging paints all that it crosses, without gaps, as one stroke, and none over the edge', () => {
    bench.pointerDown(110, 150)
    expect(bench.state).toBe('superpixels.painting')
    bench.pointerMove(190, 150).pointerUp().rest()
    for (let x = 110; x <= 190; x++) expect(bench.isPainted(x, 150)).toBe(true)
    expect(bench.saved).toHaveLength(1)
    const outside = flatten(bench.editor.mask).filter(
      (value, at) => value && Math.hypot((at % SIDE) - 150, Math.floor(at / SIDE) - 150) > 62
    )
    expect(outside).toHaveLength(0)
  })

  test('moving about asks only once; another size asks again', async () => {
    for (let i = 0; i < 20; i++) bench.pointerMove(100 + 5 * i, 140)
    expect(helper.asked).toEqual(['superpixels'])
    bench.settings.patchSize = 40
    bench.pointerMove(150, 150)
    await answered()
    expect(helper.asked).toHaveLength(2)
  })

  test('a press before they are there paints when they come', async () => {
    bench.leaveImage()
    helper.isSlow = true
    bench.click(150, 150)
    expect(bench.paintedPixels).toBe(0)
    await helper.answer()
    bench.rest()
    expect(bench.isPainted(150, 150)).toBe(true)
    expect(bench.saved).toHaveLength(1)
  })

  test('Esc takes the stroke back', () => {
    bench.pointerDown(110, 150).pointerMove(190, 150).frame().escape().pointerUp().rest()
    expect(bench.paintedPixels).toBe(0)
    expect(bench.saved).toEqual([])
  })
})

describe('smart fill', () => {
  beforeEach(() => {
    bench.settings.tool = 'smart-fill'
  })

  const scribble = async (...places: [number, number][]) => {
    bench.drag(...places)
    await answered()
  }

  test('a scribble shows the object, Enter paints it as one stroke', async () => {
    await scribble([130, 150], [170, 150])
    expect(bench.state).toBe('smart-fill.filling')
    expect(bench.preview?.assist?.covers).toHaveLength(1)
    expect(bench.paintedPixels).toBe(0)
    expect(bench.enter()).toBe(true)
    bench.rest()
    expect(bench.state).toBe('idle')
    expect(bench.isPainted(150, 105)).toBe(true)
    expect(bench.isPainted(150, 80)).toBe(false)
    expect(bench.saved).toEqual([{ tool: 'smart-fill', tiles: 1 }])
  })

  test('Alt scribbles background, which keeps the fill away', async () => {
    await scribble([100, 150], [205, 150])
    bench.hold('Alt')
    await scribble([110, 190], [190, 190])
    bench.release('Alt')
    expect(bench.preview?.assist?.scribbles?.map(({ isForeground }) => isForeground)).toEqual([true, false])
    bench.enter()
    bench.rest()
    expect(bench.isPainted(150, 150)).toBe(true)
    expect(bench.isPainted(150, 190)).toBe(false)
  })

  test('Enter before the answer paints when it comes', async () => {
    helper.isSlow = true
    bench.drag([130, 150], [170, 150])
    expect(bench.enter()).toBe(true)
    expect(bench.paintedPixels).toBe(0)
    await helper.answer()
    bench.rest()
    expect(bench.isPainted(150, 150)).toBe(true)
  })

  test('Backspace takes the last scribble back, the last of them ends it', async () => {
    await scribble([130, 150], [170, 150])
    await scribble([15, 20], [25, 20])
    expect(bench.stepBack()).toBe(true)
    await answered()
    expect(bench.preview?.assist?.scribbles).toHaveLength(1)
    expect(bench.stepBack()).toBe(true)
    expect(bench.state).toBe('idle')
    expect(bench.stepBack()).toBe(false)
    expect(bench.enter()).toBe(false)
  })

  test('Esc and another tool drop it', async () => {
    await scribble([130, 150], [170, 150])
    bench.escape()
    expect(bench.state).toBe('idle')
    expect(bench.preview).toBeNull()
    await scribble([130, 150], [170, 150])
    bench.settings.tool = 'brush'
    bench.pointerMove(5, 5)
    bench.settings.tool = 'smart-fill'
    expect(bench.state).toBe('idle')
    expect(bench.paintedPixels).toBe(0)
  })
})

describe('reshape', () => {
  beforeEach(() => {
    bench.settings.tool = 'rectangle'
    bench.drag([100, 100], [119, 119]).rest()
    bench.saved.length = 0
    bench.settings.tool = 'reshape'
    bench.frame()
  })

  const amount = (pixels: number) => {
    bench.settings.amounts = { ...bench.settings.amounts, [bench.settings.reshaping]: pixels }
    return bench.frame()
  }

  test('grows the whole mask as one stroke', async () => {
    amount(3).apply()
    await answered()
    bench.rest()
    expect(bench.isPainted(97, 110)).toBe(true)
    expect(bench.isPainted(96, 110)).toBe(false)
    expect(bench.isPainted(97, 97)).toBe(false)
    expect(bench.saved).toEqual([{ tool: 'grow', tiles: 1 }])
  })

  test('shrinks', async () => {
    bench.settings.reshaping = 'shrink'
    amount(4).apply()
    await answered()
    bench.rest()
    expect(bench.paintedPixels).toBe(12 * 12)
  })

  test('a change of the amount shows what would change; nothing is painted', async () => {
    expect(bench.preview).toBeNull()
    amount(5)
    await answered()
    expect(bench.state).toBe('reshape.previewing')
    const [added] = bench.preview!.assist!.covers!
    expect(added!.cover.picture.data.some((value) => value > 0)).toBe(true)
    expect(bench.paintedPixels).toBe(400)
    bench.escape()
    expect(bench.preview).toBeNull()
  })

  test('undo ends a preview first', async () => {
    amount(5)
    await answered()
    expect(bench.stepBack()).toBe(true)
    expect(bench.preview).toBeNull()
    expect(bench.stepBack()).toBe(false)
  })

  test('strokes made meanwhile wait for it', async () => {
    helper.isSlow = true
    amount(3).apply().frame()
    bench.settings.tool = 'brush'
    bench.click(250, 250)
    expect(bench.isPainted(250, 250)).toBe(false)
    await helper.answer()
    bench.rest()
    expect(bench.saved.length).toBeGreaterThan(0)
    expect(bench.isPainted(250, 250)).toBe(true)
  })

  test('an empty mask has nothing to reshape', async () => {
    const empty = new Workbench(SIDE, helper)
    empty.settings.tool = 'reshape'
    empty.apply()
    await answered()
    empty.rest()
    expect(empty.saved).toEqual([])
    expect(empty.state).toBe('idle')
  })
})

test('a whole image of unknown and painted pixels goes through the assistant unharmed', async () => {
  const mask = maskOf(new Uint8Array(SIDE * SIDE).fill(2), SIDE, SIDE)
  const reshaping = { kind: 'grow', amount: 3 } as const
  const change = (await new Assistant(image).answer('reshape', { mask, reshaping }))!
  expect(change.added.region.pixels.includes(1)).toBe(false)
  expect(change.removed.region.pixels.includes(1)).toBe(false)
  expect(pixelAt(mask, 5, 5)).toBe(2)
})
