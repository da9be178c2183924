import type { Picture } from '#core/mask/assist/picture'
import { reshapeMask } from '#core/mask/assist/reshape'
import { SEED_BACKGROUND, SEED_FOREGROUND } from '#core/mask/assist/random-walker'
import { smartFill } from '#core/mask/assist/smart-fill'
import { superpixels } from '#core/mask/assist/superpixels'
import { createWand, type Wand } from '#core/mask/assist/wand'
import { beginStroke, type Region } from '#core/mask/paint'
import { paintSegment } from '#core/mask/segment'
import { createMask, flatten, type Rectangle } from '#core/mask/tiles'
import { FOREGROUND } from '#core/mask/values'
import { boxesOf, coverOf, outlinesOf } from './covers'
import { fillPart, wandPart, type Part } from './plan'
import type { AskKind, Asks, Found, Scribble } from './protocol'

/** The pixels of the open image. */
export interface Source {
  readonly width: number
  readonly height: number
  /** A part of it, one pixel for `factor` × `factor` of the image's; widths and heights rounded up. */
  read(area: Rectangle, factor: number): Promise<Picture>
}

/** Answers what is asked about one image. Remembers the last press of the wand and the pixels around
 * it, since a drag asks for them often. */
export class Assistant {
  readonly #source: Source
  #seen: { place: string; picture: Picture } | null = null
  #pressed: { key: string; wand: Wand; part: Part } | null = null

  constructor(source: Source) {
    this.#source = source
  }

  answer<K extends AskKind>(kind: K, request: Asks[K]['request']): Promise<Asks[K]['answer']> {
    const answers: {
      [Kind in AskKind]: (request: Asks[Kind]['request']) => Promise<Asks[Kind]['answer']>
    } = {
      wand: (asked) => this.#reach(asked),
      superpixels: (asked) => this.#cut(asked),
      'smart-fill': (asked) => this.#fill(asked),
      reshape: (asked) => Promise.resolve(changeOf(asked))
    }
    return answers[kind](request)
  }

  async #reach(request: Asks['wand']['request']): Promise<Asks['wand']['answer']> {
    const { x, y, contiguous, tolerance, scale } = request
    const part = wandPart(this.#source, { x, y }, scale)
    const { area, factor } = part
    const key = [x, y, contiguous, factor].join()
    if (this.#pressed?.key !== key) {
      const at = (place: number, start: number) => Math.floor((place - start) / factor)
      const wand = createWand(await this.#read(part), at(x, area.x), at(y, area.y), contiguous)
      this.#pressed = { key, wand, part }
    }
    return foundIn(onImage(this.#pressed.wand.reach(tolerance), part))
  }

  /** The same part as before is not read again: it is the whole image, unless that is very large. */
  async #read({ area, factor }: Part): Promise<Picture> {
    const place = [area.x, area.y, factor].join()
    if (this.#seen?.place !== place) this.#seen = { place, picture: await this.#source.read(area, factor) }
    return this.#seen.picture
  }

  async #cut({ area, factor, size }: Asks['superpixels']['request']): Promise<Asks['superpixels']['answer']> {
    const cut = superpixels(await this.#source.read(area, factor), { size: size / factor })
    const { width, height, labels } = cut
    return {
      area,
      factor,
      width,
      height,
      labels,
      boxes: boxesOf(cut),
      outlines: outlinesOf(cut, area, factor)
    }
  }

  async #fill({ scribbles }: Asks['smart-fill']['request']): Promise<Asks['smart-fill']['answer']> {
    const { width, height } = this.#source
    const { area, factor } = fillPart({ width, height }, scribbles)
    const picture = await this.#source.read(area, factor)
    const filled = smartFill(picture, seedsOf(scribbles, area, factor, picture), {
      left: area.x === 0,
      top: area.y === 0,
      right: area.x + area.width === width,
      bottom: area.y + area.height === height
    })
    const { width: columns, height: rows } = picture
    return foundIn(onImage({ x: 0, y: 0, width: columns, height: rows, pixels: filled }, { area, factor }))
  }
}

/** The scribbles on the grid of the picture that is filled. A later one wins. */
function seedsOf(
  scribbles: readonly Scribble[],
  area: Rectangle,
  factor: number,
  picture: Picture
): Uint8Array {
  const { width, height } = picture
  const seeds = new Uint8Array(width * height)
  for (const { points, radius, isForeground } of scribbles) {
    const drawn = createMask(width, height)
    const toPicture = ({ x, y }: { x: number; y: number }) => ({
      x: (x - area.x) / factor,
      y: (y - area.y) / factor
    })
    points.forEach((point, i) => {
      const from = toPicture(points[i - 1] ?? point)
      paintSegment(drawn, beginStroke(), from, toPicture(point), radius / factor, FOREGROUND)
    })
    const seed = isForeground ? SEED_FOREGROUND : SEED_BACKGROUND
    flatten(drawn).forEach((value, at) => {
      if (value) seeds[at] = seed
    })
  }
  return seeds
}

/** A region found in the picture of a part of the image, in the image's pixels. */
function onImage(found: Region, { area, factor }: Part): Region {
  if (factor === 1) return { ...found, x: area.x + found.x, y: area.y + found.y }
  const [left, top] = [found.x * factor, found.y * factor]
  const width = Math.min(area.width - left, found.width * factor)
  const height = Math.min(area.height - top, found.height * factor)
  const pixels = new Uint8Array(width * height)
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / factor) * found.width
    for (let x = 0; x < width; x++, at++) pixels[at] = found.pixels[row + Math.floor(x / factor)]!
  }
  return { x: area.x + left, y: area.y + top, width, height, pixels }
}

function changeOf({ mask, reshaping }: Asks['reshape']['request']): Asks['reshape']['answer'] {
  const result = reshapeMask(mask, reshaping)
  if (!result) return null
  const { area, before, after } = result
  const becoming = (wanted: boolean): Found => {
    const pixels = after.map((value, at) =>
      value !== before[at] && (value === FOREGROUND) === wanted ? 1 : 0
    )
    return foundIn({ ...area, pixels })
  }
  return { added: becoming(true), removed: becoming(false) }
}

function foundIn(region: Region): Found {
  return { region, cover: coverOf(region) }
}
