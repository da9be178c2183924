import type { Extent } from './frame'

/**
 * How a frame is cut into network inputs: the overlap-tile strategy of U-Net (Ronneberger et al. 2015), with the edge
 * of the image continued instead of mirrored. Pure arithmetic on arrays, so that the app and an exported model cut
 * alike.
 */

/** Neighbouring tiles share at least this part of the input, since a network knows the least at its input's edge. */
const LEAST_OVERLAP = 1 / 4

/** Pixels that neighbouring tiles share at least. @param size Edge of the network's input. */
export function leastOverlap(size: number): number {
  return Math.ceil(size * LEAST_OVERLAP)
}

/** A piece of a frame's edge: the input begins at `start`, and the frame's pixels `from` to before `to` come from it. */
export interface Piece {
  start: number
  from: number
  to: number
}

/**
 * The pieces of one edge: a single one where it fits, else the fewest that overlap enough, evenly spaced, the first
 * flush with the beginning and the last with the end. They meet in the middle of their overlaps.
 *
 * @param size Edge of the network's input.
 */
export function piecesOf(edge: number, size: number): Piece[] {
  if (edge <= size) return [{ start: 0, from: 0, to: edge }]
  const last = Math.ceil((edge - size) / (size - leastOverlap(size)))
  const starts = Array.from({ length: last + 1 }, (_, i) => Math.round((i * (edge - size)) / last))
  const meets = (i: number) => (starts[i]! + starts[i - 1]! + size) >> 1
  return starts.map((start, i) => ({
    start,
    from: i === 0 ? 0 : meets(i),
    to: i === last ? edge : meets(i + 1)
  }))
}

/** One network input of a frame. Of its prediction only the core counts, so that every pixel comes from one tile. */
export interface Tile {
  across: Piece
  down: Piece
}

/** The tiles of a frame, row by row. */
export function tilesOf({ width, height }: Extent, size: number): Tile[] {
  const columns = piecesOf(width, size)
  return piecesOf(height, size).flatMap((down) => columns.map((across) => ({ across, down })))
}

/** How many tiles these frames have together. */
export function countTiles(frames: readonly Extent[], size: number): number {
  return frames.reduce(
    (sum, { width, height }) => sum + piecesOf(width, size).length * piecesOf(height, size).length,
    0
  )
}

/**
 * Cuts a network input out of a frame; where it reaches beyond the frame, that goes on as at its edge.
 *
 * @param pixels `[height, width, channels]`.
 * @param left Of the input in the frame, at least 0; as `top`.
 * @param input Where it goes, `[size, size, channels]`.
 */
export function cutOut(
  pixels: Uint8Array,
  { width, height }: Extent,
  channels: number,
  { left, top }: { left: number; top: number },
  size: number,
  input: Uint8Array
): void {
  const within = Math.min(size, width - left) * channels
  const row = size * channels
  for (let y = 0; y < size; y++) {
    const target = y * row
    if (top + y >= height) {
      input.copyWithin(target, target - row, target)
      continue
    }
    const source = ((top + y) * width + left) * channels
    input.set(pixels.subarray(source, source + within), target)
    for (let at = target + within; at < target + row; at++) input[at] = input[at - channels]!
  }
}

/**
 * Puts the core of a tile's prediction in its place.
 *
 * @param predicted `[size, size]`, of the tile. @param frame `[height, width]`, of the frame of this width.
 */
export function placeCore(
  predicted: Float32Array,
  { across, down }: Tile,
  size: number,
  frame: Float32Array,
  width: number
): void {
  for (let y = down.from; y < down.to; y++) {
    const row = (y - down.start) * size - across.start
    frame.set(predicted.subarray(row + across.from, row + across.to), y * width + across.from)
  }
}
