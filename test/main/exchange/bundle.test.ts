import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportModel } from '#main/exchange/bundle'
import { preprocess } from '#main/exchange/bundle/format'
import { readWebParts, type WebParts } from '#main/exchange/bundle/parts'
import type { Project } from '#main/store/project'
import { createRun } from '#main/store/runs'
import { encode } from '../../fixtures/images'
import { buildWebParts, testImage } from '../../fixtures/models'
import { temporaryFolder } from '../../fixtures/temporary'
import { trainedProject } from '../../fixtures/trainedProject'

let parts: WebParts
let project: Project
let runId: number

beforeAll(async () => {
  parts = await buildWebParts()
  ;({ project, runId } = await trainedProject({ 'leaf.png': await encode('png', testImage(32), 32, 32) }))
})

describe('exporting a run', () => {
  it('writes a folder that is complete and reports it', async () => {
    const target = join(temporaryFolder(), 'model')
    const report = await exportModel(project, runId, target, { quantize: 'none', parts })
    expect(report.folder).toBe(target)
    const names = [
      'README.md',
      'index.html',
      'jaccard.js',
      'jaccard.mjs',
      'model-embedded.js',
      'model.json',
      'preprocess.json',
      'tf.LICENSE.txt',
      'tf.min.js',
      'weights-1of1.bin'
    ]
    expect((await readdir(target)).sort()).toEqual(names)
    for (const { name, bytes } of report.files) expect((await stat(join(target, name))).size).toBe(bytes)
    expect(report.files.map(({ name }) => name).sort()).toEqual(names)
  })

  it('takes what it says of the model from the run', async () => {
    const { folder } = await exportModel(project, runId, join(temporaryFolder(), 'model'), { parts })
    const info = preprocess.parse(JSON.parse(await readFile(join(folder, 'preprocess.json'), 'utf8')))
    expect(info).toMatchObject({
      name: 'test',
      threshold: 0.375,
      quantization: 'none',
      output: { head: 'softmax' },
      training: {
        run: runId,
        architecture: 'UNet-xs',
        loss: 'iou+xent',
        seed: 7,
        step: 300,
        engine: 'tfjs-wasm'
      }
    })
    expect(info.training.metrics?.iou1).toBe(0.7)
  })

  it('needs nothing from the network: no script or style of the page has an address elsewhere', async () => {
    const { folder } = await exportModel(project, runId, join(temporaryFolder(), 'model'), { parts })
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
    expect(addresses.sort()).toEqual(['data:,', 'jaccard.js', 'tf.min.js'])
  })

  it('refuses a run without a checkpoint and a run that is not there, and writes nothing', async () => {
    const folder = temporaryFolder()
    const { config } = (await trainedProject({})).project.get<{ config: string }>('SELECT config FROM run')!
    const empty = createRun(project, { config: JSON.parse(config), versions: {}, images: [] })
    for (const id of [empty, 999]) {
      await expect(exportModel(project, id, join(folder, 'model'), { parts })).rejects.toMatchObject({
        code: 'not-found'
      })
    }
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses a folder with other files in it', async () => {
    const folder = temporaryFolder()
    await mkdir(join(folder, 'holiday'))
    await expect(exportModel(project, runId, folder, { parts })).rejects.toMatchObject({ code: 'conflict' })
    expect(await readdir(folder)).toEqual(['holiday'])
  })
})

describe('the built browser files', () => {
  it('are asked for in one sentence where they are missing', async () => {
    await expect(readWebParts(join(temporaryFolder(), 'web'))).rejects.toMatchObject({
      code: 'missing-part',
      message: expect.stringContaining('npm run build')
    })
  })
})
