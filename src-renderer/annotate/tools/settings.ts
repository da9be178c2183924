import { z } from 'zod'
import type { BrushShape } from '#core/mask/segment'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { TOOL_LIST, type ToolName } from './tool-list'

/** Least and greatest diameter of the brush, in pixels of the image. */
export const SIZE = { min: 1, max: 400 }

/** Each setting by itself: one that is missing, or of another version, gets its first value. */
const schema = z.object({
  tool: z.enum(TOOL_LIST.map(({ name }) => name) as [ToolName, ...ToolName[]]).catch('brush'),
  /** The brush's diameter, or side, in pixels of the image. */
  size: z.int().min(SIZE.min).max(SIZE.max).catch(30),
  shape: z.enum(['round', 'square'] satisfies BrushShape[]).catch('round'),
  /** What is painted by all that does not erase. */
  value: z.literal([FOREGROUND, UNKNOWN]).catch(FOREGROUND),
  /** Polygon and the other tools for areas take away instead of adding. */
  subtracts: z.boolean().catch(false),
  /** A pen's pressure sets the brush's size. */
  pressure: z.boolean().catch(true),
  /** What fill fills: the region under the click, or the holes of the object under it. */
  fill: z.enum(['region', 'holes']).catch('region'),
  /** Of the mask over the image. */
  opacity: z.number().min(0.1).max(1).catch(0.5)
})

/** What the person has set about painting. */
export type ToolSettings = z.infer<typeof schema>

/** The settings from what this machine remembers; null where it remembers nothing. */
export function parseSettings(text: string | null): ToolSettings {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '{}')
  } catch {
    kept = {}
  }
  return schema.catch(schema.parse({})).parse(kept)
}

/** The next larger (1) or smaller (−1) brush, by about a tenth, by at least a pixel. */
export function nextSize(size: number, direction: 1 | -1): number {
  const next = size + direction * Math.max(1, Math.round(size * 0.12))
  return Math.min(SIZE.max, Math.max(SIZE.min, next))
}
