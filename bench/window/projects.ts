import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '#core/learning/random'
import { maskOf } from '#core/mask/tiles'
import { fileOf } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { insertImage, setState, sha256 } from '#main/store/images'
import { replaceMask } from '#main/store/masks'
import { createProject } from '#main/store/open'
import { keptFolder } from './open'

/** A selector of the canvas that shows this image, once it has arrived. */
export function canvasOf(name: string): string {
  return `[role="application"][aria-busy="false"][aria-label^="${name}"]`
}

/** The image that is painted on. */
export const LARGE = { x: 0, y: 0, width: 4000, height: 3000 }
/** Of the brush that paints there. */
export const DIAMETER = 60

/** A picture for a project. */
export interface BenchPicture {
  name: string
  format: string
  bytes: Uint8Array
  width: number
  height: number
  /** `[height, width]`, 1 is foreground; null leaves the image untouched. */
  mask: Uint8Array | null
}

/** Pictures that are made at the same time. */
const AT_ONCE = 50

/** A project of so many pictures; made once and kept. @returns Its file, which is not to be written to. */
export async function keptProject(
  name: string,
  count: number,
  pictureOf: (number: number) => Promise<BenchPicture>
): Promise<string> {
  const kept = await keptFolder()
  const file = join(kept, `${name}.jaccard`)
  if (existsSync(file)) return file
  const partial = join(kept, `making-${name}.jaccard`)
  await rm(partial, { force: true })
  const project = await createProject(partial)
  project.run('PRAGMA synchronous = OFF')
  for (let start = 0; start < count; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, i) => start + i)
    const pictures = await Promise.all(
      numbers.map(async (number) => {
        const picture = await pictureOf(number)
        return { ...picture, number, sha: await sha256(picture.bytes) }
      })
    )
    project.transaction(() => {
      for (const { mask, number, ...picture } of pictures) {
        const id = insertImage(project, {
          ...{ ...picture, baseName: picture.name.replace(/\.\w+$/, ''), linkedPath: null },
          ...{ bitDepth: 8, windowLow: null, windowHigh: null },
          fingerprint: Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + number * 31) % 256)
        })
        if (mask === null) continue
        replaceMask(project, id, maskOf(mask, picture.width, picture.height), { tool: 'import' })
        setState(project, [id], 'complete')
      }
    })
  }
  project.close()
  await rename(partial, file)
  return file
}

/** A project of the one large image. @returns Its file, which is not to be written to. */
export function largeProject(): Promise<string> {
  const { width, height } = LARGE
  return keptProject('large', 1, async () => ({
    ...{ name: 'large.jpg', format: 'jpeg', width, height, mask: null },
    bytes: await photo(1, width, height)
  }))
}

/** A photograph of clouds and grain, which JPEG makes as small as those of cameras; no two are alike. */
export async function photo(number: number, width: number, height: number): Promise<Uint8Array> {
  const random = createRandom(number, 'photo')
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)]
  const grain = Uint8Array.from({ length: w * h * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % w, Math.floor(i / 3 / w)]
    return 110 + 70 * Math.sin(x / 37 + number) * Math.cos(y / 29) + random.integer(40)
  })
  const picture = loadSharp()(grain, { raw: { width: w, height: h, channels: 3 } })
  return fileOf(picture.resize({ width, height, fit: 'fill', kernel: 'cubic' }).jpeg({ quality: 85 }))
}
