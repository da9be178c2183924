import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { exportModel } from '#main/exchange/bundle'
import type { Preprocess } from '#main/exchange/bundle/format'
import type { WebParts } from '#main/exchange/bundle/parts'
import { createVerification, verify } from '#main/exchange/verify'
import { loadSharp } from '#main/images/sharp.node'
import type { Project } from '#main/store/project'
import { encode, encodeGrey16 } from '../../fixtures/images'
import { buildWebParts, testImage } from '../../fixtures/models'
import { temporaryFolder } from '../../fixtures/temporary'
import { predictionsHere, saveRandomCheckpoint, trainedProject } from '../../fixtures/trainedProject'

const browser = await findBrowser()
let parts: WebParts
let project: Project
let runId: number
let folder: string

/** One image of each kind that browsers and the app could read differently. */
async function awkwardImages(): Promise<Record<string, Uint8Array>> {
  const rgb = testImage(48)
  const rgba = Uint8Array.from({ length: 48 * 48 * 4 }, (_, i) =>
    i % 4 === 3 ? (i * 7) % 256 : rgb[3 * Math.floor(i / 4) + (i % 4)]!
  )
  const grey16 = Uint16Array.from({ length: 40 * 30 }, (_, i) => 1000 + 17 * i)
  return {
    'plain.png': await encode('png', rgb, 48, 48),
    'palette.png': await encode('png', rgb, 48, 48, { palette: true }),
    'photo.jpg': await encode('jpeg', rgb, 48, 48, { quality: 60 }),
    'lossy.webp': await encode('webp', rgb, 48, 48, { quality: 50 }),
    'scan.tiff': await encode('tiff', rgb, 48, 48, { compression: 'lzw' }),
    'deep.png': await encodeGrey16('png', grey16, 40, 30),
    'see-through.png': await loadSharp()(rgba, { raw: { width: 48, height: 48, channels: 4 } })
      .png()
      .toBuffer()
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu')
  parts = await buildWebParts()
  ;({ project, runId } = await trainedProject(await awkwardImages()))
  folder = (await exportModel(project, runId, join(temporaryFolder(), 'model'), { parts })).folder
})

describe('checking an exported model against its project', () => {
  it('passes on the run’s validation images, whatever kind of file they are', async ({ skip }) => {
    skip(!browser, INSTALL_BROWSER)
    const report = await verify(project, predictionsHere(project), folder, { parts })
    expect(report).toMatchObject({ images: 7, tolerance: 1e-4, passed: true })
    expect(report.maxProbabilityDifference).toBeLessThan(1e-5)
  })

  it('passes with crops and auto contrast, on whole images of several tiles and on one that is smaller than a tile', async ({
    skip
  }) => {
    skip(!browser, INSTALL_BROWSER)
    const images = {
      'large.png': await encode('png', testImage(150).subarray(0, 3 * 150 * 90), 150, 90),
      'small.png': await encode('png', testImage(40), 40, 40)
    }
    const cropped = await trainedProject(images, { crop: 48, autoContrast: true })
    const target = join(temporaryFolder(), 'model')
    await exportModel(cropped.project, cropped.runId, target, { parts })
    const { input } = JSON.parse(await readFile(join(target, 'preprocess.json'), 'utf8')) as Preprocess
    expect(input).toMatchObject({
      size: 32,
      crop: 48,
      overlap: 8,
      autoContrast: true,
      resize: { rule: 'scale-triangle' }
    })
    const readme = await readFile(join(target, 'README.md'), 'utf8')
    expect(readme).toContain('share at least 8 pixels')
    expect(readme).toContain('pictures of full contrast')
    const report = await verify(cropped.project, predictionsHere(cropped.project), target, { parts })
    expect(report).toMatchObject({ images: 2, passed: true })
    expect(report.maxProbabilityDifference).toBeLessThan(1e-5)
  })

  it('fails when the run has found a better model since', async ({ skip }) => {
    skip(!browser, INSTALL_BROWSER)
    const later = await trainedProject({ 'plain.png': await encode('png', testImage(48), 48, 48) })
    const target = join(temporaryFolder(), 'model')
    await exportModel(later.project, later.runId, target, { parts })
    saveRandomCheckpoint(later.project, later.runId, 4)
    const report = await verify(later.project, predictionsHere(later.project), target, { parts })
    expect(report).toMatchObject({ images: 1, passed: false })
  })

  it('refuses to run a script that this version did not write', async () => {
    const target = join(temporaryFolder(), 'model')
    await exportModel(project, runId, target, { parts })
    await writeFile(join(target, 'jaccard.js'), 'fetch("https://example.org")')
    await expect(
      createVerification(project, predictionsHere(project), target, { parts })
    ).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('jaccard.js')
    })
  })

  it('refuses the model of another run, of another project and of no images', async () => {
    const predictions = predictionsHere(project)
    await expect(
      createVerification(project, predictions, folder, { parts, runId: runId + 1 })
    ).rejects.toMatchObject({ code: 'conflict' })

    const without = await trainedProject({})
    const target = join(temporaryFolder(), 'model')
    await exportModel(without.project, without.runId, target, { parts })
    await expect(createVerification(without.project, predictions, target, { parts })).rejects.toMatchObject({
      message: expect.stringContaining('no validation images')
    })
    without.project.run('DELETE FROM run')
    await expect(createVerification(without.project, predictions, target, { parts })).rejects.toMatchObject({
      code: 'not-found'
    })
  })
})
