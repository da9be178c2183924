import { candidatesFor, cropCandidates, type Candidate } from '#core/learning/choice/candidates'
import {
  chooseArchitecture,
  isTooCoarse,
  type ArchitectureChoice,
  type Choice,
  type ChoiceInput
} from '#core/learning/choice/choose'
import type { Measurement } from '#core/learning/choice/measure'
import { choosePreparation } from '#core/learning/choice/preparation'
import type { Range } from '#core/learning/contrast'
import { decodeRgb } from '#main/images/decode'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { LABELLED, listImageRecords, readImageFile, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from './inOrder'
import { windowOf } from './samples'

/** Measuring a label takes a tenth of a second, and after so many of them another one changes little. */
const MOST_IMAGES = 32

/**
 * Chooses networks for a project's labelled objects, from at most 32 training images spread over all of them, in
 * worker threads, crops only where whole images would be too coarse; where the architecture is open also how the images
 * are made ready and varied. Remembers the measurements until a mask changes. Validation and test images are not
 * looked at.
 *
 * @returns What chooses. @throws JaccardError `usage` for an architecture or size that does not exist
 */
export function createArchitectureChoice(project: Project): (input: ChoiceInput) => Promise<Choice> {
  const cache = new Map<string, { revision: number; measurement: Measurement }>()
  const ranges = new Map<string, Range>()

  async function rangeOf(record: ImageRecord): Promise<Range> {
    const { id, windowLow, windowHigh } = record
    const key = [id, windowLow, windowHigh].join()
    const known = ranges.get(key)
    if (known) return known
    const range = await runPixelJob('range', async () => {
      const { data } = await decodeRgb(await readImageFile(project, id), windowOf(record))
      return { input: { rgb: data }, transfer: [data.buffer] }
    })
    ranges.set(key, range)
    return range
  }

  async function measure(candidates: Candidate[], images: ImageRecord[]): Promise<Measurement[]> {
    const resolutions = candidates.map(({ size, crop, stride }) => ({ size, crop, stride }))
    const asked = JSON.stringify(resolutions)

    async function measured({ id, revision, width, height }: ImageRecord): Promise<Measurement> {
      const key = `${id} ${asked}`
      const known = cache.get(key)
      if (known?.revision === revision) return known.measurement
      const measurement = await runPixelJob('measure', () => ({
        input: { tiles: readMask(project, id).tiles, width, height, resolutions }
      }))
      cache.set(key, { revision, measurement })
      return measurement
    }

    const measurements: Measurement[] = []
    for await (const measurement of inOrder(spread(images, MOST_IMAGES), POOL_SIZE + 1, measured)) {
      measurements.push(measurement)
    }
    return measurements
  }

  async function chooseNetwork(input: ChoiceInput, images: ImageRecord[]): Promise<ArchitectureChoice> {
    const candidates = candidatesFor(input)
    const measurements = await measure(candidates, images)
    const choice = chooseArchitecture(candidates, measurements, input, images.length)
    if (input.crop !== undefined || !isTooCoarse(choice)) return choice
    const crops = cropCandidates(input, usualEdge(images))
    const measuredCrops = await measure(crops, images)
    const all = measurements.map(({ objects, reaches }, i) => ({
      objects,
      reaches: [...reaches, ...measuredCrops[i]!.reaches]
    }))
    return chooseArchitecture([...candidates, ...crops], all, input, images.length)
  }

  return async (input) => {
    const images = listImageRecords(project).filter(
      ({ split, state }) => split === 'train' && LABELLED.includes(state)
    )
    const network = await chooseNetwork(input, images)
    if (input.architecture !== null || images.length === 0) return { ...network, preparation: null }
    const found: Range[] = []
    for await (const range of inOrder(spread(images, MOST_IMAGES), POOL_SIZE + 1, rangeOf)) found.push(range)
    const { settings, because } = choosePreparation(found, images.length)
    return { ...network, preparation: settings, because: [network.because, ...because].join(' ') }
  }
}

/** The median of the images' longer edges. */
function usualEdge(images: ImageRecord[]): number {
  const edges = images.map(({ width, height }) => Math.max(width, height)).sort((a, b) => a - b)
  return edges[edges.length >> 1] ?? 0
}

/** At most so many of the items, evenly spread. */
function spread<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / most)]!)
}
