import type { TilePatch } from '#core/api/values'
import { decodeMask } from '#core/mask/codec'
import { connectedComponents } from '#core/mask/components'
import { joinHoles } from '#core/mask/keyhole'
import { traceOutlines } from '#core/mask/outline'
import { flatten } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN, type MaskValue } from '#core/mask/values'
import { encodeCounts } from './rle'

/** A stored mask. */
interface StoredMask {
  tiles: TilePatch[]
  width: number
  height: number
}

/** What foreground is called in files that want a name. */
export const FOREGROUND_NAME = 'foreground'
const UNKNOWN_NAME = 'unknown'

/** The version of labelme whose files these are. */
const LABELME_VERSION = '5.5.0'

/** Digits of a share of the image's edge: enough to tell the edges of pixels up to a million of them. */
const SHARE_DIGITS = 6

/**
 * A mask as labelme's JSON: one polygon for each connected part, holes joined by a cut, unknown pixels under a label of
 * their own.
 *
 * @param input `imagePath`: the image's file, beside of which the JSON is to lie.
 */
export function labelmeText(input: StoredMask & { imagePath: string }): { bytes: Uint8Array } {
  const { width, height, imagePath } = input
  const flat = flatten(decodeMask(width, height, input.tiles))
  const shapesOf = (value: MaskValue, label: string) =>
    polygonsOf(flat, value, width, height).map((polygon) => ({
      label,
      points: Array.from({ length: polygon.length / 2 }, (_, i) => [polygon[2 * i], polygon[2 * i + 1]]),
      group_id: null,
      description: '',
      shape_type: 'polygon',
      flags: {},
      mask: null
    }))
  const content = {
    version: LABELME_VERSION,
    flags: {},
    shapes: [...shapesOf(FOREGROUND, FOREGROUND_NAME), ...shapesOf(UNKNOWN, UNKNOWN_NAME)],
    imagePath,
    imageData: null,
    imageHeight: height,
    imageWidth: width
  }
  return textBytes(JSON.stringify(content))
}

/** A mask as YOLO's lines: class 0 and a polygon for each connected part, holes joined by a cut. */
export function yoloText({ tiles, width, height }: StoredMask): { bytes: Uint8Array } {
  const flat = flatten(decodeMask(width, height, tiles))
  const lines = polygonsOf(flat, FOREGROUND, width, height).map((polygon) => {
    const shares = polygon.map((value, i) =>
      Number((value / (i % 2 === 0 ? width : height)).toFixed(SHARE_DIGITS))
    )
    return `0 ${shares.join(' ')}\n`
  })
  return textBytes(lines.join(''))
}

function polygonsOf(flat: Uint8Array, value: MaskValue, width: number, height: number): number[][] {
  const binary = flat.map((pixel) => (pixel === value ? 1 : 0))
  const { labels, sizes } = connectedComponents(binary, width, height)
  const outlines = traceOutlines(binary, labels, sizes.length, width, height)
  return outlines.map((outline) => joinHoles(outline, binary, width))
}

function textBytes(text: string): { bytes: Uint8Array } {
  return { bytes: new TextEncoder().encode(text) }
}

/** An annotation of COCO without its number and its image's. */
export interface CocoAnnotation {
  category_id: number
  iscrowd: 0 | 1
  /** In pixels. */
  area: number
  /** Left, top, width and height. */
  bbox: [number, number, number, number]
  segmentation: { size: [height: number, width: number]; counts: string }
}

/** A mask as COCO's annotations: each connected part, and the unknown pixels as one crowd. */
export function cocoAnnotations({ tiles, width, height }: StoredMask): { annotations: CocoAnnotation[] } {
  const flat = flatten(decodeMask(width, height, tiles))
  const { labels, sizes } = connectedComponents(
    flat.map((pixel) => (pixel === FOREGROUND ? 1 : 0)),
    width,
    height
  )
  const crowd = sizes.length + 1
  flat.forEach((pixel, at) => {
    if (pixel === UNKNOWN) labels[at] = crowd
  })
  return {
    annotations: runsByLabel(labels, crowd, width, height).flatMap((runs, i) =>
      runs.length > 0 ? [annotationOf(runs, i + 1 === crowd, width, height)] : []
    )
  }
}

/** By label from 1 on, where its runs down the columns begin and end: start, end, start, end, … */
function runsByLabel(labels: Int32Array, count: number, width: number, height: number): number[][] {
  const runs: number[][] = Array.from({ length: count }, () => [])
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height;) {
      const label = labels[y * width + x]!
      const start = y
      while (y < height && labels[y * width + x] === label) y++
      if (label === 0) continue
      const own = runs[label - 1]!
      const [from, to] = [x * height + start, x * height + y]
      // A run goes on from the end of one column to the next.
      if (own.at(-1) === from) own[own.length - 1] = to
      else own.push(from, to)
    }
  }
  return runs
}

function annotationOf(runs: number[], isCrowd: boolean, width: number, height: number): CocoAnnotation {
  const counts: number[] = []
  let [area, last, top, bottom] = [0, 0, height, 0]
  for (let i = 0; i < runs.length; i += 2) {
    const [from, to] = [runs[i]!, runs[i + 1]!]
    counts.push(from - last, to - from)
    area += to - from
    last = to
    const crosses = Math.floor(from / height) !== Math.floor((to - 1) / height)
    top = crosses ? 0 : Math.min(top, from % height)
    bottom = crosses ? height : Math.max(bottom, ((to - 1) % height) + 1)
  }
  if (last < width * height) counts.push(width * height - last)
  const left = Math.floor(runs[0]! / height)
  const right = Math.floor((last - 1) / height) + 1
  return {
    category_id: 1,
    iscrowd: isCrowd ? 1 : 0,
    area,
    bbox: [left, top, right - left, bottom - top],
    segmentation: { size: [height, width], counts: encodeCounts(counts) }
  }
}
