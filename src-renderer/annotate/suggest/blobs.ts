import { flood, type Flood } from '#core/mask/flood'
import { createMask, pixelAt, TILE, tileColumns, type Mask } from '#core/mask/tiles'
import { FOREGROUND, type MaskValue } from '#core/mask/values'
import type { Point, Region } from '#core/mask/paint'
import { AreaStroke } from '../assist/area-stroke'
import type { PaintTarget, PendingStroke } from '../tools/stroke-line'

/** So long a frame may be spent on looking for what belongs together. */
const MILLISECONDS = 4

/** Whether a place lies on what is suggested. */
export function isSuggested(suggested: Mask, { x, y }: Point): boolean {
  return pixelAt(suggested, Math.floor(x), Math.floor(y)) === FOREGROUND
}

/** Looks for the blob that holds a place, a few milliseconds per call. */
export class BlobSearch {
  readonly #steps: Generator<void, Flood>

  constructor(suggested: Mask, { x, y }: Point) {
    const { width, height } = suggested
    const seeds = [[Math.floor(x), Math.floor(y)] as const]
    this.#steps = flood(suggested, FOREGROUND, seeds, { x: 0, y: 0, width, height })
  }

  /** @returns The blob once it is found whole; null before. */
  go(milliseconds = MILLISECONDS): Flood | null {
    const end = performance.now() + milliseconds
    do {
      const step = this.#steps.next()
      if (step.done) return step.value
    } while (performance.now() < end)
    return null
  }
}

/** The foreground of a mask, tile by tile. */
export function* regionsOf(mask: Mask): Generator<Region> {
  const columns = tileColumns(mask.width)
  for (const [index, pixels] of mask.tiles) {
    yield {
      x: (index % columns) * TILE,
      y: Math.floor(index / columns) * TILE,
      width: TILE,
      height: TILE,
      pixels
    }
  }
}

/** A stroke that takes every blob that the pointer crosses. */
export class BlobStroke implements PendingStroke {
  readonly tool = 'suggestion'
  readonly #suggested: Mask
  readonly #value: MaskValue
  readonly #area: AreaStroke
  /** What is taken already. */
  readonly #taken: Mask
  /** Places on blobs, in the order in which the pointer met them. */
  readonly #places: Point[] = []
  #search: BlobSearch | null = null
  #isEnded = false
  #milliseconds = MILLISECONDS

  /** @param done Called when all of it is painted. */
  constructor(suggested: Mask, value: MaskValue, done: () => void) {
    this.#suggested = suggested
    this.#value = value
    this.#area = new AreaStroke(this.tool, done)
    this.#taken = createMask(suggested.width, suggested.height)
  }

  take(place: Point): void {
    if (isSuggested(this.#suggested, place)) this.#places.push(place)
  }

  /** Nothing more comes. */
  end(): void {
    this.#isEnded = true
  }

  /** The rest is painted in one go, however long it takes. */
  hurry(): void {
    this.#milliseconds = Infinity
    this.#area.hurry()
  }

  paint(target: PaintTarget): boolean {
    const deadline = performance.now() + this.#milliseconds
    while (this.#search || this.#next()) {
      const found = this.#search!.go(deadline - performance.now())
      if (!found) break
      this.#search = null
      this.#add(found.found)
    }
    if (this.#isEnded && !this.#search && this.#places.length === 0) this.#area.end()
    return this.#area.paint(target)
  }

  /** Begins with the next blob that is not taken yet; whether there is one. */
  #next(): boolean {
    for (let place; (place = this.#places.shift());) {
      if (isSuggested(this.#taken, place)) continue
      this.#search = new BlobSearch(this.#suggested, place)
      return true
    }
    return false
  }

  #add(blob: Mask): void {
    for (const region of regionsOf(blob)) this.#area.add(region, this.#value)
    for (const [index, tile] of blob.tiles) {
      const taken = this.#taken.tiles.get(index)
      this.#taken.tiles.set(index, taken ? taken.map((value, at) => value || tile[at]!) : tile)
    }
  }
}
