import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { droppedOf, gapsOf } from './figures'

interface Point {
  x: number
  y: number
}

/** A rectangle of the window. */
export interface Box extends Point {
  width: number
  height: number
}

/** What the page saw of one stroke, in milliseconds of its clock. */
export interface StrokeTimes {
  /** Of each pointer event, which stands for all moves of the mouse since the one before. */
  events: {
    /** Its timeStamp. */
    happened: number
    /** When the frame that shows it was done. */
    shown: number
    moves: number
  }[]
  /** When each frame began. */
  frames: number[]
}

/**
 * Where a fast hand is after so many seconds: about two widths of the box a second, never twice the same way.
 *
 * @param number Which stroke it is.
 */
export function placeAt({ x, y, width, height }: Box, seconds: number, number: number): Point {
  const wave = (hertz: number, phase: number) => (1 + Math.sin(2 * Math.PI * hertz * seconds + phase)) / 2
  return { x: x + width * wave(0.83, number * 1.7), y: y + height * wave(0.57, number * 2.3) }
}

/** What `installHand` puts into the page. */
interface Hand {
  /** Begins to keep times. */
  start(): void
  /** Moves the mouse along places, so many a second, and resolves at the end of the way. */
  move(places: Point[], hertz: number): Promise<void>
  stop(): StrokeTimes
}
type Handed = typeof globalThis & { hand: Hand }

/**
 * Puts a hand into the page that moves the mouse, and a clock that looks at what comes of it.
 *
 * The moves are events of the page's own, one at the beginning of each frame with all moves since the last one in it:
 * so a browser passes on those of a mouse. Moves that come by way of the developer tools it passes on one by one, several
 * a frame, which no mouse does; and at 1000 a second sending them would take a processor of its own.
 *
 * A frame is done when a message arrives that was posted in its requestAnimationFrame: that is a task of its own, behind
 * style, layout, painting and the handing over to the compositor; or when the next frame begins, which browsers put before
 * messages where frames follow without a pause. Event Timing, the browser's own measure up to the
 * screen, leaves moves of the pointer out.
 *
 * @param target A selector of what takes the events.
 */
export function installHand(page: Page, target: string): Promise<void> {
  return page.evaluate((target) => {
    const element = document.querySelector(target)!
    let times: StrokeTimes = { events: [], frames: [] }
    let isOn = false
    let way: { places: Point[]; hertz: number; from: number; sent: number; arrived: () => void } | null = null
    let inFrame: Omit<StrokeTimes['events'][number], 'shown'>[] = []
    const channel = new MessageChannel()
    channel.port1.onmessage = ({ data: number }) => {
      if (number === times.frames.length) frameIsDone()
    }

    function frameIsDone(): void {
      const shown = performance.now()
      times.events.push(...inFrame.map((event) => ({ ...event, shown })))
      inFrame = []
    }

    function moveOn(now: number): void {
      if (!way) return
      const { places, hertz, from, sent } = way
      const due = Math.min(places.length, Math.floor(((now - from) * hertz) / 1000))
      if (due > sent) {
        const moves = places.slice(sent, due).map((place) => moved(place))
        const { clientX, clientY } = moves.at(-1)!
        const event = moved({ x: clientX, y: clientY }, moves)
        way.sent = due
        inFrame.push({ happened: event.timeStamp, moves: moves.length })
        element.dispatchEvent(event)
      }
      if (due < places.length) return
      way.arrived()
      way = null
    }

    /** The mouse's pointer has the number 1, and was pressed by the browser itself. */
    function moved({ x, y }: Point, coalescedEvents: PointerEvent[] = []): PointerEvent {
      const mouse = { pointerId: 1, pointerType: 'mouse', isPrimary: true, button: -1, buttons: 1 }
      const where = { clientX: x, clientY: y, bubbles: true, cancelable: true, composed: true }
      return new PointerEvent('pointermove', { ...mouse, ...where, coalescedEvents })
    }

    function frame(now: number): void {
      frameIsDone()
      if (!isOn) return
      times.frames.push(now)
      // The first in its frame, since nobody asked for one earlier.
      requestAnimationFrame(frame)
      moveOn(now)
      channel.port2.postMessage(times.frames.length)
    }

    const hand: Hand = {
      start: () => {
        times = { events: [], frames: [] }
        isOn = true
        requestAnimationFrame(frame)
      },
      move: (places, hertz) =>
        new Promise((arrived) => {
          way = { places, hertz, from: performance.now(), sent: 0, arrived }
        }),
      stop: () => {
        isOn = false
        return times
      }
    }
    Object.assign(globalThis, { hand })
  }, target)
}

/** What is looked at after the stroke: that its end is shown and sent away. */
const AFTERWARDS = 250

/** Paints one stroke with a mouse that reports so often, and tells what the page saw of it. */
export async function paintStroke(
  page: Page,
  stroke: { box: Box; number: number; seconds: number; hertz: number }
): Promise<StrokeTimes> {
  const { box, number, seconds, hertz } = stroke
  const places = Array.from({ length: seconds * hertz }, (_, i) => placeAt(box, i / hertz, number))
  await page.mouse.move(places[0]!.x, places[0]!.y)
  await page.evaluate(() => (globalThis as Handed).hand.start())
  await page.mouse.down()
  await page.evaluate(({ places, hertz }) => (globalThis as Handed).hand.move(places, hertz), {
    places,
    hertz
  })
  await page.mouse.up()
  await setTimeout(AFTERWARDS)
  return page.evaluate(() => (globalThis as Handed).hand.stop())
}

/** What several strokes took together. */
export interface StrokeFigures {
  /** Moves of the mouse, and the events that stood for them. */
  moves: number
  events: number
  /** From a pointer event to the end of the frame that shows it, in milliseconds. */
  toPaint: number[]
  frames: number
  /** How far apart the frames were that came too late. */
  dropped: number[]
}

export function figuresOf(strokes: readonly StrokeTimes[]): StrokeFigures {
  const events = strokes.flatMap((stroke) => stroke.events)
  const gaps = strokes.flatMap(({ frames }) => gapsOf(frames))
  return {
    moves: events.reduce((sum, { moves }) => sum + moves, 0),
    events: events.length,
    toPaint: events.map(({ happened, shown }) => shown - happened),
    frames: gaps.length,
    dropped: droppedOf(gaps)
  }
}
