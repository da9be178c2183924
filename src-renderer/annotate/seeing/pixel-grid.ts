import type { Size, View } from '../view'

/** From so many screen pixels per image pixel on, the edges between pixels are shown; fully so at twice as many. */
const FROM = 8
const OPACITY = 0.3

/** How strongly the grid shows, 0 to `OPACITY`. */
export function gridOpacity(scale: number): number {
  return scale < FROM ? 0 : OPACITY * Math.min(1, 0.5 + (scale - FROM) / (2 * FROM))
}

/**
 * The edges between pixels that are in the window, along one axis.
 *
 * @param offset Where the image begins in the window.
 * @param count Pixels of the image along the axis.
 * @param length Of the window.
 * @returns Edges first ≤ i ≤ last; none where first > last.
 */
export function gridLines(
  offset: number,
  scale: number,
  count: number,
  length: number
): { first: number; last: number } {
  return {
    first: Math.max(0, Math.ceil(-offset / scale)),
    last: Math.min(count, Math.floor((length - offset) / scale))
  }
}

/**
 * Draws the edges between pixels, each as a light and a dark line of one screen pixel: one of the two is seen on every
 * image.
 *
 * @param ratio Screen pixels per CSS pixel.
 */
export function drawPixelGrid(
  context: CanvasRenderingContext2D,
  image: Size,
  view: View,
  window: Size,
  ratio: number
): void {
  const opacity = gridOpacity(view.scale)
  if (opacity === 0) return
  const [left, top] = [view.x * ratio, view.y * ratio].map(Math.round) as [number, number]
  const [right, bottom] = [
    Math.round((view.x + image.width * view.scale) * ratio),
    Math.round((view.y + image.height * view.scale) * ratio)
  ]
  const columns = gridLines(view.x, view.scale, image.width, window.width)
  const rows = gridLines(view.y, view.scale, image.height, window.height)
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.globalAlpha = opacity
  for (const [colour, shift] of [
    ['#ffffff', 0],
    ['#000000', -1]
  ] as const) {
    context.fillStyle = colour
    for (let i = columns.first; i <= columns.last; i++) {
      context.fillRect(Math.round((view.x + i * view.scale) * ratio) + shift, top, 1, bottom - top)
    }
    for (let i = rows.first; i <= rows.last; i++) {
      context.fillRect(left, Math.round((view.y + i * view.scale) * ratio) + shift, right - left, 1)
    }
  }
  context.restore()
}
