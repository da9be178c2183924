import { augment, batchAugmentations, type AugmentationLimits, type Corner } from '#core/learning/augment'
import type { Sample } from '#core/learning/sample'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

/** Examples on the sheet. */
export const EXAMPLES = 8

/** What a training step could make of a crop of a sample, one example at a time. @param size Edge of the crop. */
export function* augmentedExamples(
  sample: Sample,
  size: number,
  limits: AugmentationLimits,
  seed: number,
  corner: Corner = { left: 0, top: 0 }
): Generator<Pick<Sample, 'image' | 'label'>> {
  for (const augmentation of batchAugmentations(limits, EXAMPLES, seed, 1)) {
    const image = new Uint8Array(3 * size * size)
    const label = new Uint8Array(size * size)
    augment(sample, size, augmentation, image, label, corner)
    yield { image, label }
  }
}

/** How much of the light is left where nothing is learned. */
const DIMMED = 0.35

/**
 * Paints a sample with the outline of its foreground; what is unknown is dimmed.
 *
 * @param target `[size, size, 4]`, RGBA; wholly overwritten. @param outline Red, green, blue.
 */
export function paintOutlined(
  target: Uint8ClampedArray,
  { image, label }: Pick<Sample, 'image' | 'label'>,
  size: number,
  outline: readonly [number, number, number]
): void {
  for (let i = 0; i < label.length; i++) {
    const edge = label[i] === FOREGROUND && isEdge(label, size, i)
    const light = label[i] === UNKNOWN ? DIMMED : 1
    for (let c = 0; c < 3; c++) target[4 * i + c] = edge ? outline[c]! : light * image[3 * i + c]!
    target[4 * i + 3] = 255
  }
}

/** Whether a neighbour to the side, above or below is not foreground. */
function isEdge(label: Uint8Array, size: number, at: number): boolean {
  const x = at % size
  return (
    (x > 0 && label[at - 1] !== FOREGROUND) ||
    (x + 1 < size && label[at + 1] !== FOREGROUND) ||
    (at >= size && label[at - size] !== FOREGROUND) ||
    (at + size < label.length && label[at + size] !== FOREGROUND)
  )
}
