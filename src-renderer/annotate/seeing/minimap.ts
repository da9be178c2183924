import type { Point } from '#core/mask/paint'
import { toImage, type Size, type View } from '../view'

export interface Box extends Point, Size {}

/** The map of an image: as large as it goes into a room, at least a pixel high and wide. */
export function mapSize(image: Size, room: Size): Size {
  const scale = Math.min(room.width / image.width, room.height / image.height)
  return { width: Math.max(1, image.width * scale), height: Math.max(1, image.height * scale) }
}

/** The part of the image that is in the window, in pixels of the image, and cut off at its edges. */
export function visiblePart(view: View, image: Size, window: Size): Box {
  const from = toImage(view, { x: 0, y: 0 })
  const to = toImage(view, { x: window.width, y: window.height })
  const cut = (value: number, length: number) => Math.min(length, Math.max(0, value))
  const [x, y] = [cut(from.x, image.width), cut(from.y, image.height)]
  return { x, y, width: cut(to.x, image.width) - x, height: cut(to.y, image.height) - y }
}

/** Whether all of the image is in the window, so that a map would show nothing new. */
export function isWholeVisible(view: View, image: Size, window: Size): boolean {
  const { width, height } = visiblePart(view, image, window)
  return width >= image.width - 0.5 && height >= image.height - 0.5
}

/** The part of the image, as it lies on its map. */
export function onMap({ x, y, width, height }: Box, image: Size, map: Size): Box {
  const [across, down] = [map.width / image.width, map.height / image.height]
  return { x: x * across, y: y * down, width: width * across, height: height * down }
}

/** The view in whose middle a point of the image lies. */
export function centredOn(view: View, point: Point, window: Size): View {
  return {
    scale: view.scale,
    x: window.width / 2 - point.x * view.scale,
    y: window.height / 2 - point.y * view.scale
  }
}
