import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { square } from '#core/learning/frame'
import type { Quantization } from '#core/api/values'
import { parseArchitecture } from '#core/network/architecture'
import { resampleImage } from '#core/learning/resample'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { bundleContents, type TrainedModel } from '#main/exchange/bundle/contents'
import { writeBundle } from '#main/exchange/bundle/folder'
import type { WebParts } from '#main/exchange/bundle/parts'
import { checkBundle } from '#main/exchange/verify/check'
import { runHeadless } from '#main/exchange/verify/headless'
import { createSession, type Verification } from '#main/exchange/verify/session'
import { sessionFiles } from '#main/exchange/verify/files'
import { encode } from '../../../fixtures/images'
import {
  appProbabilities,
  buildWebParts,
  randomWeights,
  testImage,
  trainedModel
} from '../../../fixtures/models'
import { temporaryFolder } from '../../../fixtures/temporary'

const SIZE = 32
const browser = await findBrowser()
let parts: WebParts

beforeAll(async () => {
  await tf.setBackend('cpu')
  parts = await buildWebParts()
})

/** Exported by one network, checked against the predictions of another one, which is the same unless given. */
async function check(
  exported: TrainedModel,
  quantization: Quantization,
  app = exported
): Promise<Verification> {
  const folder = await writeBundle(
    join(temporaryFolder(), 'model'),
    await bundleContents(exported, quantization, parts.bundle)
  )
  const bundle = await checkBundle(folder, parts.bundle)
  // Larger, of the same size and smaller than the network's square, and not square themselves.
  const pictures = [
    { pixels: testImage(48), width: 48, height: 48 },
    { pixels: testImage(SIZE), width: SIZE, height: SIZE },
    { pixels: testImage(24).subarray(0, 24 * 17 * 3), width: 24, height: 17 }
  ]
  const images = pictures.map(({ pixels, width, height }, i) => ({
    name: `${i}.png`,
    ...square(SIZE),
    label: Uint8Array.from({ length: SIZE * SIZE }, (_, k) => (k % SIZE < SIZE / 2 ? 1 : 0)),
    encode: async () => ({
      bytes: new Uint8Array(await encode('png', pixels, width, height)),
      type: 'image/png'
    })
  }))
  const predictions = pictures.map(({ pixels, width, height }) =>
    appProbabilities(app, resampleImage(pixels, width, height, 3, square(SIZE)))
  )
  return createSession({
    images,
    predictions: Promise.all(predictions),
    threshold: bundle.info.threshold,
    quantization,
    files: sessionFiles(parts, bundle)
  })
}

function network(architecture: string, outputs: 1 | 2, seed = 3): TrainedModel {
  const spec = parseArchitecture(architecture, SIZE, outputs)
  return trainedModel({ spec, weights: randomWeights(spec, seed) })
}

describe('a check in a browser without a window', () => {
  it('finds that an exported model predicts as the app does', async ({ skip }) => {
    skip(!browser, INSTALL_BROWSER)
    const report = await runHeadless(await check(network('UNet-xs', 2), 'none'))
    expect(report).toMatchObject({ images: 3, tolerance: 1e-4, passed: true })
    expect(report.maxProbabilityDifference).toBeLessThan(1e-5)
    expect(report.computedBy).toMatch(/^\w+ \d+, tfjs (webgl|cpu)/)
  })

  it('finds the same with one logit and a transposed convolution, and with weights of 8 bits', async ({
    skip
  }) => {
    skip(!browser, INSTALL_BROWSER)
    const report = await runHeadless(await check(network('VGG6xs-Fc6-k1-16-Deconv-k16s8', 1), 'uint8'))
    expect(report).toMatchObject({ images: 3, passed: true })
    expect(report.maxProbabilityDifference).toBeGreaterThan(1e-5)
  })

  it('finds out that it is another model', async ({ skip }) => {
    skip(!browser, INSTALL_BROWSER)
    const report = await runHeadless(await check(network('UNet-xs', 2), 'none', network('UNet-xs', 2, 4)))
    expect(report.passed).toBe(false)
    expect(report.maxProbabilityDifference).toBeGreaterThan(0.01)
  })

  it('leaves neither a process nor a file behind, also when cancelled', async ({ skip }) => {
    skip(!browser, INSTALL_BROWSER)
    const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith('jaccard-browser-'))
    const before = profiles()
    const running = runHeadless(await check(network('UNet-xs', 2), 'none'), AbortSignal.timeout(300))
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(profiles()).toEqual(before)
  })

  it('says what to install where there is no browser', async () => {
    const own = process.env['CHROME_PATH']
    process.env['CHROME_PATH'] = '/nowhere/chrome'
    try {
      await expect(runHeadless(await check(network('UNet-xs', 1), 'none'))).rejects.toMatchObject({
        code: 'missing-part',
        message: expect.stringContaining('apt-get install chromium')
      })
    } finally {
      if (own === undefined) delete process.env['CHROME_PATH']
      else process.env['CHROME_PATH'] = own
    }
  })

  it('says so where the browser ends at once', async ({ skip }) => {
    skip(process.platform === 'win32', 'the stand-in for a browser is a shell script')
    const file = join(await mkdtemp(join(temporaryFolder(), 'bin-')), 'chrome')
    await writeFile(file, '#!/bin/sh\necho "cannot open display" >&2\nexit 3\n', { mode: 0o755 })
    expect(await readFile(file, 'utf8')).toContain('exit 3')
    const own = process.env['CHROME_PATH']
    process.env['CHROME_PATH'] = file
    try {
      await expect(runHeadless(await check(network('UNet-xs', 1), 'none'))).rejects.toMatchObject({
        code: 'missing-part',
        message: expect.stringMatching(/ended before.*code 3.*cannot open display/)
      })
    } finally {
      if (own === undefined) delete process.env['CHROME_PATH']
      else process.env['CHROME_PATH'] = own
    }
  })
})
