import type { VerifyReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { Preparation } from '#core/learning/frame'
import { decodeRgb } from '#main/images/decode'
import { encodeRgbPng } from '#main/images/encode'
import { openImage, type ImageFile } from '#main/images/open'
import { getImage, readImageFile } from '#main/store/images'
import { readMask } from '#main/store/masks'
import type { Project } from '#main/store/project'
import { getRun, listRunImages } from '#main/store/runs'
import type { Predictions } from '#main/training/predictions'
import { prepareLabelled } from '#main/training/samples'
import { readWebParts, type WebParts } from './bundle/parts'
import { checkBundle } from './verify/check'
import { sessionFiles } from './verify/files'
import { runHeadless } from './verify/headless'
import { createSession, type Verification, type VerifyImage } from './verify/session'

export type { Verification } from './verify/session'

/** What a check needs beside the project and the folder. */
export interface VerifyOptions {
  /** The run that the exported model should come from; refused if it says another one. */
  runId?: number
  /** The built browser files, where they are not the app's own. */
  parts?: WebParts
}

/**
 * Checks an exported model against the app by a second path: stock TensorFlow.js in a real browser loads the folder,
 * takes the run's validation images from their files to probabilities, and each value is compared with what the
 * run's own engine predicts from the same files.
 *
 * What is checked is the model and all of its preprocessing. Decoders of lossy formats may differ by one step
 * between browsers, and browsers read 16 bits in their own ways; so both sides get such an image as an 8-bit PNG of
 * what the app sees, and every other PNG as the file that it is.
 *
 * @throws JaccardError `not-found` for a folder or run that is missing, `conflict` for the model of another run,
 * `bad-input` for a folder whose files were changed, or without validation images.
 */
export async function createVerification(
  project: Project,
  predictions: Pick<Predictions, 'files'>,
  folder: string,
  options: VerifyOptions = {}
): Promise<Verification> {
  const parts = options.parts ?? (await readWebParts())
  const bundle = await checkBundle(folder, parts.bundle)
  const { run: runId } = bundle.info.training
  if (options.runId !== undefined && options.runId !== runId) {
    throw new JaccardError(
      'conflict',
      `${folder} holds the model of run ${runId}, not of run ${options.runId}.`
    )
  }
  const { config } = getRun(project, runId)
  const images = await validationImages(project, runId, config)
  return createSession({
    images,
    predictions: predict(predictions, runId, images),
    threshold: bundle.info.threshold,
    quantization: bundle.info.quantization,
    files: sessionFiles(parts, bundle)
  })
}

/** The same in a browser without a window, for hosts that have none. Errors: also those of `runHeadless`. */
export async function verify(
  project: Project,
  predictions: Pick<Predictions, 'files'>,
  folder: string,
  options: VerifyOptions & { signal?: AbortSignal } = {}
): Promise<VerifyReport> {
  return runHeadless(await createVerification(project, predictions, folder, options), options.signal)
}

interface ImageOfRun extends VerifyImage {
  file(): Promise<ImageFile>
}

async function validationImages(
  project: Project,
  runId: number,
  preparation: Preparation
): Promise<ImageOfRun[]> {
  const labelled = listRunImages(project, runId)
    .filter(({ split }) => split === 'validation')
    .map(({ imageId }) => ({
      image: getImage(project, imageId),
      split: 'validation' as const,
      tiles: readMask(project, imageId).tiles
    }))
    .filter(({ image }) => !image.erased)
  if (labelled.length === 0) {
    throw new JaccardError(
      'bad-input',
      `Run ${runId} has no validation images any more, so there is nothing to compare.`
    )
  }
  const images: ImageOfRun[] = []
  for await (const { imageId, width, height, label } of prepareLabelled(project, labelled, preparation)) {
    const file = () => losslessFile(project, imageId)
    images.push({
      name: getImage(project, imageId).name,
      width,
      height,
      label,
      file,
      encode: async () => ({ bytes: new Uint8Array((await file()).bytes), type: 'image/png' })
    })
  }
  return images
}

/** An image as a PNG that every decoder reads alike: its own file, or the pixels that the app sees. */
async function losslessFile(project: Project, imageId: number): Promise<ImageFile> {
  const { name, windowLow, windowHigh } = getImage(project, imageId)
  const file = await readImageFile(project, imageId)
  const { facts, metadata } = await openImage(file)
  const plain = facts.format === 'png' && facts.bitDepth === 8 && !facts.hasAlpha && !metadata.orientation
  if (plain) return file
  const window = windowLow === null || windowHigh === null ? null : { low: windowLow, high: windowHigh }
  const { data, width, height } = await decodeRgb(file, window)
  return { name, bytes: await encodeRgbPng(data, width, height) }
}

async function predict(
  predictions: Pick<Predictions, 'files'>,
  runId: number,
  images: ImageOfRun[]
): Promise<Float32Array[]> {
  const predicted: Float32Array[] = []
  const files = images.map(({ file }) => file)
  for await (const { probabilities } of predictions.files(runId, files)) predicted.push(probabilities)
  return predicted
}
