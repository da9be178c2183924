import type { CropExample } from '#core/api/values'
import type { Corner } from '#core/learning/augment'
import type { Preparation } from '#core/learning/frame'
import type { Sample } from '#core/learning/sample'
import { tilesOf } from '#core/learning/tiles'
import { FOREGROUND } from '#core/mask/values'
import { LABELLED, listImageRecords } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { prepareLabelled } from './samples'

/** How much of the frame comes along on each side of the crop, in its edges: what turning and shrinking may show. */
const AROUND = 1.5

/**
 * A training image as a network sees it, to show what augmentation makes of it: the first one with foreground, of a
 * large one the crop with the most of it.
 *
 * @returns Null while no labelled image is in the training split.
 */
export async function exampleSample(project: Project, preparation: Preparation): Promise<CropExample | null> {
  const images = listImageRecords(project).filter(
    ({ split, state }) => split === 'train' && LABELLED.includes(state)
  )
  const image = images.find(({ foregroundShare }) => foregroundShare > 0) ?? images[0]
  if (!image) return null
  const { tiles } = readMask(project, image.id)
  const labelled = [{ image, split: 'train' as const, tiles }]
  for await (const sample of prepareLabelled(project, labelled, preparation)) {
    return around(sample, bestCorner(sample, preparation.size), preparation.size)
  }
  return null
}

function bestCorner(sample: Sample, size: number): Corner {
  const corners = tilesOf(sample, size).map(({ across, down }) => ({ left: across.start, top: down.start }))
  const foreground = ({ left, top }: Corner) => {
    let count = 0
    const right = Math.min(sample.width, left + size)
    for (let y = top; y < Math.min(sample.height, top + size); y++) {
      for (let x = left; x < right; x++) if (sample.label[y * sample.width + x] === FOREGROUND) count++
    }
    return count
  }
  const counts = corners.map(foreground)
  return corners[counts.indexOf(Math.max(...counts))]!
}

function around(sample: Sample, { left, top }: Corner, size: number): CropExample {
  const margin = Math.round(AROUND * size)
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)]
  const width = Math.min(sample.width, left + size + margin) - x
  const height = Math.min(sample.height, top + size + margin) - y
  const part = (pixels: Uint8Array, channels: number) => {
    const rows = new Uint8Array(width * height * channels)
    for (let row = 0; row < height; row++) {
      const from = ((y + row) * sample.width + x) * channels
      rows.set(pixels.subarray(from, from + width * channels), row * width * channels)
    }
    return rows
  }
  return {
    sample: {
      imageId: sample.imageId,
      width,
      height,
      image: part(sample.image, 3),
      label: part(sample.label, 1)
    },
    corner: { left: left - x, top: top - y }
  }
}
