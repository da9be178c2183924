import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TrainConfig } from '#core/learning/config'
import { writeReport } from '#main/exchange/report'
import { gatherReport } from '#main/exchange/report/contents'
import { layOut } from '#main/exchange/report/layout'
import { loadSharp } from '#main/images/sharp.node'
import { keepWeights, readWeights } from '#main/store/keptWeights'
import { setThreshold, updateRun } from '#main/store/runs'
import { createPredictions, type Predictions } from '#main/training/predictions'
import { createTraining } from '#main/training/service'
import type { Project } from '#main/store/project'
import { addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'
import { temporaryFolder } from '../../fixtures/temporary'

const config: TrainConfig = { ...oneWeightConfig, batch: 4, steps: 24, learningRate: 0.5 }
/** Nothing, then everything wrong, then right. */
const script = [0, 0, 0, 0, -1, ...Array.from({ length: 19 }, () => 2)]

let project: Project
let predictions: Predictions

// Two runs with different losses on six training and three validation pictures.
beforeAll(async () => {
  project = await temporaryProject()
  await addDiscs(project, 6, 3)
  const trainers = localTrainers(oneWeightEngine({ script }))
  const training = createTraining(project, { trainers })
  for (const loss of ['iou', 'xent'] as const) {
    const runId = training.start({ ...config, loss })
    for await (const event of training.subscribe(runId, new AbortController().signal)) void event
  }
  predictions = createPredictions(project, trainers.start)
  await training.close()
})

const gather = (runIds: number[], choice: { imageId?: number; steps?: number[] } = {}) =>
  gatherReport({ project, predictions }, { runIds, imageId: null, steps: null, ...choice })

const write = (runIds: number[], folder: string) =>
  writeReport({ project, predictions }, { runIds, imageId: null, steps: null }, folder)

/** A PNG as a person’s viewer decodes it. */
async function decoded(file: string | Buffer) {
  const { data, info } = await loadSharp()(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)]
  }
}

describe('what a report tells', () => {
  it('has every validation sample, and metrics at the run’s threshold', async () => {
    const { samples, runs } = await gather([1, 2])
    expect(samples.rows.map(({ name }) => name)).toEqual(['disc-7.png', 'disc-8.png', 'disc-9.png'])
    expect(runs.map(({ run }) => run.config.loss)).toEqual(['iou', 'xent'])
    expect(runs[0]!.metrics).toMatchObject({ threshold: runs[0]!.run.threshold })
    expect(runs[0]!.metrics.mIoU).toBeGreaterThan(0.8)
    expect(runs[0]!.objects).toEqual({ objects: 3, found: 3, touched: 3 })
    expect(runs[0]!.balance).toMatchObject({ train: { images: 6 }, validation: { images: 3 } })
    setThreshold(project, 1, 255 / 256)
    expect((await gather([1])).runs[0]!.metrics.recall).toBeLessThan(runs[0]!.metrics.recall)
    setThreshold(project, 1, 0.5)
  })

  it('shows the course: what the weights of each step say of the image', async () => {
    const { strip } = await gather([1], { steps: [1, 5, 20] })
    const [upper] = strip.figure.rows
    const mask = Buffer.from(upper!.cells.at(-1)!.picture.rgb)
    const thresholded = upper!.cells.slice(4, 7).map(({ picture }) => Buffer.from(picture.rgb))
    expect(new Set(thresholded[0])).toEqual(new Set([0]))
    expect(thresholded[1]!.equals(thresholded[2]!.map((value) => 255 - value))).toBe(true)
    // Small pictures of round things differ from the label at the edge.
    const right = mask.filter((value, i) => value === thresholded[2]![i]).length
    expect(right / mask.length).toBeGreaterThan(0.95)
  })

  it('takes the image that was asked for', async () => {
    expect((await gather([2], { imageId: 8 })).strip.image).toBe('disc-8.png')
    await expect(gather([2], { imageId: 1 })).rejects.toThrow(/"disc-1\.png" is not among .* "disc-7\.png"/)
  })

  it('is refused for runs, steps and models that are not there', async () => {
    await expect(gather([1, 1])).rejects.toThrow(/two different ones/)
    await expect(gather([9])).rejects.toThrow(/no run 9/)
    await expect(gather([1], { steps: [3] })).rejects.toThrow(
      /has no weights of step 3; it has those of 1, 2, 5/
    )
    const { bestStep } = (await gather([2])).runs[0]!.run
    updateRun(project, 2, { bestStep: null })
    await expect(gather([2])).rejects.toThrow(/before its first checkpoint/)
    updateRun(project, 2, { bestStep })
  })
})

