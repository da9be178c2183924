import { isOverlap, type TrainConfig } from '#core/learning/config'
import type { Baselines } from '#core/learning/events'
import type { CoveredObject } from '#core/mask/metrics'
import { BACKGROUND, FOREGROUND } from '#core/mask/values'
import type { Sample } from '#core/learning/sample'

/** A class with less than this share of the pixels is rare. */
export const RARE = 0.02
/** How close to the best baseline counts as having learned nothing. */
const FLAT_MARGIN = 0.01
/** With fewer validations than this there is no trend to speak of. */
const FEWEST_VALIDATIONS = 3

/**
 * Whether a run has learned nothing: the last third of its validations is no more than 0.01 mIoU better than the
 * best of the models that never look at the image. A run below them is as flat as one on their line.
 *
 * @param validations mIoU of every validation, in order.
 */
export function isFlat(validations: number[], baselines: Baselines): boolean {
  if (validations.length < FEWEST_VALIDATIONS) return false
  const best = Math.max(baselines.background, baselines.foreground, baselines.meanMask)
  return validations.slice(-Math.ceil(validations.length / 3)).every((mIoU) => mIoU <= best + FLAT_MARGIN)
}

/** Before so many steps a run may just not have got anywhere yet. */
const FEW_STEPS = 100

/** What to say of a run that was flat for all of its `steps`: that it was, and what usually helps. */
export function flatAdvice(config: TrainConfig, train: Sample[], steps: number): string {
  const share = foregroundShare(train)
  const advice = [
    ...(steps < FEW_STEPS ? [`train for more steps than ${steps}`] : []),
    `try another learning rate (now ${config.learningRate})`,
    `a larger batch (now ${config.batch})`,
    ...(isOverlap(config.loss) ? ['the loss iou+xent'] : []),
    ...(config.crop === null && share < RARE ? ['crops, if large images show small things'] : []),
    ...(share < RARE || share > 1 - RARE
      ? [`images in which foreground and background are less lopsided (foreground is ${percent(share)})`]
      : [])
  ]
  return `This model knows nothing yet: it does no better than one that never looks at the image; ${advice.join(', or ')}.`
}

/** With so much more mIoU on its training images than on others a run has learned them by heart. */
const WIDE_GAP = 0.15
/** With so much less mIoU than at its best a run has become worse. */
const FALLEN = 0.03
/** Fewer validations than this have no last third worth the name. */
const FEWEST_TO_FALL = 6

/**
 * Whether a run has learned its training images instead of what they have in common, and what helps; null if not. It
 * has where its best model scores 0.15 mIoU more on training images than on validation images; or where validation
 * fell by 0.03 mIoU from its best to the mean of its last third, while the training images were still recognised at
 * least as well.
 *
 * @param course mIoU at one half of every validation, in order; `seen` is the mIoU on training images, without
 * augmentation, by the best weights and by the last ones.
 */
export function overfitAdvice(
  config: TrainConfig,
  course: {
    validations: { step: number; mIoU: number }[]
    bestStep: number
    seen: { best: number; last: number }
  }
): string | null {
  const { validations, bestStep, seen } = course
  const best = validations.find(({ step }) => step === bestStep)?.mIoU ?? 0
  const remedies = [
    'label more images',
    ...(config.rotation === 0 || config.zoom === 1 ? ['turn, zoom and brighten them at random'] : []),
    ...(/-xs$|xs-/.test(config.architecture) ? [] : ['take a smaller network'])
  ]
  if (seen.best - best > WIDE_GAP) {
    return (
      `The model knows its training images by heart: mIoU ${seen.best.toFixed(3)} on them but ${best.toFixed(3)} ` +
      `on images that it has not seen; ${remedies.join(', or ')}.`
    )
  }
  const end = validations.slice(-Math.ceil(validations.length / 3)).map(({ mIoU }) => mIoU)
  const mean = end.reduce((sum, mIoU) => sum + mIoU, 0) / Math.max(1, end.length)
  if (validations.length < FEWEST_TO_FALL || best - mean <= FALLEN || seen.last < seen.best) return null
  return (
    `After step ${bestStep} the run went on learning its training images and became worse on others: mIoU ` +
    `${best.toFixed(3)} at its best, ${mean.toFixed(3)} in the last third; the best model is kept. Fewer steps, or a ` +
    `patience that ends the run, save the time; to get further, ${remedies.join(', or ')}.`
  )
}

/** Halves of fewer objects say nothing about sizes … */
const FEWEST_OBJECTS = 4
/** … nor do halves of which the larger objects are not much larger. */
const LARGER = 2
/** A run finds large objects if it finds so many of them … */
const MOSTLY = 0.75
/** … and misses the small ones if it finds so many fewer. */
const MISSED = 0.25

/**
 * Whether a run found the larger half of the objects but not the smaller half, and what helps; null if not: at least
 * three quarters of the larger ones, and of the smaller ones a quarter less.
 *
 * @param objects Of all validation images, as the network sees them.
 */
export function smallObjectsAdvice(config: TrainConfig, objects: CoveredObject[]): string | null {
  const bySize = [...objects].sort((a, b) => a.pixels - b.pixels)
  const half = Math.floor(bySize.length / 2)
  const [small, large] = [bySize.slice(0, half), bySize.slice(-half)]
  if (half < FEWEST_OBJECTS || pixelsOf(large) < LARGER * pixelsOf(small)) return null
  const [foundSmall, foundLarge] = [coveredOf(small), coveredOf(large)]
  if (foundLarge < MOSTLY * half || foundSmall > foundLarge - MISSED * half) return null
  const entropy = config.loss === 'xent' || config.loss === 'bce'
  const remedies = [
    ...(entropy ? ['try the loss iou+xent'] : []),
    ...finerThan(config),
    ...(config.architecture.startsWith('VGG')
      ? ['the architecture UNet-xs, which follows fine outlines']
      : [])
  ]
  return (
    `${entropy ? 'Cross entropy ignored the small objects' : 'The small objects were missed'}: of the ${half} smaller ` +
    `ones (up to ${small.at(-1)!.pixels} pixels at the network’s size) ${foundSmall} were found, of the ${half} larger ` +
    `ones ${foundLarge}; ${remedies.join(', or ')}.`
  )
}

/** How to see finer things than with these settings. */
function finerThan({ size, crop }: TrainConfig): string[] {
  if (crop === null)
    return [`a larger input size than ${size}`, 'crops, if the images have more pixels than that']
  return crop > size ? [`smaller crops than ${crop} px, down to ${size}`] : []
}

const pixelsOf = (objects: CoveredObject[]) => objects.reduce((sum, { pixels }) => sum + pixels, 0)
const coveredOf = (objects: CoveredObject[]) => objects.filter(({ covered }) => covered).length

/** Whether a label has any foreground pixel. */
export function hasForeground(label: Uint8Array): boolean {
  return label.includes(FOREGROUND)
}

function foregroundShare(samples: Sample[]): number {
  let foreground = 0
  let background = 0
  for (const { label } of samples) {
    for (const value of label) {
      if (value === FOREGROUND) foreground++
      else if (value === BACKGROUND) background++
    }
  }
  return foreground / Math.max(1, foreground + background)
}

/** A share in words, with two digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
