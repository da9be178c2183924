import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ExportReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { encodeRgbPng } from '#main/images/encode'
import { runPixelJob } from '#main/images/pool.node'
import { gatherReport, type ReportChoice, type ReportContents } from './report/contents'
import type { Figure, Picture } from './report/figure'
import { reportPage } from './report/page'
import { writing } from './writing'

/** The files of a report. */
const FILES = { strip: 'strip.png', samples: 'samples.png', page: 'report.html' } as const

/**
 * Writes a report on one or two runs: the strip and the sheet of the validation samples as PNG, and all of it with
 * metrics, curves and settings as one HTML file that opens anywhere.
 *
 * @param folder Made where it does not exist. Of its files only those of an earlier report are replaced.
 * @throws JaccardError what `gatherReport` throws; `read-only`, `disk-full`
 */
export async function writeReport(
  source: Parameters<typeof gatherReport>[0],
  choice: ReportChoice,
  folder: string,
  options: Parameters<typeof gatherReport>[2] = {}
): Promise<ExportReport> {
  const contents = await gatherReport(source, choice, options)
  const target = resolve(folder)
  const made = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const files: [name: string, bytes: Uint8Array][] = [
    // The rows of a strip are to be compared, so they stay below each other.
    [FILES.strip, await figurePng(contents.strip.figure, 1)],
    [FILES.samples, await figurePng(contents.samples)],
    [FILES.page, Buffer.from(reportPage(contents, await addressesOf(contents), `Written ${made} UTC`))]
  ]
  if (options.signal?.aborted) throw new JaccardError('cancelled', 'The report was cancelled.')
  await writing(target, 'report', async () => {
    await mkdir(target, { recursive: true })
    for (const [name, bytes] of files) await writeFile(join(target, name), bytes)
  })
  return { folder: target, files: files.map(([name, { length }]) => ({ name, bytes: length })) }
}

async function figurePng(figure: Figure, blocks?: number): Promise<Uint8Array> {
  const drawn = await runPixelJob('drawFigure', () => ({ input: { figure, ...(blocks ? { blocks } : {}) } }))
  return encodeRgbPng(drawn.pixels, drawn.width, drawn.height)
}

/** Every picture of a report as a data URL. */
async function addressesOf({ strip, samples }: ReportContents): Promise<Map<Picture, string>> {
  const addresses = new Map<Picture, string>()
  for (const { rows } of [strip.figure, samples]) {
    for (const { cells } of rows) {
      for (const { picture } of cells) {
        const png = await encodeRgbPng(picture.rgb, picture.width, picture.height)
        addresses.set(picture, `data:image/png;base64,${Buffer.from(png).toString('base64')}`)
      }
    }
  }
  return addresses
}
