import type { Rectangle } from '#core/mask/tiles'
import type { PictureSample } from '../seeing/sample-pixels'
import { toImage, type Size, type View } from '../view'

/** A look at a picture. */
export interface Sight {
  /** Who looks: the canvas, or the loupe over it. */
  viewer: 'canvas' | 'loupe'
  view: View
  /** The part of the window in which the picture is seen, in CSS pixels. */
  box: Rectangle
  /** Screen pixels per CSS pixel. */
  ratio: number
  /** A filter of CSS, or `none`. */
  filter: string
}

/** The open image as it is drawn, whatever its size. */
export interface Picture {
  readonly size: Size
  /**
   * Resolves when it can be drawn as sharp as it is; until then it is drawn coarser.
   *
   * @throws Error with a sentence, or what says that it was interrupted.
   */
  prepare(): Promise<void>
  /** Another one is more urgent: gives up preparing, which may begin again. */
  interrupt(): void
  /** Called when it would now be drawn better than it was. */
  onchange: () => void
  /** Draws what is in sight, in the pixels of the canvas whatever its transform; hard pixels from actual size on. */
  draw(context: CanvasRenderingContext2D, sight: Sight): void
  /** This viewer does not look any more. */
  leave(viewer: Sight['viewer']): void
  /** What its contrast is found by. Rejects with a sentence. */
  sample(): Promise<PictureSample>
}

/** The part of the image that is in sight, cut off at its edges; of no size where nothing is. In the image's pixels. */
export function partInSight({ width, height }: Size, { view, box }: Pick<Sight, 'view' | 'box'>): Rectangle {
  const from = toImage(view, box)
  const to = toImage(view, { x: box.x + box.width, y: box.y + box.height })
  const [x, y] = [Math.max(0, from.x), Math.max(0, from.y)]
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, to.x) - x),
    height: Math.max(0, Math.min(height, to.y) - y)
  }
}
