import type { Point, Region } from '#core/mask/paint'
import { BACKGROUND, UNKNOWN, type MaskValue } from '#core/mask/values'
import { drawAssist } from './assist/draw'
import type { MaskColours } from './overlay'
import type { Preview } from './tools/tool'
import type { View } from './view'

/** What erases is shown in this colour. */
const ERASING = '#ffffff'

/** Draws what a tool would paint, in the window's pixels. */
export function drawPreview(
  context: CanvasRenderingContext2D,
  preview: Preview,
  view: View,
  colours: MaskColours
): void {
  const colour = colourOf(preview.value, colours)
  const toWindow = ({ x, y }: Point) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y })
  context.save()
  if (preview.assist) drawAssist(context, preview.assist, view, (value) => colourOf(value, colours))
  if (preview.region) drawRegion(context, preview.region, view, colour)
  if (preview.path) {
    context.beginPath()
    for (const point of preview.path.points) {
      const { x, y } = toWindow(point)
      context.lineTo(x, y)
    }
    if (preview.path.closed) {
      context.closePath()
      context.fillStyle = `${colour}40`
      context.fill('nonzero')
    }
    if (preview.value === BACKGROUND) context.setLineDash([5, 4])
    context.lineJoin = 'round'
    strokeTwice(context)
    context.setLineDash([])
  }
  preview.handles?.forEach((handle, i) => {
    const { x, y } = toWindow(handle)
    context.beginPath()
    context.arc(x, y, i === 0 && preview.closing ? 6 : 3.5, 0, 2 * Math.PI)
    strokeTwice(context)
    context.fillStyle = i === 0 ? colour : '#ffffff'
    context.fill()
  })
  context.restore()
}

/** Strokes the path dark below light: one of the two is seen on every image. */
export function strokeTwice(context: CanvasRenderingContext2D): void {
  context.strokeStyle = '#000000a0'
  context.lineWidth = 3.5
  context.stroke()
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.5
  context.stroke()
}

function colourOf(value: MaskValue, colours: MaskColours): string {
  if (value === BACKGROUND) return ERASING
  return value === UNKNOWN ? colours.unknown : colours.foreground
}

/** The pictures of regions as they were drawn last: a region is drawn again whenever the view moves. */
const pictures = new WeakMap<Region, { colour: string; canvas: HTMLCanvasElement }>()

function drawRegion(context: CanvasRenderingContext2D, region: Region, view: View, colour: string): void {
  if (region.width === 0 || region.height === 0) return
  let picture = pictures.get(region)
  if (picture?.colour !== colour) {
    picture = { colour, canvas: pictureOf(region, colour) }
    pictures.set(region, picture)
  }
  context.imageSmoothingEnabled = false
  context.drawImage(
    picture.canvas,
    region.x * view.scale + view.x,
    region.y * view.scale + view.y,
    region.width * view.scale,
    region.height * view.scale
  )
}

/** The region's pixels in a colour, half seen through. */
function pictureOf({ width, height, pixels }: Region, colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')!
  const data = context.createImageData(width, height)
  const target = new Uint32Array(data.data.buffer)
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const pixel = new Uint32Array(new Uint8Array([red!, green!, blue!, 140]).buffer)[0]!
  for (let i = pixels.indexOf(1); i >= 0; i = pixels.indexOf(1, i + 1)) target[i] = pixel
  context.putImageData(data, 0, 0)
  return canvas
}
