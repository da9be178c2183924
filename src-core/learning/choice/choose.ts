import { z } from 'zod'
import { trainConfig } from '#core/learning/config'
import { DEFAULTS, usualFor } from '#core/learning/defaults'
import { medianOf } from '#core/learning/statistics'
import { COARSE_SIZE, type Candidate } from './candidates'
import { ceilingOf } from './ceiling'
import type { Measurement } from './measure'
import type { PreparationChoice } from './preparation'

/** What to choose for: what the person has fixed (null, for crops undefined, where it is open), and how long there is to train. */
export const choiceInput = z.object({
  architecture: z.string().min(1).nullable(),
  size: z.int().min(16).max(2048).nullable(),
  /** Null for whole images. */
  crop: trainConfig.shape.crop.unwrap().optional(),
  batch: z.int().min(1).max(256),
  minutes: z.number().positive().nullable()
})
export type ChoiceInput = z.infer<typeof choiceInput>

/** What is chosen where everything is left open. */
export interface Choice extends ArchitectureChoice {
  /** Null where the person has chosen the architecture: then nothing beside its resolution is touched. */
  preparation: PreparationChoice | null
}

export interface ArchitectureChoice {
  architecture: string
  size: number
  /** Edge of the crops; null for whole images. */
  crop: number | null
  /** The foreground IoU that it could reach at best; null without objects. */
  ceiling: number | null
  /** Why, with the figures, in sentences. */
  because: string
}

/** A ceiling so much below the best is good enough if it costs less: a network seldom comes that close to it. */
const MARGIN = 0.02
/** What is planned for where the person names no time: as long as one waits beside it. */
const PLANNED_MINUTES = 5
/** With fewer steps than this a network has not got far, however finely it sees. */
const FEWEST_STEPS = 300
/**
 * Multiplications of the way forward in a second of training on two processor cores (UNet-xs at 128², ten images,
 * in 0.2 s). Not measured where it is used, so that the same labels give the same choice on every machine.
 */
const PLANNED_SPEED = 23e9
/** An object that has so many squares of its width is thin. */
const THIN = 3
/** A ceiling that is bad news for the person. */
const LOW = 0.7

/** Whether even the best network of these is bad news, so that more should be looked at. */
export function isTooCoarse({ ceiling }: ArchitectureChoice): boolean {
  return ceiling !== null && ceiling < LOW
}

/**
 * Takes the network that costs the least of those whose ceiling is close to the best, and says why.
 *
 * @param candidates What could be taken, at least one.
 * @param measurements Of labels at the candidates' resolutions, in their order.
 * @param images Training images that there are; the measurements may be of a part of them.
 */
export function chooseArchitecture(
  candidates: Candidate[],
  measurements: Measurement[],
  input: ChoiceInput,
  images: number
): ArchitectureChoice {
  const objects = measurements.flatMap((measurement) => measurement.objects)
  if (objects.length === 0) return withoutObjects(candidates)
  const reached = candidates.map((candidate, i) => ({
    ...candidate,
    ceiling: ceilingOf(measurements.map(({ reaches }) => reaches[i]!))
  }))
  const cheapestFirst = reached.toSorted((a, b) => a.cost - b.cost || contextOf(b) - contextOf(a))
  const inTime = cheapestFirst.filter((network) => stepsOf(network, input) >= FEWEST_STEPS)
  const feasible = inTime.length ? inTime : [cheapestFirst[0]!]
  const best = bestOf(feasible)
  const chosen = feasible.find(({ ceiling }) => ceiling >= best.ceiling - MARGIN)!

  const of = measurements.length < images ? `${measurements.length} of ${images}` : String(images)
  const size = input.size ?? COARSE_SIZE
  const sentences = [
    `${describeObjects(objects, size)} (median of ${objects.length} in ${of} training images).`
  ]
  const coarse = reached.filter((network) => network.stride > 1 && network.size === size)
  if (coarse.length && chosen.stride === 1) {
    const limits = coarse.map(({ stride, ceiling }, i) => {
      const reach = i === 0 ? 'can at best reach a foreground IoU of ' : ''
      return `a stride of ${stride} ${reach}${round(ceiling)}`
    })
    sentences.push(`There ${listed(limits)}.`)
  }
  const whole = reached.filter(({ crop }) => crop === null)
  if (chosen.crop !== null && whole.length) {
    const most = bestOf(whole)
    sentences.push(
      `Whole images reach ${round(most.ceiling)} at best (${name(most)}), so ${inWords(chosen)}.`
    )
  }
  sentences.push(verdict(chosen, best, bestOf(reached), input))
  if (chosen.ceiling < LOW) {
    sentences.push(
      chosen.crop === null
        ? 'That is little: the objects are too fine for whole images at this size; crops would show them finer.'
        : 'That is little: the objects are too fine at this scale; take smaller crops.'
    )
  }
  const { architecture, crop, ceiling } = chosen
  return { architecture, size: chosen.size, crop, ceiling, because: sentences.join(' ') }
}

