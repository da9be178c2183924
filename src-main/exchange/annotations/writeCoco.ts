import { decodeMask } from '#core/mask/codec'
import { connectedComponents } from '#core/mask/components'
import { flatten } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { polygonParts } from './polygons'
import { encodeCounts } from './rle'
import type { StoredMask } from './write'

/** An annotation of COCO without its number and its image's. */
export interface CocoAnnotation<Segmentation> {
  category_id: number
  iscrowd: 0 | 1
  /** In pixels. */
  area: number
  /** Left, top, width and height. */
  bbox: [number, number, number, number]
  segmentation: Segmentation
}

/** Run lengths down the columns, as text or as the numbers themselves. */
interface Runs<Counts = string | number[]> {
  size: [height: number, width: number]
  counts: Counts
}

/** A mask as COCO's annotations with run lengths: each connected part, and the unknown pixels as one crowd. */
export function cocoRuns({ tiles, width, height }: StoredMask): {
  annotations: CocoAnnotation<Runs<string>>[]
} {
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
    annotations: runsByLabel(labels, crowd, width, height).flatMap((runs, i) => {
      if (runs.length === 0) return []
      const { counts, area, bbox } = measured(runs, width, height)
      const segmentation: Runs<string> = { size: [height, width], counts: encodeCounts(counts) }
      return { category_id: 1, iscrowd: i + 1 === crowd ? 1 : 0, area, bbox, segmentation }
    })
  }
}

/**
 * A mask as COCO's annotations with one polygon for each connected part, holes joined by a cut: several polygons of one
 * annotation would be its separate pieces, not its holes. Unknown pixels are one crowd of run lengths, since a crowd
 * has no polygons; its counts are numbers, as in the files of COCO itself.
 */
export function cocoPolygons({ tiles, width, height }: StoredMask): {
  annotations: CocoAnnotation<[polygon: number[]] | Runs<number[]>>[]
} {
  const flat = flatten(decodeMask(width, height, tiles))
  const objects = polygonParts(flat, FOREGROUND, width, height).map(({ polygon, area }) => ({
    ...{ category_id: 1, iscrowd: 0 as const, area },
    bbox: boxOf(polygon),
    segmentation: [polygon] as [number[]]
  }))
  const unknown = Int32Array.from(flat, (pixel) => (pixel === UNKNOWN ? 1 : 0))
  const [runs] = runsByLabel(unknown, 1, width, height)
  if (runs!.length === 0) return { annotations: objects }
  const { counts, area, bbox } = measured(runs!, width, height)
  const segmentation: Runs<number[]> = { size: [height, width], counts }
  return { annotations: [...objects, { category_id: 1, iscrowd: 1, area, bbox, segmentation }] }
}

function boxOf(polygon: number[]): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0]
  for (let i = 0; i < polygon.length; i += 2) {
    left = Math.min(left, polygon[i]!)
    right = Math.max(right, polygon[i]!)
    top = Math.min(top, polygon[i + 1]!)
    bottom = Math.max(bottom, polygon[i + 1]!)
  }
  return [left, top, right - left, bottom - top]
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

/** The counts of COCO's code for these runs, how many pixels they hold, and the box around them. */
function measured(
  runs: number[],
  width: number,
  height: number
): { counts: number[]; area: number; bbox: CocoAnnotation<unknown>['bbox'] } {
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
  return { counts, area, bbox: [left, top, right - left, bottom - top] }
}
