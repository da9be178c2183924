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
import { fillPart, wandArea } from './plan'
import type { AskKind, Asks, Found, Scribble } from './protocol'

/** The pixels of the open image. */
export interface Source {
  readonly width: number
  readonly height: number
  /** A part of it, one pixel for `factor` × `factor` of the image's; widths and heights rounded up. */
  read(area: Rectangle, factor: number): Picture
}

/** Answers what is asked about one image. Remembers the last press of the wand and the pixels around
 * it, since a drag asks for them often. */
export class Assistant {
  readonly #source: Source
  #seen: { place: string; picture: Picture } | null = null
  #pressed: { key: string; wand: Wand; area: Rectangle } | null = null

  constructor(source: Source) {
    this.#source = source
  }

  answer<K extends AskKind>(kind: K, request: Asks[K]['request']): Asks[K]['answer'] {
    const answers: { [Kind in AskKind]: (request: Asks[Kind]['request']) => Asks[Kind]['answer'] } = {
      wand: (asked) => this.#reach(asked),
      superpixels: (asked) => this.#cut(asked),
      'smart-fill': (asked) => this.#fill(asked),
      reshape: (asked) => changeOf(asked)
    }
    return answers[kind](request)
  }

  #reach({ x, y, contiguous, tolerance }: Asks['wand']['request']): Asks['wand']['answer'] {
    const key = [x, y, contiguous].join()
    if (this.#pressed?.key !== key) {
      const area = wandArea(this.#source, x, y)
      const wand = createWand(this.#read(area), x - area.x, y - area.y, contiguous)
      this.#pressed = { key, wand, area }
    }
    const { wand, area } = this.#pressed
    const found = wand.reach(tolerance)
    return foundIn({ ...found, x: found.x + area.x, y: found.y + area.y })
  }

  /** The same part as before is not read again: it is the whole image, unless that is very large. */
  #read(area: Rectangle): Picture {
    const place = [area.x, area.y].join()
    if (this.#seen?.place !== place) this.#seen = { place, picture: this.#source.read(area, 1) }
    return this.#seen.picture
  }

  #cut({ area, factor, size }: Asks['superpixels']['request']): Asks['superpixels']['answer'] {
    const cut = superpixels(this.#source.read(area, factor), { size: size / factor })
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

  #fill({ scribbles }: Asks['smart-fill']['request']): Asks['smart-fill']['answer'] {
    const { width, height } = this.#source
    const { area, factor } = fillPart({ width, height }, scribbles)
    const picture = this.#source.read(area, factor)
    const filled = smartFill(picture, seedsOf(scribbles, area, factor, picture), {
      left: area.x === 0,
      top: area.y === 0,
      right: area.x + area.width === width,
      bottom: area.y + area.height === height
    })
    return foundIn({ ...area, pixels: enlarge(filled, picture.width, area, factor) })
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

/** Pixels of a smaller grid on that of the image. */
function enlarge(
  small: Uint8Array,
  columns: number,
  { width, height }: Rectangle,
  factor: number
): Uint8Array {
  if (factor === 1) return small
  const pixels = new Uint8Array(width * height)
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns
    for (let x = 0; x < width; x++, at++) pixels[at] = small[row + Math.floor(x / factor)]!
  }
  return pixels
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
