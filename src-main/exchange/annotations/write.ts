import type { TilePatch } from '#core/api/values'
import { decodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'
import { FOREGROUND, UNKNOWN, type MaskValue } from '#core/mask/values'
import { polygonParts } from './polygons'

/** A stored mask. */
export interface StoredMask {
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
    polygonParts(flat, value, width, height).map(({ polygon }) => ({
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
  const lines = polygonParts(flat, FOREGROUND, width, height).map(({ polygon }) => {
    const shares = polygon.map((value, i) =>
      Number((value / (i % 2 === 0 ? width : height)).toFixed(SHARE_DIGITS))
    )
    return `0 ${shares.join(' ')}\n`
  })
  return textBytes(lines.join(''))
}

function textBytes(text: string): { bytes: Uint8Array } {
  return { bytes: new TextEncoder().encode(text) }
}
