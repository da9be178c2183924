import { z } from 'zod'
import type { Reshaping } from '#core/mask/assist/reshape'
import { MAX_TOLERANCE } from '#core/mask/assist/wand'
import type { BrushShape } from '#core/mask/segment'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'
import { TOOL_LIST, type ToolName } from './tool-list'

/** Least and greatest diameter of the brush, in pixels of the image. */
export const SIZE = { min: 1, max: 400 }

/** Least and greatest side of a superpixel, in pixels of the image. */
export const PATCH = { min: 4, max: 200 }

type ReshapingKind = Reshaping['kind']
type Amounts = Record<ReshapingKind, ReturnType<typeof amountOf>>

/** What reshape can do, and by how many pixels. */
export const RESHAPINGS = [
  { kind: 'grow', min: 1, max: 50, usual: 2 },
  { kind: 'shrink', min: 1, max: 50, usual: 2 },
  { kind: 'smooth', min: 1, max: 20, usual: 3 },
  { kind: 'fill-holes', min: 1, max: 100_000, usual: 1000 },
  { kind: 'remove-specks', min: 2, max: 100_000, usual: 50 }
] as const satisfies readonly { kind: ReshapingKind; min: number; max: number; usual: number }[]

function amountOf({ min, max, usual }: { min: number; max: number; usual: number }) {
  return z.int().min(min).max(max).catch(usual)
}

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
  /** How much a colour may differ for the wand, in its channel that differs most. */
  tolerance: z.int().min(0).max(MAX_TOLERANCE).catch(24),
  /** The wand takes only what is connected with the place pressed. */
  contiguous: z.boolean().catch(true),
  /** About the side of a superpixel, in pixels of the image. */
  patchSize: z.int().min(PATCH.min).max(PATCH.max).catch(20),
  /** What reshape does to the mask, and by how much each: a radius, or the pixels of a part. */
  reshaping: z.enum(RESHAPINGS.map(({ kind }) => kind)).catch('grow'),
  amounts: z
    .object(Object.fromEntries(RESHAPINGS.map(({ kind, ...amount }) => [kind, amountOf(amount)])) as Amounts)
    .catch(
      Object.fromEntries(RESHAPINGS.map(({ kind, usual }) => [kind, usual])) as Record<ReshapingKind, number>
    ),
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
