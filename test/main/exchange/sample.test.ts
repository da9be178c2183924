import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flatten } from '#core/mask/tiles'
import { createSample } from '#main/exchange/sample'
import { samplePicture, type PictureRequest } from '#main/exchange/sample/picture'
import { decodeRgb } from '#main/images/decode'
import { encodeRgbPng } from '#main/images/encode'
import { classBalance, listImageRecords, readImageBytes, sha256 } from '#main/store/images'
import { loadMask } from '#main/store/masks'
import type { Project } from '#main/store/project'

let folder: string
let project: Project

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jaccard-sample-'))
  project = await createSample(join(folder, 'sample.jaccard'))
}, 60_000)
afterAll(async () => {
  project.close()
  await rm(folder, { recursive: true, force: true })
})

const request = { seed: 3, index: 5, width: 160, height: 120, foreground: 0.25 }

describe('the sample project', () => {
  it('has 40 complete pictures, their split chosen', () => {
    const images = listImageRecords(project)
    expect(images).toHaveLength(40)
    expect(new Set(images.map(({ sha }) => sha)).size).toBe(40)
    for (const image of images) {
      expect(image).toMatchObject({ width: 320, height: 240, state: 'complete', splitOwnChoice: true })
      expect(image.split).not.toBeNull()
    }
  })

  it('has about 13 % of foreground in training and 40 % in validation', () => {
    const { train, validation } = classBalance(project)
    expect(train.images).toBe(32)
    expect(validation.images).toBe(8)
    expect(Math.abs(train.foregroundShare! - 0.13)).toBeLessThan(0.01)
    expect(Math.abs(validation.foregroundShare! - 0.4)).toBeLessThan(0.02)
  })

  it('has masks that lie on the pictures: along their outline the colour changes', async () => {
    for (const { id, name } of listImageRecords(project).filter(({ split }) => split === 'validation')) {
      const { data, width, height } = await decodeRgb({ name, bytes: await readImageBytes(project, id) })
      const mask = flatten(loadMask(project, id))
      const step = (i: number) =>
        Math.abs(data[i * 3]! - data[i * 3 + 3]!) + Math.abs(data[i * 3 + 1]! - data[i * 3 + 4]!)
      const mean = (pixels: number[]) => pixels.reduce((sum, i) => sum + step(i), 0) / pixels.length
      const inner = Array.from({ length: width * height - 1 }, (_, i) => i).filter(
        (i) => (i + 1) % width !== 0
      )
      const outline = inner.filter((i) => mask[i] !== mask[i + 1])
      expect(outline.length).toBeGreaterThan(500)
      expect(mean(outline), name).toBeGreaterThan(1.5 * mean(inner))
    }
  })

  it('cannot be told by colour: a bean’s colours are also on the ground', () => {
    const { rgb, mask } = samplePicture({ seed: 20, index: 2, width: 320, height: 240, foreground: 0.13 })
    const bins = new Map<number, { foreground: number; background: number }>()
    for (let i = 0; i < mask.length; i++) {
      const bin = ((rgb[i * 3]! >> 5) << 6) | ((rgb[i * 3 + 1]! >> 5) << 3) | (rgb[i * 3 + 2]! >> 5)
      const counts = bins.get(bin) ?? { foreground: 0, background: 0 }
      counts[mask[i] ? 'foreground' : 'background']++
      bins.set(bin, counts)
    }
    // The best rule that looks at each pixel's colour alone, fitted to this very picture.
    let [hits, union] = [0, 0]
    for (const { foreground, background } of bins.values()) {
      if (foreground > background) {
        hits += foreground
        union += background
      }
      union += foreground
    }
    expect(hits / union).toBeLessThan(0.9)
  })

  it('comes out the same each time, down to the bytes of the files', async () => {
    const fileOf = async (of: PictureRequest) => {
      const { rgb, mask } = samplePicture(of)
      return [await sha256(await encodeRgbPng(rgb, of.width, of.height)), await sha256(mask)]
    }
    const first = await fileOf(request)
    expect(await fileOf(request)).toEqual(first)
    expect(await fileOf({ ...request, seed: 4 })).not.toEqual(first)
    expect(await fileOf({ ...request, index: 6 })).not.toEqual(first)
  })

  it('leaves no file behind when it is cancelled', async () => {
    const controller = new AbortController()
    const path = join(folder, 'cancelled.jaccard')
    const making = createSample(path, {
      signal: controller.signal,
      onProgress: (done) => done === 2 && controller.abort()
    })
    await expect(making).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([])
  })

  it('does not replace a file', async () => {
    await expect(createSample(join(folder, 'sample.jaccard'))).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(join(folder, 'sample.jaccard'))).toBe(true)
  })
})
