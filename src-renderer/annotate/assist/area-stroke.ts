import { paintPixels, type Region } from '#core/mask/paint'
import { readRectangle, type Mask } from '#core/mask/tiles'
import { UNKNOWN, type MaskValue } from '#core/mask/values'
import type { PaintTarget, PendingStroke } from '../tools/stroke-line'

/** So long a frame may be spent on painting. */
const MILLISECONDS = 5

/** Pixels that are painted in one go. */
const BAND = 1 << 17

/**
 * A stroke of regions that were computed: a large one takes several frames. Unknown pixels stay: a person has said
 * that they are not known, and what is computed knows no better. Brush, polygon and the like paint over them.
 */
export class AreaStroke implements PendingStroke {
  readonly tool: string
  /** What is not painted yet, from its row on. */
  #parts: { region: Region; value: MaskValue; row: number }[] = []
  #isEnded = false
  #milliseconds = MILLISECONDS
  readonly #done: () => void

  /** @param done Called when all of it is painted. */
  constructor(tool: string, done: () => void) {
    this.tool = tool
    this.#done = done
  }

  add(region: Region, value: MaskValue): void {
    if (region.width > 0) this.#parts.push({ region, value, row: 0 })
  }

  /** Nothing more comes. */
  end(): void {
    this.#isEnded = true
  }

  /** The rest is painted in one go, however long it takes. */
  hurry(): void {
    this.#milliseconds = Infinity
  }

  paint(target: PaintTarget): boolean {
    const deadline = performance.now() + this.#milliseconds
    // Where the target has no mask any more, there is nothing left to paint.
    let isPainted = true
    target.draw((mask, stroke) => {
      for (let part; (part = this.#parts[0]);) {
        if (part.row >= part.region.height) {
          this.#parts.shift()
          continue
        }
        if (performance.now() > deadline) break
        const rows = Math.max(1, Math.floor(BAND / part.region.width))
        paintPixels(
          mask,
          stroke,
          withoutUnknown(mask, bandOf(part.region, part.row, rows), part.value),
          part.value
        )
        part.row += rows
      }
      isPainted = this.#parts.length === 0
    })
    if (!isPainted || !this.#isEnded) return false
    this.#done()
    return true
  }
}

function bandOf({ x, y, width, height, pixels }: Region, row: number, rows: number): Region {
  const last = Math.min(height, row + rows)
  return { x, y: y + row, width, height: last - row, pixels: pixels.subarray(row * width, last * width) }
}

function withoutUnknown(mask: Mask, region: Region, value: MaskValue): Region {
  if (value === UNKNOWN) return region
  const present = readRectangle(mask, region)
  if (!present.includes(UNKNOWN)) return region
  return { ...region, pixels: region.pixels.map((bit, at) => (present[at] === UNKNOWN ? 0 : bit)) }
}
