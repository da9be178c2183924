import { JaccardError } from '#core/errors'
import { writeReport } from '#main/exchange/report'
import { sharedImages } from '#main/exchange/report/contents'
import { baseNameOf } from '#main/exchange/names'
import { findRun } from '#main/store/runs'
import { withProject, type RunName } from './project'
import type { Terminal } from './terminal'

/** `jaccard report`: the figures of one run or two, as PNG and as a page. */
export async function report(
  file: string,
  options: { runs: RunName[]; to: string; steps?: number[]; image?: string },
  terminal: Terminal
): Promise<void> {
  await withProject(file, terminal, async (opened) => {
    const runIds = options.runs.map((name) => findRun(opened.project, name).id)
    const imageId = options.image === undefined ? null : imageNamed(opened.project, runIds, options.image)
    const written = await writeReport(opened, { runIds, imageId, steps: options.steps ?? null }, options.to, {
      signal: terminal.signal,
      progress: (done, total) => terminal.progress(done, total, 'validation images')
    })
    terminal.result(
      { runs: runIds, ...written },
      `Report in ${written.folder}: ${written.files.map(({ name }) => name).join(', ')}`
    )
  })
}

/** A validation image by its name, with or without its extension. */
function imageNamed(project: Parameters<typeof sharedImages>[0], runIds: number[], name: string): number {
  const images = sharedImages(project, runIds)
  const found =
    images.find((image) => image.name === name) ?? images.find((image) => baseNameOf(image.name) === name)
  if (found) return found.imageId
  throw new JaccardError(
    'not-found',
    `No image that validated is named "${name}"; there are ${images.map((image) => image.name).join(', ')}.`
  )
}
