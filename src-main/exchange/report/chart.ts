import { escaped } from './markup'

/** Curves and horizontal lines over the steps of training. */
export interface Chart {
  title: string
  curves: { label: string; dashed: boolean; points: { x: number; y: number }[] }[]
  lines: { label: string; value: number }[]
  /** The other axis; to fit from 0 where null. */
  limits: [number, number] | null
}

const SIZE = { width: 640, height: 300 }
const FRAME = { left: 46, top: 14, right: 626, bottom: 268 }
/** Names of lines stand at least so far apart. */
const LINE_HEIGHT = 13
const TICKS = 4

/** A chart as SVG for a page that loads nothing. */
export function chartSvg({ title, curves, lines, limits }: Chart): string {
  const points = curves.flatMap((curve) => curve.points)
  const last = Math.max(1, ...points.map(({ x }) => x))
  const [low, high] = limits ?? [0, 1.06 * Math.max(1e-6, ...points.map(({ y }) => y))]
  const across = (x: number) => round(FRAME.left + (x / last) * (FRAME.right - FRAME.left))
  const up = (y: number) => round(FRAME.bottom - ((y - low) / (high - low)) * (FRAME.bottom - FRAME.top))

  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => i / TICKS)
  const grid = ticks.map((share) => {
    const value = low + share * (high - low)
    const y = up(value)
    return (
      `<line class="grid" x1="${FRAME.left}" x2="${FRAME.right}" y1="${y}" y2="${y}"/>` +
      `<text x="${FRAME.left - 6}" y="${y + 4}" text-anchor="end">${value.toFixed(2)}</text>`
    )
  })
  const steps = ticks.map((share) => {
    const step = Math.round(share * last)
    return `<text x="${across(step)}" y="${FRAME.bottom + 18}" text-anchor="middle">${step}</text>`
  })
  let lowest = FRAME.top - LINE_HEIGHT
  const levels = [...lines]
    .sort((a, b) => b.value - a.value)
    .map(({ label, value }) => {
      const y = up(value)
      const at = Math.max(y - 4, lowest + LINE_HEIGHT)
      lowest = at
      return (
        `<line class="level" x1="${FRAME.left}" x2="${FRAME.right}" y1="${y}" y2="${y}"/>` +
        `<text x="${FRAME.right - 4}" y="${at}" text-anchor="end">${escaped(label)} ${value.toFixed(3)}</text>`
      )
    })
  const paths = curves.map(({ dashed, points }) => {
    const path = points.map(({ x, y }) => `${across(x)},${up(y)}`).join(' ')
    return `<polyline class="curve${dashed ? ' dashed' : ''}" points="${path}"/>`
  })
  const legend = curves.map(
    ({ label, dashed }) =>
      `<li><svg viewBox="0 0 28 8"><line class="curve${dashed ? ' dashed' : ''}" x1="0" x2="28" y1="4" y2="4"/></svg>` +
      `${escaped(label)}</li>`
  )
  return (
    `<figure class="chart"><figcaption>${escaped(title)}</figcaption>` +
    `<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escaped(title)}">` +
    `${grid.join('')}${steps.join('')}${levels.join('')}${paths.join('')}</svg>` +
    `<ul class="legend">${legend.join('')}</ul></figure>`
  )
}

/** A tenth of a pixel is finer than anyone sees. */
function round(value: number): number {
  return Math.round(10 * value) / 10
}
