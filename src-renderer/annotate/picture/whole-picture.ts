import { samplePicture, type PictureSample } from '../seeing/sample-pixels'
import type { Size } from '../view'
import { partInSight, type Picture, type Sight } from './picture'

/** A picture in one piece, as the browser decodes it. */
export class WholePicture implements Picture {
  readonly size: Size
  onchange = (): void => undefined
  readonly #element: HTMLImageElement

  constructor(element: HTMLImageElement) {
    this.#element = element
    this.size = { width: element.naturalWidth, height: element.naturalHeight }
  }

  prepare(): Promise<void> {
    return Promise.resolve()
  }

  interrupt(): void {
    // It is prepared.
  }

  draw(context: CanvasRenderingContext2D, sight: Sight): void {
    const part = partInSight(this.size, sight)
    if (part.width === 0 || part.height === 0) return
    const { view, ratio, filter } = sight
    // Whole pixels, and one more: where the picture is cut, smoothing has no neighbour.
    const [x, y] = [Math.max(0, Math.floor(part.x) - 1), Math.max(0, Math.floor(part.y) - 1)]
    const width = Math.min(this.size.width, Math.ceil(part.x + part.width) + 1) - x
    const height = Math.min(this.size.height, Math.ceil(part.y + part.height) + 1) - y
    const scale = view.scale * ratio
    context.save()
    context.setTransform(scale, 0, 0, scale, view.x * ratio, view.y * ratio)
    context.imageSmoothingEnabled = view.scale < 1
    context.filter = filter
    context.drawImage(this.#element, x, y, width, height, x, y, width, height)
    context.restore()
  }

  leave(): void {
    // It is in memory, whoever looks.
  }

  sample(): Promise<PictureSample> {
    return Promise.resolve(samplePicture(this.#element))
  }
}

/** @throws Error if the image cannot be loaded. */
export async function loadElement(url: string): Promise<HTMLImageElement> {
  const element = new Image()
  element.src = url
  await element.decode()
  return element
}
