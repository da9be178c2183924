import type { Point } from '#core/mask/paint'

export interface Size {
  width: number
  height: number
}

/** How the image lies in the window: window = image · scale + (x, y), in CSS pixels. */
export interface View {
  scale: number
  x: number
  y: number
}

/** Screen pixels of one image pixel at the closest look. */
export const MAX_SCALE = 64
/** So much of the image stays in sight when it is pushed aside. */
const KEEP = 80

/** Where a point of the window lies in the image. */
export function toImage(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale }
}

/** The whole image, centred, as large as it goes with a margin around it. */
export function fitView(image: Size, window: Size, margin = 24): View {
  const room = {
    width: Math.max(1, window.width - 2 * margin),
    height: Math.max(1, window.height - 2 * margin)
  }
  const scale = Math.min(room.width / image.width, room.height / image.height, MAX_SCALE)
  return {
    scale,
    x: (window.width - image.width * scale) / 2,
    y: (window.height - image.height * scale) / 2
  }
}

/** The scales that make sense: from half of the smaller of fitted and actual size to `MAX_SCALE`. */
export function clampScale(scale: number, image: Size, window: Size): number {
  const least = Math.min(fitView(image, window).scale, 1) / 2
  return Math.min(MAX_SCALE, Math.max(least, scale))
}

/** Another scale, with the image's point under `anchor` (in the window) staying where it is. */
export function zoomTo(view: View, anchor: Point, scale: number): View {
  const factor = scale / view.scale
  return {
    scale,
    x: anchor.x - (anchor.x - view.x) * factor,
    y: anchor.y - (anchor.y - view.y) * factor
  }
}

export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy }
}

/** The nearest view that keeps some of the image in sight. */
export function keepInSight(view: View, image: Size, window: Size): View {
  const keep = (offset: number, length: number, room: number) => {
    const least = Math.min(KEEP, length, room)
    return Math.min(room - least, Math.max(least - length, offset))
  }
  return {
    scale: view.scale,
    x: keep(view.x, image.width * view.scale, window.width),
    y: keep(view.y, image.height * view.scale, window.height)
  }
}
