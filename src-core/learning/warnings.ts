import { isOverlap, type TrainConfig } from '#core/learning/config'
import { percent, RARE } from '#core/learning/health'

/** Below this number of labelled images results depend on luck. */
const FEW_IMAGES = 10

/** What the warnings are about: images and foreground share of the splits that take part. */
export interface SplitBalance {
  images: number
  /** Foreground pixels over known pixels; null without images. */
  foregroundShare: number | null
}

/**
 * What is to be said of groups of images that belong together but are in several splits.
 *
 * @param torn Of each group two images from different splits.
 */
export function tornWarnings(torn: [string, string][]): string[] {
  const [example] = torn
  if (!example) return []
  const more =
    torn.length === 1 ? '' : ` and ${torn.length - 1} more ${torn.length === 2 ? 'group' : 'groups'}`
  return [
    `"${example[0]}" and "${example[1]}"${more} belong together or look alike but are in different splits, so the ` +
      `network is judged by what it has seen; draw the splits again, or move them together.`
  ]
}

/** An image that takes part in training, as far as the warnings look at it. */
export interface WarnedImage {
  name: string
  width: number
  height: number
  /** A person looked at the image and said that it shows nothing. */
  confirmedEmpty: boolean
  /** Pixels of its mask that are foreground. */
  foreground: number
}

/** What is to be said of single images: masks that may have been forgotten, and images without the detail asked for. */
export function imageWarnings(
  images: WarnedImage[],
  { size, crop }: Pick<TrainConfig, 'size' | 'crop'>
): string[] {
  const warnings: string[] = []
  const empty = images.filter(({ foreground, confirmedEmpty }) => foreground === 0 && !confirmedEmpty)
  if (empty.length > 0) {
    warnings.push(
      `${named(empty)} ${empty.length === 1 ? 'is' : 'are'} complete without any foreground, which teaches ` +
        `“nothing here”: confirm ${empty.length === 1 ? 'it' : 'them'} as empty if that is right, or paint the mask.`
    )
  }
  const small = images.filter(({ width, height }) =>
    crop === null ? width * height < size * size : width < crop && height < crop
  )
  const least = small.reduce((a, b) => (a && a.width * a.height <= b.width * b.height ? a : b), small[0])
  if (least && crop !== null) {
    warnings.push(
      `${named(small)} ${small.length === 1 ? 'is' : 'are'} smaller than the crops of ${crop} px (the smallest ` +
        `${least.width} × ${least.height}), so part of the network’s input shows nothing; smaller crops, or whole ` +
        `images, learn as much in less time.`
    )
  } else if (least) {
    warnings.push(
      `${named(small)} ${small.length === 1 ? 'has' : 'have'} fewer pixels than the network’s input of ${size} × ` +
        `${size} (the smallest ${least.width} × ${least.height}); enlarging adds no detail, so a smaller input size ` +
        `learns as much in less time.`
    )
  }
  if (crop !== null && crop < size) {
    warnings.push(
      `Crops of ${crop} px are enlarged to the network’s input of ${size} × ${size}, which adds no detail; crops of ` +
        `${size} px show the images as they are.`
    )
  }
  return warnings
}

/** `"a.png"`, `"a.png" and 2 more images` */
function named(images: WarnedImage[]): string {
  const others = images.length - 1
  return `"${images[0]!.name}"${others === 0 ? '' : ` and ${others} more ${others === 1 ? 'image' : 'images'}`}`
}

/** What may go wrong with this data, one sentence each that says what to do. */
export function dataWarnings(train: SplitBalance, validation: SplitBalance, config: TrainConfig): string[] {
  const warnings: string[] = []
  const labelled = train.images + validation.images
  if (labelled < FEW_IMAGES) {
    warnings.push(
      `Only ${labelled} ${labelled === 1 ? 'image is' : 'images are'} labelled; with fewer than ${FEW_IMAGES} ` +
        `the result depends on luck, so label more.`
    )
  } else warnings.push(...trustWarnings(validation.images))
  warnings.push(...balanceWarnings('training', train.foregroundShare))
  warnings.push(...balanceWarnings('validation', validation.foregroundShare))
  const a = train.foregroundShare
  const b = validation.foregroundShare
  if (a !== null && b !== null && a > 0 && b > 0 && Math.max(a / b, b / a) > LOPSIDED) {
    warnings.push(
      `Foreground is ${percent(a)} of the training pixels but ${percent(b)} of the validation pixels; ` +
        `check that both splits show the same kind of images.`
    )
  }
  if (isOverlap(config.loss) && train.images > 0 && config.batch < SMALL_BATCH) {
    warnings.push(
      `The loss ${config.loss} needs foreground in every batch, and a batch of ${config.batch} may have none; ` +
        `use a larger batch or the loss iou+xent.`
    )
  }
  return warnings
}

/** How much mIoU scatters between images, as a standard deviation: 0.07 to 0.11 on micrographs of nuclei. */
const USUAL_SPREAD = 0.1
/** Losses and settings mostly differ by less than this in mIoU. */
const LARGE_UNCERTAINTY = 0.1
/** Student's t for 95 %, by the number of images, from 3; with more than 6 the uncertainty is small enough. */
const STUDENT_T: Record<number, number> = { 3: 4.3, 4: 3.18, 5: 2.78, 6: 2.57 }

/** Whether so few images validate that their mean mIoU, t · spread / √n either way, tells little. */
function trustWarnings(images: number): string[] {
  if (images === 0) return []
  const t = STUDENT_T[images]
  if (t === undefined && images > 2) return []
  const width = t === undefined ? null : (t * USUAL_SPREAD) / Math.sqrt(images)
  if (width !== null && width <= LARGE_UNCERTAINTY) return []
  const how =
    width === null
      ? 'says next to nothing'
      : `is uncertain by about ±${width.toFixed(2)}, more than most settings matter`
  return [
    `With ${images} ${images === 1 ? 'image' : 'images'} to validate, mIoU ${how}; let more validate, or use ` +
      `cross-validation.`
  ]
}

/** Foreground shares of the two splits may differ by this factor before it is worth a word. */
const LOPSIDED = 4
const SMALL_BATCH = 4

function balanceWarnings(name: string, share: number | null): string[] {
  if (share === null) return []
  if (share === 0) return [`The ${name} images have no foreground at all; paint some before you train.`]
  if (share === 1) return [`The ${name} images are foreground everywhere; add some that show background.`]
  if (share < RARE) {
    return [
      `Foreground is only ${percent(share)} of the ${name} pixels; a model that always says background ` +
        `already looks good by accuracy, so watch the IoU and prefer the loss iou+xent.`
    ]
  }
  if (share > 1 - RARE) return [`Background is only ${percent(1 - share)} of the ${name} pixels.`]
  return []
}
