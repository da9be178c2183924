/** The outlines of one connected part of a mask, each `x, y, x, y, …`: the outer one first, then those of its holes. */
export type Outline = number[][]

/** Headings in the order of right turns: east, south, west, north. */
const STEP_X = [1, 0, -1, 0]
const STEP_Y = [0, 1, 0, -1]
/** From a corner of the grid, the pixel ahead of it on the left-hand side of each heading; of the right-hand side. */
const LEFT_X = [0, 0, -1, -1]
const LEFT_Y = [-1, 0, 0, -1]
const RIGHT_X = [0, -1, -1, 0]
const RIGHT_Y = [0, 0, -1, -1]

/**
 * The outlines of a mask along the edges between its pixels, so that their corners are whole numbers, the area inside
 * is the number of pixels, and `polygonRegion` gives the same pixels back. Pixels that touch by a corner belong
 * together. Outer outlines run clockwise on the screen, those of holes against it.
 *
 * @param binary `[height, width]`, nonzero is foreground.
 * @param labels The parts, by `connectedComponents`.
 * @param count How many parts there are.
 */
export function traceOutlines(
  binary: Uint8Array,
  labels: Int32Array,
  count: number,
  width: number,
  height: number
): Outline[] {
  const parts: Outline[] = Array.from({ length: count }, () => [])
  /** Pixels whose upper edge is part of an outline that was traced. */
  const traced = new Uint8Array(binary.length)
  const isSet = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && binary[y * width + x] !== 0

  /** The outline that runs east along the upper edge of a pixel. */
  function trace(startX: number, startY: number): number[] {
    const corners: number[] = []
    let [x, y, heading] = [startX, startY, 0]
    do {
      if (heading === 0) traced[y * width + x] = 1
      x += STEP_X[heading]!
      y += STEP_Y[heading]!
      let turned = heading
      if (isSet(x + LEFT_X[heading]!, y + LEFT_Y[heading]!)) turned = (heading + 3) % 4
      else if (!isSet(x + RIGHT_X[heading]!, y + RIGHT_Y[heading]!)) turned = (heading + 1) % 4
      if (turned !== heading) corners.push(x, y)
      heading = turned
    } while (x !== startX || y !== startY || heading !== 0)
    return corners
  }

  // Row by row, so that the first edge that is met of a part is one of its outer outline.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (binary[at] && !isSet(x, y - 1) && !traced[at]) parts[labels[at]! - 1]!.push(trace(x, y))
    }
  }
  return parts
}
