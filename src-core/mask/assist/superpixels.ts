import { toLab, type LabPicture, type Picture } from './picture'

/** A picture cut into patches of similar colour, each connected over sides. */
export interface Superpixels {
  width: number
  height: number
  /** `[height, width]`, the patch that each pixel belongs to: 0 … count − 1. */
  labels: Int32Array
  count: number
}

export interface SuperpixelOptions {
  /** About the side of a patch, in pixels; at least 2. */
  size: number
  /** How much closeness counts against likeness: 1 follows every edge, 40 makes near squares. */
  compactness?: number
  iterations?: number
}

/** Centres of the clusters: colour in CIELAB and place. */
interface Centres {
  count: number
  lightness: Float64Array
  a: Float64Array
  b: Float64Array
  x: Float64Array
  y: Float64Array
}

/**
 * Superpixels by simple linear iterative clustering (Achanta et al., SLIC Superpixels Compared to State-of-the-Art
 * Superpixel Methods, 2012): k-means over colour in CIELAB and place, from seeds on a grid, each cluster searched
 * only within `size` of its centre, distance D² = d_c² + (d_s / size)² · compactness² (equation 3). At the end parts
 * that lost the connection to their patch, and patches below a quarter of the usual size, join a neighbour. The same
 * picture always gives the same patches.
 */
export function superpixels(picture: Picture, options: SuperpixelOptions): Superpixels {
  const { size, compactness = 10, iterations = 10 } = options
  const { width, height } = picture
  const lab = toLab(picture)
  const centres = seed(lab, size)
  const labels = new Int32Array(width * height).fill(-1)
  for (let i = 0; i < iterations; i++) {
    assign(lab, centres, size, compactness, labels)
    moveCentres(lab, centres, labels)
  }
  const { labels: connected, count } = connect(labels, width, height, (size * size) / 4)
  return { width, height, labels: connected, count }
}

/** Centres on a grid, each moved to the calmest pixel around it, so that none sits on an edge. */
function seed(lab: LabPicture, size: number): Centres {
  const { width, height, planes } = lab
  const columns = Math.max(1, Math.round(width / size))
  const rows = Math.max(1, Math.round(height / size))
  const count = columns * rows
  const make = () => new Float64Array(count)
  const centres = { count, lightness: make(), a: make(), b: make(), x: make(), y: make() }
  for (let k = 0; k < count; k++) {
    const x = Math.floor((((k % columns) + 0.5) * width) / columns)
    const y = Math.floor(((Math.floor(k / columns) + 0.5) * height) / rows)
    const calmest = calmestAround(lab, x, y)
    centres.lightness[k] = planes[0][calmest]!
    centres.a[k] = planes[1][calmest]!
    centres.b[k] = planes[2][calmest]!
    centres.x[k] = calmest % width
    centres.y[k] = Math.floor(calmest / width)
  }
  return centres
}

/** Of a pixel and its eight neighbours the one with the least gradient (equation 2 of the technical report). */
function calmestAround({ width, height, planes }: LabPicture, x: number, y: number): number {
  let best = y * width + x
  let least = Infinity
  for (let v = Math.max(1, y - 1); v <= Math.min(height - 2, y + 1); v++) {
    for (let u = Math.max(1, x - 1); u <= Math.min(width - 2, x + 1); u++) {
      const at = v * width + u
      let gradient = 0
      for (const plane of planes) {
        gradient += (plane[at + 1]! - plane[at - 1]!) ** 2 + (plane[at + width]! - plane[at - width]!) ** 2
      }
      if (gradient < least) [least, best] = [gradient, at]
    }
  }
  return best
}

/** Gives every pixel to the nearest of the centres within reach. */
function assign(
  lab: LabPicture,
  centres: Centres,
  size: number,
  compactness: number,
  labels: Int32Array
): void {
  const { width, height, planes } = lab
  const [lightness, a, b] = planes
  const distances = new Float32Array(width * height).fill(Infinity)
  const weight = (compactness / size) ** 2
  for (let k = 0; k < centres.count; k++) {
    const cx = centres.x[k]!
    const cy = centres.y[k]!
    const cl = centres.lightness[k]!
    const ca = centres.a[k]!
    const cb = centres.b[k]!
    const left = Math.max(0, Math.floor(cx - size))
    const right = Math.min(width - 1, Math.ceil(cx + size))
    const bottom = Math.min(height - 1, Math.ceil(cy + size))
    for (let y = Math.max(0, Math.floor(cy - size)); y <= bottom; y++) {
      const rowDistance = (y - cy) * (y - cy) * weight
      for (let x = left, at = y * width + left; x <= right; x++, at++) {
        const dl = lightness[at]! - cl
        const da = a[at]! - ca
        const db = b[at]! - cb
        const distance = dl * dl + da * da + db * db + (x - cx) * (x - cx) * weight + rowDistance
        if (distance < distances[at]!) {
          distances[at] = distance
          labels[at] = k
        }
      }
    }
  }
}

/** Every centre becomes the mean of its pixels; one that lost them all stays. */
function moveCentres({ width, height, planes }: LabPicture, centres: Centres, labels: Int32Array): void {
  const [lightness, a, b] = planes
  const sums = new Float64Array(centres.count * 6)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const label = labels[at]!
      if (label < 0) continue
      const to = label * 6
      sums[to] = sums[to]! + lightness[at]!
      sums[to + 1] = sums[to + 1]! + a[at]!
      sums[to + 2] = sums[to + 2]! + b[at]!
      sums[to + 3] = sums[to + 3]! + x
      sums[to + 4] = sums[to + 4]! + y
      sums[to + 5] = sums[to + 5]! + 1
    }
  }
  for (let k = 0; k < centres.count; k++) {
    const pixels = sums[k * 6 + 5]!
    if (pixels === 0) continue
    centres.lightness[k] = sums[k * 6]! / pixels
    centres.a[k] = sums[k * 6 + 1]! / pixels
    centres.b[k] = sums[k * 6 + 2]! / pixels
    centres.x[k] = sums[k * 6 + 3]! / pixels
    centres.y[k] = sums[k * 6 + 4]! / pixels
  }
}

/**
 * Numbers the parts that are connected over sides anew, in the order of rows; a part with fewer pixels than `least`
 * joins the part left of or above its first pixel, if there is one.
 */
function connect(
  labels: Int32Array,
  width: number,
  height: number,
  least: number
): { labels: Int32Array; count: number } {
  const connected = new Int32Array(width * height).fill(-1)
  const part = new Int32Array(width * height)
  let count = 0
  for (let start = 0; start < labels.length; start++) {
    if (connected[start]! >= 0) continue
    const neighbour =
      start % width > 0 ? connected[start - 1]! : start >= width ? connected[start - width]! : -1
    const label = labels[start]!
    let pixels = 0
    const take = (at: number) => {
      connected[at] = count
      part[pixels++] = at
    }
    take(start)
    for (let i = 0; i < pixels; i++) {
      const at = part[i]!
      const x = at % width
      if (x > 0 && connected[at - 1]! < 0 && labels[at - 1] === label) take(at - 1)
      if (x + 1 < width && connected[at + 1]! < 0 && labels[at + 1] === label) take(at + 1)
      if (at >= width && connected[at - width]! < 0 && labels[at - width] === label) take(at - width)
      if (at + width < labels.length && connected[at + width]! < 0 && labels[at + width] === label) {
        take(at + width)
      }
    }
    if (pixels >= least || neighbour < 0) count++
    else for (let i = 0; i < pixels; i++) connected[part[i]!] = neighbour
  }
  return { labels: connected, count }
}
