import type { Point } from '#core/mask/paint'
import { MAX_SCALE, toImage, type View } from '../view'

/** In CSS pixels. */
export const LOUPE_RADIUS = 110
const FACTOR = 4
/** Even from afar single pixels are seen. */
const LEAST_SCALE = 2

/** What lies at a place of the window, magnified around that place. */
export function loupeView(view: View, at: Point): View {
  const scale = Math.min(MAX_SCALE, Math.max(LEAST_SCALE, view.scale * FACTOR))
  const point = toImage(view, at)
  return { scale, x: at.x - point.x * scale, y: at.y - point.y * scale }
}

/**
 * Draws a round glass at a place of the window.
 *
 * @param content Draws what is seen through it; what it draws outside of the glass is cut off.
 */
export function drawLoupe(
  context: CanvasRenderingContext2D,
  at: Point,
  ground: string,
  content: () => void
): void {
  const glass = new Path2D()
  glass.arc(at.x, at.y, LOUPE_RADIUS, 0, 2 * Math.PI)
  context.save()
  context.save()
  context.clip(glass)
  context.fillStyle = ground
  context.fillRect(at.x - LOUPE_RADIUS, at.y - LOUPE_RADIUS, 2 * LOUPE_RADIUS, 2 * LOUPE_RADIUS)
  content()
  context.restore()
  for (const [colour, width] of [
    ['#000000c0', 5],
    ['#ffffff', 2]
  ] as const) {
    context.strokeStyle = colour
    context.lineWidth = width
    context.stroke(glass)
  }
  context.restore()
}

/** A cross that leaves its middle free. */
export function crossAt(context: CanvasRenderingContext2D, { x, y }: Point): void {
  context.beginPath()
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1]
  ] as const) {
    context.moveTo(x + dx * 4, y + dy * 4)
    context.lineTo(x + dx * 11, y + dy * 11)
  }
}
