import type { Extent } from './frame'
import { cutOut, placeCore, tilesOf, type Tile } from './tiles'

/** An image at the scale at which the network sees it. */
export interface Framed extends Extent {
  /** `[height, width, 3]`, RGB, 0 to 255. */
  image: Uint8Array
}

/** What predicts network inputs. */
export interface TilePredictor {
  /** @param images `[count, size, size, 3]` @returns Foreground probabilities `[count, size, size]`, 0 to 1. */
  predict(images: Uint8Array, count: number): Promise<Float32Array>
}

/** A frame and the foreground probabilities `[height, width]` that the network gives it. */
export interface Prediction<Item> {
  item: Item
  probabilities: Float32Array
}

/**
 * Predicts whole frames, one after the other, by overlapping tiles; tiles of several frames go through the network
 * together. Whoever takes the predictions may stop at any time.
 *
 * @param options.size Edge of the network's input. @param options.batch Tiles at a time.
 * @param options.proceed Asked before every batch; nothing more is predicted once it says no.
 */
export async function* predictAll<Item extends Framed>(
  network: TilePredictor,
  items: AsyncIterable<Item> | Iterable<Item>,
  { size, batch, proceed }: { size: number; batch: number; proceed?: (() => Promise<boolean>) | undefined }
): AsyncGenerator<Prediction<Item>> {
  let waiting: { tile: Tile; of: Prediction<Item> }[] = []
  const begun: Prediction<Item>[] = []

  async function predictWaiting(): Promise<boolean> {
    if (proceed && !(await proceed())) return false
    const pixels = size * size
    const images = new Uint8Array(3 * pixels * waiting.length)
    waiting.forEach(({ tile: { across, down }, of: { item } }, i) => {
      const corner = { left: across.start, top: down.start }
      cutOut(item.image, item, 3, corner, size, images.subarray(3 * i * pixels, 3 * (i + 1) * pixels))
    })
    const p = await network.predict(images, waiting.length)
    waiting.forEach(({ tile, of: { item, probabilities } }, i) =>
      placeCore(p.subarray(i * pixels, (i + 1) * pixels), tile, size, probabilities, item.width)
    )
    waiting = []
    return true
  }

  for await (const item of items) {
    const prediction = { item, probabilities: new Float32Array(item.width * item.height) }
    begun.push(prediction)
    for (const tile of tilesOf(item, size)) {
      waiting.push({ tile, of: prediction })
      if (waiting.length === batch && !(await predictWaiting())) return
    }
    const unfinished = waiting[0]?.of
    while (begun.length && begun[0] !== unfinished) yield begun.shift()!
  }
  if (waiting.length && !(await predictWaiting())) return
  yield* begun
}
