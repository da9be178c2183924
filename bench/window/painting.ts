import type { Locator, Page } from 'playwright-core'
import { spreadOf, table } from './figures'
import { inWindow, profiled, type BenchWindow, type WindowSize } from './open'
import { canvasOf, DIAMETER, LARGE, largeProject } from './projects'
import { figuresOf, installHand, paintStroke, type Box, type StrokeFigures } from './strokes'

/** How often a mouse reports where it is, in a second. */
const MICE = [125, 1000]
/** By the key that leads there; to the last one it goes on by the wheel. */
const VIEWS = { fit: 'Control+f', '100 %': 'Control+0', '400 %': 'Control+0' } as const
type ViewName = keyof typeof VIEWS

/** What came of the strokes in one view with one mouse. */
interface Painted {
  view: ViewName
  hertz: number
  /** The first stroke, which warms up. */
  first: StrokeFigures
  rest: StrokeFigures
}

/**
 * Strokes over a large image in every view with every mouse, from the pointer to the screen.
 *
 * @param options.strokes After a first one. @param options.profile Writes a profile of the page's thread.
 * @returns Its part of the report.
 */
export async function painting(
  options: WindowSize & { strokes: number; seconds: number; profile: boolean }
): Promise<string[]> {
  const { strokes, seconds, width, height } = options
  const remembered = { 'jaccard.brush': JSON.stringify({ tool: 'brush', size: DIAMETER }) }
  const painted = await inWindow(await largeProject(), { width, height, remembered }, (window) =>
    options.profile
      ? profiled(window, 'paint', () => inAllViews(window, options))
      : inAllViews(window, options)
  )
  return [
    `### Pointer to paint: ${LARGE.width} × ${LARGE.height} pixels, brush of ${DIAMETER}, window of ${width} × ${height}`,
    '',
    `${strokes} strokes of ${seconds} s after a first one. Milliseconds from a pointer event (its timeStamp), which comes ` +
      'at the beginning of a frame with all moves of the mouse since the last, to the end of the frame that shows it: the ' +
      'first task after its requestAnimationFrame, behind style, layout, painting and the handing over to the compositor. A ' +
      'frame is dropped where the gap to the one before is over one and a half of the usual one.',
    '',
    ...table(
      ['view', 'mouse', 'moves in events', 'p50', 'p95', 'max', 'dropped', 'in the first stroke'],
      painted.map(({ view, hertz, first, rest }) => [
        ...[view, `${hertz} Hz`, `${rest.moves} in ${rest.events}`],
        ...spreadOf(rest.toPaint),
        ...[rest, first].map(({ dropped, frames }) => `${dropped.length} of ${frames}`)
      ])
    )
  ]
}

async function inAllViews(
  { page }: BenchWindow,
  { strokes, seconds }: { strokes: number; seconds: number }
): Promise<Painted[]> {
  const canvas = page.locator(canvasOf('large.jpg'))
  await canvas.waitFor()
  await installHand(page, canvasOf('large.jpg'))
  const found: Painted[] = []
  let number = 0
  for (const view of Object.keys(VIEWS) as ViewName[]) {
    await zoomTo(page, canvas, view)
    const box = inner((await canvas.boundingBox())!)
    for (const hertz of MICE) {
      const stroke = () => paintStroke(page, { box, number: number++, seconds, hertz })
      const first = figuresOf([await stroke()])
      const rest = []
      for (let i = 0; i < strokes; i++) rest.push(await stroke())
      found.push({ view, hertz, first, rest: figuresOf(rest) })
    }
  }
  const label = await canvas.getAttribute('aria-label')
  const share = Number(/([\d.]+)\s%/.exec(label!)?.[1])
  if (!(share > 1)) throw new Error(`The strokes have painted nothing: ${label}`)
  return found
}

async function zoomTo(page: Page, canvas: Locator, view: ViewName): Promise<void> {
  await page.keyboard.press(VIEWS[view])
  if (view === 'fit') return
  await page.getByRole('button', { name: 'Actual size, now 100 %' }).waitFor()
  if (view === '100 %') return
  const { x, y, width, height } = (await canvas.boundingBox())!
  await page.mouse.move(x + width / 2, y + height / 2)
  // The wheel zooms by exp(0.0022) for each pixel, of which one event has at most 300.
  for (let left = Math.log(4) / 0.0022; left > 0; left -= 300) await page.mouse.wheel(0, -Math.min(300, left))
  await page.getByRole('button', { name: 'Actual size, now 400 %' }).waitFor()
}

/** Without the rim, where the zoom's buttons are. */
function inner({ x, y, width, height }: Box): Box {
  return { x: x + 0.08 * width, y: y + 0.08 * height, width: 0.84 * width, height: 0.8 * height }
}
