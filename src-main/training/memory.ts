import { totalmem } from 'node:os'
import { JaccardError } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import { frameOf, type Extent, type Framing } from '#core/learning/frame'

/** A frame's colours and label. */
const BYTES_PER_PIXEL = 4
/** Part of the machine's memory that the frames of a run may take; the rest is for the engine and everybody else. */
const SHARE = 1 / 2
/** Crops and input sizes that are proposed are multiples of this. */
const GRID = 32

/** Memory that the frames of a run may take, in bytes. */
export function memoryForFrames(): number {
  const constrained = process.constrainedMemory()
  return SHARE * (constrained > 0 ? Math.min(constrained, totalmem()) : totalmem())
}

/** Pixels that images have together as a network sees them. */
export function pixelsOf(images: Extent[], framing: Framing): number {
  return images.reduce((sum, image) => {
    const { width, height } = frameOf(framing, image)
    return sum + width * height
  }, 0)
}

/**
 * Why a run with these images does not fit into memory, where a trainer keeps all of its frames, and what would; null
 * if it does.
 *
 * @param images Of training and validation. @param memory In bytes.
 */
export function memoryObstacle(
  images: Extent[],
  config: Pick<TrainConfig, 'size' | 'crop'>,
  memory = memoryForFrames()
): JaccardError | null {
  const { size, crop } = config
  const needed = BYTES_PER_PIXEL * pixelsOf(images, config)
  if (needed <= memory) return null
  const fits = (framing: Framing) => BYTES_PER_PIXEL * pixelsOf(images, framing) <= memory
  const remedies: string[] = []
  if (crop === null) {
    let smaller = GRID * Math.floor((size * Math.sqrt(memory / needed)) / GRID)
    while (smaller >= GRID && !fits({ size: smaller, crop })) smaller -= GRID
    if (smaller >= GRID) remedies.push(`an input size of ${smaller}`)
  } else {
    let larger = GRID * Math.ceil((crop * Math.sqrt(needed / memory)) / GRID)
    while (!fits({ size, crop: larger }) && larger < LARGEST_CROP) larger += GRID
    if (larger <= LARGEST_CROP) remedies.push(`crops of ${larger} px`)
    if (fits({ size, crop: null })) remedies.push('whole images')
  }
  remedies.push('fewer images')
  return new JaccardError(
    'usage',
    `At this size the ${images.length} images of the run take ${gigabytes(needed)} of memory, and this machine has ` +
      `${gigabytes(memory)} for them; take ${remedies.join(', or ')}.`
  )
}

/** As the configuration allows. */
const LARGEST_CROP = 16384

function gigabytes(bytes: number): string {
  return `${Number((bytes / 1e9).toPrecision(2))} GB`
}
