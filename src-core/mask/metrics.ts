import { connectedComponents } from './components'
import { FOREGROUND, UNKNOWN } from './values'

/** How many of a label's objects a prediction found. An object is a connected component of the foreground. */
export interface ObjectCounts {
  /** Objects in the label. */
  objects: number
  /** Of these, those that overlap one predicted component with an IoU of at least 0.5. */
  found: number
  /** Of these, those of which any pixel is predicted. */
  touched: number
}

/**
 * Objects of the label that the prediction found. What is predicted where the label is unknown does not count.
 *
 * @param label `[height, width]`, three-valued mask.
 * @param prediction `[height, width]`, nonzero is foreground.
 */
export function objectsFound(
  label: Uint8Array,
  prediction: Uint8Array,
  width: number,
  height: number
): ObjectCounts {
  const wanted = connectedComponents(
    label.map((value) => (value === FOREGROUND ? 1 : 0)),
    width,
    height
  )
  const predicted = connectedComponents(
    prediction.map((value, i) => (value && label[i] !== UNKNOWN ? 1 : 0)),
    width,
    height
  )
  const found = new Set<number>()
  const touched = new Set<number>()
  for (const [pair, shared] of sharedPixels(wanted.labels, predicted.labels, predicted.sizes.length)) {
    const object = Math.floor(pair / (predicted.sizes.length + 1))
    const other = pair % (predicted.sizes.length + 1)
    touched.add(object)
    const union = wanted.sizes[object - 1]! + predicted.sizes[other - 1]! - shared
    if (2 * shared >= union) found.add(object)
  }
  return { objects: wanted.sizes.length, found: found.size, touched: touched.size }
}

/** An object of a label: how many pixels it has, and whether a prediction covers at least half of them. */
export interface CoveredObject {
  pixels: number
  covered: boolean
}

/**
 * Every object of a label, whatever else the prediction covers: an object that runs into its neighbour is found too.
 *
 * @param label `[height, width]`, three-valued mask.
 * @param prediction `[height, width]`, nonzero is foreground.
 */
export function coveredObjects(
  label: Uint8Array,
  prediction: Uint8Array,
  width: number,
  height: number
): CoveredObject[] {
  const { labels, sizes } = connectedComponents(
    label.map((value) => (value === FOREGROUND ? 1 : 0)),
    width,
    height
  )
  const predicted = new Float64Array(sizes.length)
  for (let i = 0; i < labels.length; i++) if (labels[i] && prediction[i]) predicted[labels[i]! - 1]!++
  return sizes.map((pixels, i) => ({ pixels, covered: 2 * predicted[i]! >= pixels }))
}

/** Pixels that two components share, by a · (count of b + 1) + b, for those that share any. */
function sharedPixels(a: Int32Array, b: Int32Array, countOfB: number): Map<number, number> {
  const shared = new Map<number, number>()
  for (let i = 0; i < a.length; i++) {
    if (!a[i] || !b[i]) continue
    const pair = a[i]! * (countOfB + 1) + b[i]!
    shared.set(pair, (shared.get(pair) ?? 0) + 1)
  }
  return shared
}
