import { candidatesFor } from '#core/learning/choice/candidates'
import { chooseArchitecture, type ArchitectureChoice, type ChoiceInput } from '#core/learning/choice/choose'
import type { Measurement } from '#core/learning/choice/measure'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { LABELLED, listImageRecords, type ImageRecord } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { inOrder } from './inOrder'

/** Measuring a label takes a tenth of a second, and after so many of them another one changes little. */
const MOST_IMAGES = 32

/**
 * Chooses networks for a project's labelled objects, from at most 32 training images spread over all of them, in
 * worker threads; remembers the measurements until a mask changes. Validation and test images are not looked at.
 *
 * @returns What chooses. @throws JaccardError `usage` for an architecture or size that does not exist
 */
export function createArchitectureChoice(
  project: Project
): (input: ChoiceInput) => Promise<ArchitectureChoice> {
  const cache = new Map<number, { revision: number; asked: string; measurement: Measurement }>()

  return async (input) => {
    const candidates = candidatesFor(input)
    const resolutions = candidates.map(({ size, stride }) => ({ size, stride }))
    const asked = JSON.stringify(resolutions)

    async function measured({ id, revision, width, height }: ImageRecord): Promise<Measurement> {
      const known = cache.get(id)
      if (known?.revision === revision && known.asked === asked) return known.measurement
      const measurement = await runPixelJob('measure', () => ({
        input: { tiles: readMask(project, id).tiles, width, height, resolutions }
      }))
      cache.set(id, { revision, asked, measurement })
      return measurement
    }

    const images = listImageRecords(project).filter(
      ({ split, state }) => split === 'train' && LABELLED.includes(state)
    )
    const measurements: Measurement[] = []
    for await (const measurement of inOrder(spread(images, MOST_IMAGES), POOL_SIZE + 1, measured)) {
      measurements.push(measurement)
    }
    return chooseArchitecture(candidates, measurements, input, images.length)
  }
}

/** At most so many of the items, evenly spread. */
function spread<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / most)]!)
}
