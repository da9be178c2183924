import type { Quantization } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { exportModel } from '#main/exchange/bundle'
import { exportMasks } from '#main/exchange/masks'
import { verify } from '#main/exchange/verify'
import { findRun } from '#main/store/runs'
import { withProject, type RunName } from './project'
import type { Terminal } from './terminal'

/** `jaccard export`: a run's model for TensorFlow.js, or the masks as PNG. */
export async function exportTo(
  file: string,
  options: { to: string; model?: boolean; run?: RunName; quantize: Quantization; masks?: 'png' },
  terminal: Terminal
): Promise<void> {
  if (Boolean(options.model) === Boolean(options.masks)) {
    throw new JaccardError('usage', 'Say what to export: either --model with --run, or --masks png.')
  }
  if (options.model && options.run === undefined) {
    throw new JaccardError('usage', 'Say which run’s model to export: --run with its number, best or latest.')
  }
  await withProject(file, terminal, async ({ project }) => {
    if (options.run === undefined) {
      const report = await exportMasks(project, options.to, terminal.signal)
      const { folder, files, unfinished } = report
      terminal.result(
        { ...report, files: files.length },
        `${files.length} masks in ${folder}; ${unfinished} images are not complete and were left out`
      )
    } else {
      const run = findRun(project, options.run)
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
