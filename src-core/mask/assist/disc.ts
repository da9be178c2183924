/**
 * Grows what is foreground by a disc: every pixel whose centre is at most `radius` from the centre of a foreground
 * pixel. Exact in the Euclidean distance and, whatever the radius, a few passes over the pixels: a foreground pixel
 * g rows above or below covers of its row the pixels within √(radius² − g²), so that a row is a union of intervals,
 * summed from their ends (after the first phase of Meijster et al., A General Algorithm for Computing Distance
 * Transforms in Linear Time, 2000).
 *
 * @param binary `[height, width]`, 0 or 1.
 * @param radius In pixels, at least 0.
 */
export function grow(binary: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const reach = Math.floor(radius)
  /** By rows away: how many pixels to the left and right a disc is wide there. */
  const halfWidths = Int32Array.from({ length: reach + 1 }, (_, g) =>
    Math.floor(Math.sqrt(radius * radius - g * g))
  )
  const away = rowsAway(binary, width, height, reach)
  const grown = new Uint8Array(width * height)
  const changes = new Int32Array(width + 1)
  for (let y = 0; y < height; y++) {
    const row = y * width
    changes.fill(0)
    for (let x = 0; x < width; x++) {
      const g = away[row + x]!
      if (g > reach) continue
      const half = halfWidths[g]!
      changes[Math.max(0, x - half)]!++
      changes[Math.min(width, x + half + 1)]!--
    }
    for (let x = 0, covers = 0; x < width; x++) {
      covers += changes[x]!
      if (covers > 0) grown[row + x] = 1
    }
  }
  return grown
}

/** The inverse: takes away every pixel at most `radius` from a background pixel. Outside is no background. */
export function shrink(binary: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return inverse(grow(inverse(binary), width, height, radius))
}

function inverse(binary: Uint8Array): Uint8Array {
  return binary.map((value) => 1 - value)
}

/** How many rows the nearest foreground of each pixel's column is away; `reach` + 1 where it is farther. */
function rowsAway(binary: Uint8Array, width: number, height: number, reach: number): Uint16Array {
  const far = reach + 1
  const away = new Uint16Array(width * height)
  for (let at = 0; at < away.length; at++) {
    away[at] = binary[at] ? 0 : at < width ? far : Math.min(far, away[at - width]! + 1)
  }
  for (let at = away.length - width - 1; at >= 0; at--) {
    away[at] = Math.min(away[at]!, away[at + width]! + 1)
  }
  return away
}

/**
 * Smooths outlines: each pixel becomes what most of the pixels in the disc around it are (a median filter); on a tie
 * it stays. At the image's edge the disc is what of it lies inside.
 *
 * @param binary `[height, width]`, 0 or 1.
 * @param radius Of the disc, in pixels.
 */
export function smooth(binary: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const reach = Math.floor(radius)
  const halfWidths = Array.from({ length: reach + 1 }, (_, g) =>
    Math.floor(Math.sqrt(radius * radius - g * g))
  )
  /** Foreground left of x in each row, `[height, width + 1]`. */
  const left = new Int32Array((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (width + 1) + x
      left[at + 1] = left[at]! + binary[y * width + x]!
    }
  }
  const smoothed = new Uint8Array(width * height)
  const foreground = new Int32Array(width)
  const pixels = new Int32Array(width)
  for (let y = 0; y < height; y++) {
    foreground.fill(0)
    pixels.fill(0)
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      const half = halfWidths[Math.abs(v - y)]!
      const row = v * (width + 1)
      for (let x = 0; x < width; x++) {
        const from = x > half ? x - half : 0
        const to = x + half + 1 < width ? x + half + 1 : width
        foreground[x]! += left[row + to]! - left[row + from]!
        pixels[x]! += to - from
      }
    }
    for (let x = 0; x < width; x++) {
      const excess = 2 * foreground[x]! - pixels[x]!
      smoothed[y * width + x] = excess > 0 ? 1 : excess < 0 ? 0 : binary[y * width + x]!
    }
  }
  return smoothed
}
