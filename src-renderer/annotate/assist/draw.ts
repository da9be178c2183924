import type { Point } from '#core/mask/paint'
import { BACKGROUND, FOREGROUND, type MaskValue } from '#core/mask/values'
import type { View } from '../view'
import type { Cover, Scribble } from './protocol'

/** What the tools that compute show before they paint. */
export interface AssistPreview {
  /** What would be painted with which value. */
  covers?: readonly { cover: Cover; value: MaskValue }[]
  /** The edges of superpixels of about this size in pixels of the image. */
  outlines?: { cover: Cover; size: number }
  scribbles?: readonly Scribble[]
}

/** How much of the image a cover hides, 0 to 1. */
const COVER_OPACITY = 0.55
const OUTLINE_OPACITY = 0.45

/** The colour that covers come in. */
const WHITE = '#ffffff'

/** Draws it in the window's pixels. */
export function drawAssist(
  context: CanvasRenderingContext2D,
  preview: AssistPreview,
  view: View,
  colourOf: (value: MaskValue) => string
): void {
  context.save()
  context.imageSmoothingEnabled = false
  if (preview.outlines) {
    // Lines that are wide or close together would hide what they are to follow.
    const { area, picture } = preview.outlines.cover
    const lineWidth = (area.width / picture.width) * view.scale
    const calm = Math.min(1, Math.max(0, (preview.outlines.size * view.scale - 5) / 8))
    context.globalAlpha = OUTLINE_OPACITY * calm * Math.min(1, 1.5 / lineWidth)
    if (calm > 0) drawCover(context, preview.outlines.cover, view, WHITE)
  }
  context.globalAlpha = COVER_OPACITY
  for (const { cover, value } of preview.covers ?? []) drawCover(context, cover, view, colourOf(value))
  context.globalAlpha = 1
  for (const scribble of preview.scribbles ?? []) {
    drawScribble(context, scribble, view, colourOf(scribble.isForeground ? FOREGROUND : BACKGROUND))
  }
  context.restore()
}

/** The canvases of covers as they were drawn last: the same cover is drawn again whenever the view moves. */
const canvases = new WeakMap<Cover, { colour: string; canvas: HTMLCanvasElement }>()

function drawCover(context: CanvasRenderingContext2D, cover: Cover, view: View, colour: string): void {
  const { area, picture } = cover
  if (picture.width === 0 || picture.height === 0) return
  let drawn = canvases.get(cover)
  if (drawn?.colour !== colour) {
    drawn = { colour, canvas: tinted(cover, colour) }
    canvases.set(cover, drawn)
  }
  const [x, y] = [area.x * view.scale + view.x, area.y * view.scale + view.y]
  context.drawImage(drawn.canvas, x, y, area.width * view.scale, area.height * view.scale)
}

function tinted({ picture: { width, height, data } }: Cover, colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')!
  context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0)
  if (colour !== WHITE) {
    context.globalCompositeOperation = 'source-in'
    context.fillStyle = colour
    context.fillRect(0, 0, width, height)
  }
  return canvas
}

/** Background is dashed, so that the two are told apart without their colours. */
function drawScribble(
  context: CanvasRenderingContext2D,
  { points, radius, isForeground }: Scribble,
  view: View,
  colour: string
): void {
  const toWindow = ({ x, y }: Point) => [x * view.scale + view.x, y * view.scale + view.y] as const
  const width = Math.max(2, 2 * radius * view.scale)
  context.lineCap = context.lineJoin = 'round'
  context.beginPath()
  context.moveTo(...toWindow(points[0]!))
  for (const point of points) context.lineTo(...toWindow(point))
  context.setLineDash([])
  context.strokeStyle = '#000000c0'
  context.lineWidth = width + 3
  context.stroke()
  if (!isForeground) context.setLineDash([width, width * 2])
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke()
}