describe('the files of a report', () => {
  it('are two pictures and a page; of an earlier report they are replaced, nothing else is', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'own.txt'), 'mine')
    for (let time = 0; time < 2; time++) {
      const { files } = await write([1], folder)
      expect(files.map(({ name }) => name)).toEqual(['strip.png', 'samples.png', 'report.html'])
      for (const { name, bytes } of files) expect(readFileSync(join(folder, name)).length).toBe(bytes)
    }
    expect(readdirSync(folder).sort()).toEqual(['own.txt', 'report.html', 'samples.png', 'strip.png'])
  })

  it('show in the PNG the very pixels of the figures', async () => {
    const folder = temporaryFolder()
    await write([1, 2], folder)
    const { strip, samples } = await gather([1, 2])
    for (const [name, figure, blocks] of [
      ['strip.png', strip.figure, 1],
      ['samples.png', samples, undefined]
    ] as const) {
      const png = await decoded(join(folder, name))
      const layout = layOut(figure, blocks)
      expect([png.width, png.height]).toEqual([layout.width, layout.height])
      for (const { picture, x, y, width, height } of layout.pictures) {
        for (const [column, row] of [
          [0, 0],
          [3, 9],
          [picture.width - 1, picture.height - 1]
        ] as const) {
          const from = 3 * (row * picture.width + column)
          const centre = [
            x + ((column + 0.5) * width) / picture.width,
            y + ((row + 0.5) * height) / picture.height
          ]
          expect(png.at(Math.floor(centre[0]!), Math.floor(centre[1]!))).toEqual([
            ...picture.rgb.subarray(from, from + 3)
          ])
        }
      }
    }
  })

  it('are, as a page, complete in themselves: all figures, curves, settings, the command, and no address', async () => {
    const folder = temporaryFolder()
    await write([1, 2], folder)
    const page = readFileSync(join(folder, 'report.html'), 'utf8')
    const { strip, samples } = await gather([1, 2])
    const sources = [...page.matchAll(/<img src="([^"]*)"/g)].map(([, source]) => source!)
    const cells = [strip.figure, samples].flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
    expect(sources).toHaveLength(cells.length)
    expect(sources.every((source) => source.startsWith('data:image/png;base64,'))).toBe(true)
    for (const [i, { picture }] of cells.entries()) {
      const png = await decoded(Buffer.from(sources[i]!.split(',')[1]!, 'base64'))
      expect([png.width, png.height]).toEqual([picture.width, picture.height])
      expect(png.at(5, 6)).toEqual([...picture.rgb.subarray(3 * (6 * picture.width + 5))].slice(0, 3))
    }
    const addresses = /https?:|\/\/\w|<link|<script|@import|url\(/.exec(
      page.replaceAll(/data:image[^"]*/g, '')
    )
    expect(addresses).toBeNull()
    expect(page.match(/<polyline class="curve"/g)).toHaveLength(3)
    expect(page.match(/<polyline class="curve dashed"/g)).toHaveLength(3)
    expect(page.match(/<line class="level"/g)).toHaveLength(3)
    for (const text of [
      'always background',
      'mean mask',
      'Objects found',
      '6 images, ',
      'learning rate',
      'onnxruntime-node'
    ]) {
      expect(page).toContain(text)
    }
    expect(page).toMatch(/npx jaccard train \S+test\.jaccard --loss iou --arch VGG6xs/)
    expect(page).toMatch(/npx jaccard train \S+test\.jaccard --loss xent --arch VGG6xs/)
  })

  it('cannot be written where nothing can, which is said in a sentence', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'no folder')
    await expect(write([1], join(file, 'report'))).rejects.toThrow(
      /The report could not be written to .*file/
    )
  })
})

it('a strip goes by the weights that the project has, whatever the step', async () => {
  keepWeights(project, 1, 5000, readWeights(project, 1, 20))
  const { strip } = await gather([1], { steps: [20, 5000] })
  const [, early, late] = strip.figure.rows[0]!.cells
  expect(late!.picture).toEqual(early!.picture)
})
