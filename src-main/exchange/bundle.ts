import { basename, extname } from 'node:path'
import type { ExportReport, Quantization } from '#core/api/values'
import { outputsOf } from '#core/learning/config'
import { parseArchitecture } from '#core/network/architecture'
import { unpackWeights } from '#core/network/weights'
import { readCheckpoint } from '#main/store/checkpoints'
import type { Project } from '#main/store/project'
import { getRun } from '#main/store/runs'
import { bundleContents, type TrainedModel } from './bundle/contents'
import { writeBundle } from './bundle/folder'
import { readWebParts, type WebParts } from './bundle/parts'

/**
 * Exports a run's best checkpoint as a folder that works in any web page: the network for stock TensorFlow.js, a
 * loader, and a page to try it.
 *
 * @param folder Made if it is missing; an earlier exported model in it is replaced, anything else is refused.
 * @param options.parts The built browser files, where they are not the app's own.
 * @throws JaccardError `not-found` for a run that is missing or has no checkpoint, `conflict` for a folder with
 * other files in it, `read-only` or `disk-full` if it cannot be written, `missing-part` if the app was not built.
 */
export async function exportModel(
  project: Project,
  runId: number,
  folder: string,
  options: { quantize?: Quantization; parts?: WebParts } = {}
): Promise<ExportReport> {
  const model = trainedModel(project, runId)
  const { bundle } = options.parts ?? (await readWebParts())
  const files = await bundleContents(model, options.quantize ?? 'none', bundle)
  return {
    folder: await writeBundle(folder, files),
    files: [...files].map(([name, { byteLength }]) => ({ name, bytes: byteLength }))
  }
}

function trainedModel(project: Project, runId: number): TrainedModel {
  const run = getRun(project, runId)
  const checkpoint = readCheckpoint(project, runId, 'best')
  const { architecture, size, crop, autoContrast, loss, seed, reluLogits } = run.config
  const spec = parseArchitecture(architecture, size, outputsOf(loss))
  return {
    spec,
    crop,
    autoContrast,
    weights: unpackWeights(spec, checkpoint.weights),
    reluLogits,
    name: basename(project.path, extname(project.path)),
    className: 'foreground',
    threshold: run.threshold,
    run: runId,
    loss,
    seed,
    step: checkpoint.step,
    engine: run.engine ?? run.config.engine,
    metrics: run.best,
    baselines: run.baselines
  }
}
