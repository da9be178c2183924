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
 * Measures a label at its own resolution, large ones thinned out.
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
    reaches: resolutions.map((resolution) => reachOf(thinned, across, down, resolution))
  }
}

function everyNth(label: Uint8Array, width: number, step: number, across: number, down: number): Uint8Array {
  const thinned = new Uint8Array(across * down)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) thinned[y * across + x] = label[y * step * width + x * step]!
  }
  return thinned
}