type Reached = Candidate & { ceiling: number }

/** How much of an image the network sees at a time; of equally costly ones more is better. */
function contextOf({ crop }: Candidate): number {
  return crop ?? Number.MAX_SAFE_INTEGER
}

/** `crops of 256 px at full resolution` */
function inWords({ size, crop }: Candidate): string {
  if (crop === null) return 'whole images'
  const scale = size === crop ? ' at full resolution' : 2 * size === crop ? ' at half resolution' : ''
  return `crops of ${crop} px${scale}`
}

function withoutObjects(candidates: Candidate[]): ArchitectureChoice {
  const usual =
    candidates.find(
      ({ architecture, size }) =>
        usualFor(architecture).size === size && architecture === DEFAULTS.architecture
    ) ??
    candidates.find(({ architecture, size }) => usualFor(architecture).size === size) ??
    candidates[0]!
  return {
    architecture: usual.architecture,
    size: usual.size,
    crop: usual.crop,
    ceiling: null,
    because: `No training image shows foreground yet, so ${name(usual)} is a guess.`
  }
}

function stepsOf({ cost }: Candidate, { minutes, batch }: Pick<ChoiceInput, 'minutes' | 'batch'>): number {
  return (60 * (minutes ?? PLANNED_MINUTES) * PLANNED_SPEED) / (cost * batch)
}

/** The first of the highest ceiling, and so the cheapest where the order is that of the costs. */
function bestOf(networks: Reached[]): Reached {
  return networks.reduce((best, network) => (network.ceiling > best.ceiling ? network : best))
}

/** `Your objects are 9 px wide at 224²`. */
function describeObjects(objects: Measurement['objects'], size: number): string {
  const width = medianOf(objects.map((object) => object.width)) * size
  const length = medianOf(objects.map((object) => object.area / object.width)) * size
  const extent =
    length > THIN * width ? `${pixels(width)} wide and ${pixels(length)} long` : `${pixels(width)} wide`
  return `Your objects are ${extent} at ${size}²`
}

function verdict(chosen: Reached, feasible: Reached, best: Reached, { minutes, batch }: ChoiceInput): string {
  const reach = `${name(chosen)} can reach ${round(chosen.ceiling)}`
  const cheapest = `the cheapest within ${MARGIN} of`
  if (feasible.ceiling === best.ceiling) {
    return chosen === best
      ? `${reach}, the best of all that fit.`
      : `${reach}: ${cheapest} the best (${name(best)}, ${round(best.ceiling)}).`
  }
  const time = `${minutes ?? PLANNED_MINUTES} ${minutes === 1 ? 'minute' : 'minutes'}`
  const allowed = `gets about ${FEWEST_STEPS} steps of ${batch} images in ${time}`
  if (stepsOf(feasible, { minutes, batch }) < FEWEST_STEPS)
    return `${reach}: the cheapest, since none ${allowed}.`
  return chosen === feasible
    ? `${reach}, the best that ${allowed}.`
    : `${reach}: ${cheapest} the best that ${allowed} (${name(feasible)}, ${round(feasible.ceiling)}).`
}

const name = (network: Candidate) =>
  `${network.architecture} at ${network.size}²${network.crop === null ? '' : ` on ${inWords(network)}`}`
const round = (ceiling: number) => ceiling.toFixed(2)

function pixels(length: number): string {
  return `${length < 10 ? Number(length.toFixed(1)) : Math.round(length)} px`
}

function listed(parts: string[]): string {
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
