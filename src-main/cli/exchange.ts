import type { MaskExportFormat } from '#core/api/maskExport'
import type { Quantization } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { exportModel } from '#main/exchange/bundle'
import { exportMasks } from '#main/exchange/masks'
import { verify } from '#main/exchange/verify'
import { findRun } from '#main/store/runs'
import { withProject, type RunName } from './project'
import type { Terminal } from './terminal'

/** What `jaccard export` writes, and where to. */
interface ExportOptions {
  to: string
  model?: boolean
  run?: RunName
  quantize: Quantization
  masks?: Exclude<MaskExportFormat, 'webdataset'>
  dataset?: 'webdataset'
}

/** `jaccard export`: a run's model for TensorFlow.js, the masks, or a data set of images and masks. */
export async function exportTo(file: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const format = options.masks ?? options.dataset
  const given = [options.model, options.masks, options.dataset].filter((one) => one !== undefined)
  if (given.length !== 1) {
    throw new JaccardError(
      'usage',
      'Say what to export: either --model with --run, or --masks with a format, or --dataset webdataset.'
    )
  }
  if (options.model && options.run === undefined) {
    throw new JaccardError('usage', 'Say which run’s model to export: --run with its number, best or latest.')
  }
  await withProject(file, terminal, async ({ project }) => {
    if (format !== undefined) {
      const report = await exportMasks(project, options.to, format, terminal.signal)
      const { folder, files, images, unfinished } = report
      terminal.result(
        { ...report, files: files.length },
        `${images} masks in ${folder}; ${unfinished} images are not complete and were left out`
      )
    } else {
      const run = findRun(project, options.run!)
      const report = await exportModel(project, run.id, options.to, { quantize: options.quantize })
      const bytes = report.files.reduce((sum, file) => sum + file.bytes, 0)
      terminal.result(
        { run: run.id, ...report },
        `Run ${run.id} in ${report.folder}: ${report.files.length} files, ${(bytes / 1e6).toFixed(1)} MB; open its index.html`
      )
    }
  })
}

/** `jaccard verify`: compares an exported model in a real browser with the app. @throws where they differ */
export async function verifyFolder(
  folder: string,
  options: { project: string },
  terminal: Terminal
): Promise<void> {
  await withProject(options.project, terminal, async ({ project, predictions }) => {
    const report = await verify(project, predictions, folder, { signal: terminal.signal })
    const { images, maxProbabilityDifference, maxIoUDifference, tolerance, passed, computedBy } = report
    terminal.result(
      report,
      `${images} images by ${computedBy}: probabilities differ by at most ${maxProbabilityDifference.toExponential(1)} ` +
        `(allowed ${tolerance}), the IoU by ${maxIoUDifference.toExponential(1)}`
    )
    if (!passed) {
      throw new JaccardError(
        'bad-input',
        `The exported model in ${folder} does not predict what the app does; export it again.`
      )
    }
  })
}
