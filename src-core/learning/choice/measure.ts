import { frameOf } from '#core/learning/frame'
import { FOREGROUND } from '#core/mask/values'
import { reachOf, type Reach, type Resolution } from './ceiling'
import { objectsOf, type LabelObject } from './objects'

/** What one label says about the network that it needs. */
export interface Measurement {
  /** In pixels of an image that is 1 wide and 1 high: times an input size they are the network's pixels. */
  objects: LabelObject[]
  /** In the order of the resolutions that were asked for. */
  reaches: Reach[]
}

/** Longer edges are measured on every second pixel, every third, and so on, until they are no longer than this. */
const LONGEST_EDGE = 768

/**
 * Measures a label at its own resolution. For whole images large ones are thinned out; since all of an image has one
 * scale in crops, their reach is that of the part with the most foreground.
 *
 * @param label `[height, width]`, three-valued mask.
 */
export function measureLabel(
  label: Uint8Array,
  width: number,
  height: number,
  resolutions: Resolution[]
): Measurement {
  const step = Math.ceil(Math.max(width, height) / LONGEST_EDGE)
  const across = Math.ceil(width / step)
  const down = Math.ceil(height / step)
  const thinned = step === 1 ? label : everyNth(label, width, step, across, down)
  const edge = Math.sqrt(across * down)
  return {
    objects: objectsOf(thinned, across, down).map((object) => ({
      width: object.width / edge,
      area: object.area / edge ** 2
    })),
    reaches: reachesOf(resolutions, { label: thinned, width: across, height: down }, () =>
      busiestPart(label, width, height)
    )
  }
}

interface Part {
  /** `[height, width]` */
  label: Uint8Array
  width: number
  height: number
}

function reachesOf(resolutions: Resolution[], whole: Part, busiest: () => Part): Reach[] {
  let part: Part | null = null
  const known = new Map<string, Reach>()
  return resolutions.map((resolution) => {
    const shown = resolution.crop === null ? whole : (part ??= busiest())
    const { width, height } = frameOf(resolution, shown)
    // Crops of one scale reach the same, whatever their size.
    const key = [resolution.crop === null, width, height, resolution.stride].join()
    const reach = known.get(key) ?? reachOf(shown.label, shown.width, shown.height, resolution)
    known.set(key, reach)
    return reach
  })
}

/** The part of at most `LONGEST_EDGE` across and down that has the most foreground. */
function busiestPart(label: Uint8Array, width: number, height: number): Part {
  const [across, down] = [Math.min(width, LONGEST_EDGE), Math.min(height, LONGEST_EDGE)]
  let best = { label, count: -1 }
  for (let top = 0; top + down <= height; top += down) {
    for (let left = 0; left + across <= width; left += across) {
      const part = new Uint8Array(across * down)
      for (let y = 0; y < down; y++) {
        const from = (top + y) * width + left
        part.set(label.subarray(from, from + across), y * across)
      }
      const count = part.reduce((sum, value) => sum + (value === FOREGROUND ? 1 : 0), 0)
      if (count > best.count) best = { label: part, count }
    }
  }
  return { label: best.label, width: across, height: down }
}

function everyNth(label: Uint8Array, width: number, step: number, across: number, down: number): Uint8Array {
  const thinned = new Uint8Array(across * down)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) thinned[y * across + x] = label[y * step * width + x * step]!
  }
  return thinned
}
