import { rmSync } from 'node:fs'
import type { Split } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { createRandom } from '#core/learning/random'
import { maskOf } from '#core/mask/tiles'
import { encodeRgbPng } from '#main/images/encode'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { insertImage, setSplit, sha256 } from '#main/store/images'
import { replaceMask } from '#main/store/masks'
import { createProject } from '#main/store/open'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'
import settings from '../../resources/sample.json' with { type: 'json' }
import type { PictureRequest } from './sample/picture'

/** A picture of the sample project with its name and split. */
interface SamplePicture {
  baseName: string
  split: Split
  request: PictureRequest
}

/** What the sample project consists of; the shares of foreground are spread evenly over their range. */
function plan(): SamplePicture[] {
  const { seed, width, height } = settings
  return (['train', 'validation'] as const).flatMap((split, part) => {
    const { images, foreground } = settings[split]
    const [low, high] = foreground as [number, number]
    const shares = Array.from({ length: images }, (_, i) => low + ((high - low) * (i + 0.5)) / images)
    const before = part === 0 ? 0 : settings.train.images
    return createRandom(seed, 'shares', split)
      .shuffle(shares)
      .map((share, i) => {
        const baseName = `beans-${String(before + i + 1).padStart(2, '0')}`
        return { baseName, split, request: { seed, index: before + i, width, height, foreground: share } }
      })
  })
}

/**
 * Makes the sample project: generated pictures of beans between things of the same colours, with exact masks, all
 * complete, 32 to train and 8, with three times as much foreground, to validate. The pictures are the same at
 * every call.
 *
 * @param options.onProgress Called after each picture.
 * @returns The project, open.
 * @throws JaccardError as `createProject` does, or `cancelled`; then there is no file.
 */
export async function createSample(
  path: string,
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {}
): Promise<Project> {
  const project = await createProject(path)
  try {
    const pictures = plan()
    let done = 0
    for await (const store of inOrder(pictures, POOL_SIZE + 1, (picture) => paint(project, picture))) {
      if (options.signal?.aborted)
        throw new JaccardError('cancelled', 'Making the sample project was cancelled.')
      store()
      options.onProgress?.(++done, pictures.length)
    }
    return project
  } catch (error) {
    project.close()
    rmSync(project.path, { force: true })
    throw error
  }
}

/** Paints one picture; the function that comes back puts it into the project. */
async function paint(project: Project, { baseName, split, request }: SamplePicture): Promise<() => void> {
  const { width, height } = request
  const { rgb, mask, fingerprint } = await runPixelJob('samplePicture', () => ({ input: request }))
  const bytes = await encodeRgbPng(rgb, width, height)
  const image = {
    name: `${baseName}.png`,
    baseName,
    sha: await sha256(bytes),
    bytes,
    linkedPath: null,
    format: 'png',
    width,
    height,
    bitDepth: 8,
    windowLow: null,
    windowHigh: null,
    fingerprint
  }
  return () =>
    project.transaction(() => {
      const id = insertImage(project, image)
      replaceMask(project, id, maskOf(mask, width, height), { tool: 'import', state: 'complete' })
      setSplit(project, [id], split)
    })
}
