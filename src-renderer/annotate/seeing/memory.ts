import { z } from 'zod'
import { AS_IT_IS, CHANNELS, CONTRAST, GAMMA, isAsItIs, type Adjustment } from './adjust'
import { MASK_COLOURS, type MaskColourName } from './colours'

/** Each habit by itself: one that is missing, or of another version, gets its first value. */
const habits = z.object({
  /** Only the outlines of the mask are shown. */
  outline: z.boolean().catch(false),
  colour: z.enum(MASK_COLOURS.map(({ name }) => name) as [MaskColourName, ...MaskColourName[]]).catch('blue'),
  /** The edges between pixels are shown where these are large. */
  grid: z.boolean().catch(true),
  minimap: z.boolean().catch(true),
  /** Suggestions are shown under the mask whatever the tool. */
  suggestions: z.boolean().catch(false)
})

/** How the person likes to see masks, whatever the image. */
export type Habits = z.infer<typeof habits>

/** The habits from what this machine remembers; null where it remembers nothing. */
export function parseHabits(text: string | null): Habits {
  return habits.catch(habits.parse({})).parse(parsed(text))
}

const adjustments = z.array(
  z.object({
    project: z.string(),
    adjustment: z.object({
      brightness: z.number().min(-1).max(1),
      contrast: z.number().min(CONTRAST.min).max(CONTRAST.max),
      gamma: z.number().min(GAMMA.min).max(GAMMA.max),
      channel: z.enum(CHANNELS)
    })
  })
)

/** How the images of projects are shown that are not shown as they are; the latest project last. */
export type Adjustments = z.infer<typeof adjustments>

export function parseAdjustments(text: string | null): Adjustments {
  return adjustments.catch([]).parse(parsed(text))
}

export function adjustmentOf(all: Adjustments, project: string): Adjustment {
  return all.find((one) => one.project === project)?.adjustment ?? AS_IT_IS
}

/** So many projects are remembered. */
const KEPT = 100

export function withAdjustment(all: Adjustments, project: string, adjustment: Adjustment): Adjustments {
  const others = all.filter((one) => one.project !== project)
  return isAsItIs(adjustment) ? others : [...others, { project, adjustment }].slice(-KEPT)
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
