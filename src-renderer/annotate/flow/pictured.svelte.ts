import { isRushing } from './grid'

/** Milliseconds between two looks at how fast the person scrolls. */
const LOOK = 120

/** What of a list is in sight. */
interface Sight {
  /** Where it is scrolled to, and how much of it is seen, in CSS pixels. */
  scrolled: number
  extent: number
  /** The places, or rows of places, that are there. */
  range: Range
}

interface Range {
  start: number
  end: number
}

/** Which places of a long list have their pictures: while the person rushes by, no more are asked for. */
export class Pictured {
  #range = $state.raw<Range>({ start: 0, end: 0 })
  #timer = 0
  readonly #sight: () => Sight

  constructor(sight: () => Sight) {
    this.#sight = sight
  }

  has(place: number): boolean {
    return place >= this.#range.start && place < this.#range.end
  }

  /** What is in sight now is wanted, however it came there. */
  settle(): void {
    this.#range = this.#sight().range
  }

  /** The list was scrolled. */
  moved(): void {
    const { scrolled } = this.#sight()
    this.#timer ||= window.setTimeout(() => this.#look(scrolled), LOOK)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #look(from: number): void {
    this.#timer = 0
    const { scrolled, extent, range } = this.#sight()
    if (!isRushing(scrolled, from, LOOK, extent)) this.#range = range
    if (scrolled !== from) this.moved()
  }
}
