import type { TilePatch } from '#core/api/values'
import { JaccardError } from '#core/errors'
import {
  countValues,
  createMask,
  isBackground,
  tileCount,
  tileRectangle,
  TILE,
  TILE_PIXELS,
  wordsOf,
  type Mask
} from './tiles'
import { BACKGROUND, FOREGROUND, UNKNOWN } from './values'

/**
 * A tile as bytes: its pixels row by row as runs of equal values, each run the number (length << 2 | value) as a
 * varint (seven bits a byte, low bits first, the eighth bit set on all bytes but the last). Neighbouring runs
 * differ, so that equal tiles have equal bytes.
 *
 * @param tile `[TILE, TILE]`, values of `values.ts`.
 */
export function encodeTile(tile: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(256)
  let used = 0
  const words = wordsOf(tile)
  for (let start = 0; start < tile.length;) {
    const value = tile[start]!
    const end = endOfRun(tile, words, start)
    if (used + 3 > bytes.length) {
      const larger = new Uint8Array(bytes.length * 4)
      larger.set(bytes)
      bytes = larger
    }
    let number = ((end - start) << 2) | value
    for (; number > 0x7f; number >>>= 7) bytes[used++] = (number & 0x7f) | 0x80
    bytes[used++] = number
    start = end
  }
  return bytes.slice(0, used)
}

/** Where the run of equal values that begins at `start` ends. Long ones are passed over four pixels at a time. */
function endOfRun(tile: Uint8Array, words: Uint32Array, start: number): number {
  const value = tile[start]!
  let end = start + 1
  while (end < tile.length && end % 4 !== 0 && tile[end] === value) end++
  if (end % 4 === 0) {
    const word = value * 0x01010101
    let at = end / 4
    while (at < words.length && words[at] === word) at++
    end = at * 4
  }
  while (end < tile.length && tile[end] === value) end++
  return end
}

/**
 * The tile that `encodeTile` encoded, `[TILE, TILE]`.
 *
 * @throws JaccardError `bad-input` for bytes that `encodeTile` does not make.
 */
export function decodeTile(bytes: Uint8Array): Uint8Array {
  const tile = new Uint8Array(TILE_PIXELS)
  walkRuns(bytes, (value, start, end) => tile.fill(value, start, end))
  return tile
}

/** Gives the runs of an encoded tile one after the other. @throws JaccardError as `decodeTile` */
function walkRuns(bytes: Uint8Array, take: (value: number, start: number, end: number) => void): void {
  let at = 0
  let start = 0
  let previous = -1
  while (at < bytes.length) {
    let number = 0
    let byte = 0x80
    // The longest run, a whole tile, takes three bytes.
    for (let shift = 0; byte & 0x80; shift += 7) {
      if (at === bytes.length || shift > 14) throw corrupt()
      byte = bytes[at++]!
      number |= (byte & 0x7f) << shift
      if (shift > 0 && byte === 0) throw corrupt()
    }
    const value = number & 3
    const end = start + (number >>> 2)
    if (value > UNKNOWN || value === previous || end === start || end > TILE_PIXELS) throw corrupt()
    take(value, start, end)
    start = end
    previous = value
  }
  if (start !== TILE_PIXELS) throw corrupt()
}

function corrupt(): JaccardError {
  return new JaccardError('bad-input', 'A part of the mask is damaged and cannot be read.')
}

/**
 * Decodes a tile that came from outside: `data` null is a tile of background.
 *
 * @throws JaccardError `bad-input` for an index outside of the grid, damaged data, or values outside of the image.
 */
export function decodePatch(patch: TilePatch, width: number, height: number): Uint8Array {
  const tile = new Uint8Array(TILE_PIXELS)
  walkPatch(patch, width, height, (value, start, end) => tile.fill(value, start, end))
  return tile
}

/** What a tile from outside holds, in pixels, without decoding it. @throws JaccardError as `decodePatch` */
export function countPatch(
  patch: TilePatch,
  width: number,
  height: number
): { foreground: number; unknown: number } {
  const counts = [0, 0, 0]
  walkPatch(patch, width, height, (value, start, end) => (counts[value]! += end - start))
  return { foreground: counts[FOREGROUND]!, unknown: counts[UNKNOWN]! }
}

/** The runs of a tile from outside, none if it is all background. @throws JaccardError as `decodePatch` */
function walkPatch(
  { index, data }: TilePatch,
  width: number,
  height: number,
  take: (value: number, start: number, end: number) => void
): void {
  if (!Number.isInteger(index) || index < 0 || index >= tileCount(width, height)) {
    throw new JaccardError('bad-input', `The image of ${width} × ${height} pixels has no mask tile ${index}.`)
  }
  if (data === null) return
  const inside = tileRectangle(width, height, index)
  walkRuns(data, (value, start, end) => {
    const column = start % TILE
    const leaves = end > inside.height * TILE || (inside.width < TILE && column + end - start > inside.width)
    if (value !== BACKGROUND && leaves) throw corrupt()
    take(value, start, end)
  })
}

/** A tile for the way out: null where it is all background. */
export function encodePatch(index: number, tile: Uint8Array | undefined): TilePatch {
  return { index, data: tile && !isBackground(tile) ? encodeTile(tile) : null }
}

/** Every tile of a mask that is not all background, by index. */
export function encodeMask(mask: Mask): TilePatch[] {
  return [...mask.tiles]
    .map(([index, tile]) => encodePatch(index, tile))
    .filter(({ data }) => data !== null)
    .sort((a, b) => a.index - b.index)
}

/** An encoded tile with what it holds, in pixels. */
export interface CountedTile extends TilePatch {
  foreground: number
  unknown: number
}

/** As `encodeMask`, and what each tile holds. */
export function encodeCounted(mask: Mask): CountedTile[] {
  return encodeMask(mask).map((patch) => ({ ...patch, ...countValues(mask.tiles.get(patch.index)!) }))
}

/**
 * A mask from its encoded tiles.
 *
 * @throws JaccardError `bad-input` as `decodePatch` does.
 */
export function decodeMask(width: number, height: number, patches: TilePatch[]): Mask {
  const mask = createMask(width, height)
  applyPatches(mask, patches)
  return mask
}

/**
 * Replaces tiles of a mask, for example by those that an undo brought back.
 *
 * @throws JaccardError `bad-input` as `decodePatch` does; the mask is then as before.
 */
export function applyPatches(mask: Mask, patches: TilePatch[]): void {
  const decoded = patches.map((patch) => decodePatch(patch, mask.width, mask.height))
  patches.forEach(({ index, data }, i) => {
    if (data === null) mask.tiles.delete(index)
    else mask.tiles.set(index, decoded[i]!)
  })
}
