import type { TrainConfig } from '#core/learning/config'
import type { Range } from '#core/learning/contrast'

/** What is chosen beside the network: how images are made ready, and how they are varied. */
export type PreparationChoice = Pick<TrainConfig, 'autoContrast' | 'rotation' | 'zoom' | 'brightness'>

export function preparationOf({
  autoContrast,
  rotation,
  zoom,
  brightness
}: PreparationChoice): PreparationChoice {
  return { autoContrast, rotation, zoom, brightness }
}

/** So many times brighter are the brightest images than the darkest before their exposure counts as different. */
const DIFFERENT = 1.5
/** Levels of 256 below which an image is flat. */
const FLAT = 128
/** Fewer training images than this show too little of what there is. */
const FEW = 200

/**
 * Whether each image gets its full contrast, and whether the images are turned, zoomed and brightened at random, with
 * the reasons in sentences.
 *
 * @param ranges Of training images, at least one. @param images Training images that there are.
 */
export function choosePreparation(
  ranges: Range[],
  images: number
): { settings: PreparationChoice; because: string[] } {
  const brightest = ranges.map(({ high }) => high).sort((a, b) => a - b)
  const [dark, bright] = [at(brightest, 0.1), at(brightest, 0.9)]
  const levels = at(
    ranges.map(({ low, high }) => high - low).sort((a, b) => a - b),
    0.5
  )
  const because: string[] = []
  const isDifferent = bright > DIFFERENT * Math.max(1, dark)
  if (isDifferent) {
    because.push(
      `Your images differ in brightness (the brightest value is ${dark} in some, ${bright} in others), so each gets ` +
        `its full contrast.`
    )
  } else if (levels < FLAT) {
    because.push(`Your images use ${levels} of 256 levels, so each gets its full contrast.`)
  }
  const isFew = images < FEW
  if (isFew) {
    because.push(
      `${images} training ${images === 1 ? 'image is' : 'images are'} few, so they are turned, zoomed and brightened ` +
        `at random.`
    )
  }
  return {
    settings: {
      autoContrast: isDifferent || levels < FLAT,
      ...(isFew ? { rotation: 180, zoom: 1.25, brightness: 0.2 } : { rotation: 0, zoom: 1, brightness: 0 })
    },
    because
  }
}

/** The value below which this share of them lies. */
function at(sorted: number[], share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))]!
}
