import { basename } from 'node:path'
import type { ClassBalance, RunCourse, RunHistory } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { Metrics } from '#core/learning/events'
import { frameOf, type Extent, type Framing, type Preparation } from '#core/learning/frame'
import { metricsOf, sumCounts } from '#core/learning/metrics'
import { levelOf } from '#core/learning/quantise'
import { resampleImage, resampleLabel } from '#core/learning/resample'
import type { ObjectCounts } from '#core/mask/metrics'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { getImage } from '#main/store/images'
import { stepsWithWeights } from '#main/store/keptWeights'
import { readMask } from '#main/store/masks'
import { readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { getRun, listRunImages, readHistory, type RunRecord } from '#main/store/runs'
import { inOrder } from '#main/training/inOrder'
import type { Predictions } from '#main/training/predictions'
import { prepareLabelled } from '#main/training/samples'
import { runCourse, validationImages } from './course'
import { sheetOf, stripOf, type Figure, type SheetSample } from './figure'
import { stripSteps } from './steps'

/** What a report is about; null leaves the choice to it. */
export interface ReportChoice {
  /** One run or two, the upper one first. */
  runIds: number[]
  /** The strip's image. */
  imageId: number | null
  /** The strip's steps. */
  steps: number[] | null
}

/** A run as its report tells of it. */
export interface ReportedRun {
  name: string
  run: RunRecord
  history: RunHistory
  /** Of the best weights at the run's threshold, against the labels as they are now. */
  metrics: Metrics
  /** Over the same images at the same threshold. */
  objects: ObjectCounts
  balance: { train: ClassBalance; validation: ClassBalance }
}

/** Everything that a report shows. */
export interface ReportContents {
  project: { name: string; path: string }
  runs: ReportedRun[]
  strip: { image: string; figure: Figure }
  samples: Figure
}

/** The open project with what predicts for it. */
interface Source {
  project: Project
  predictions: Pick<Predictions, 'course' | 'ensure'>
}

/**
 * Gathers what a report shows. Validation images are those that all its runs were validated with.
 *
 * @param progress Told how many of the validation images are done.
 * @throws JaccardError `not-found` for a run, a model, an image or a step that is not there, `usage` for more than two
 * runs, `cancelled`
 */
export async function gatherReport(
  source: Source,
  { runIds, imageId, steps }: ReportChoice,
  { signal, progress }: { signal?: AbortSignal; progress?: (done: number, total: number) => void } = {}
): Promise<ReportContents> {
  const { project } = source
  const runs = reportableRuns(project, runIds)
  const images = sharedImages(project, runIds)
  const chosen = chosenImage(project, images, imageId)
  const columns = stripSteps(
    runs.map(({ id, bestStep }) => ({ id, steps: stepsWithWeights(project, id), bestStep })),
    steps
  )
  for (const { id } of runs) {
    await source.predictions.ensure(
      id,
      images.map(({ imageId }) => imageId)
    )
  }
  const sheet: SheetSample[] = []
  const judged = runs.map(() => [] as Judged[])
  const total = images.length
  for await (const sample of inOrder(images, POOL_SIZE + 1, (image) => sheetSample(project, runs, image))) {
    if (signal?.aborted) throw new JaccardError('cancelled', 'The report was cancelled.')
    sheet.push(sample.shown)
    sample.judged.forEach((each, i) => judged[i]!.push(each))
    progress?.(sheet.length, total)
  }
  const { name, width, height } = getImage(project, chosen)
  const courses = []
  for (const [i, run] of runs.entries()) {
    const course = await runCourse(source, run.id, chosen, columns[i]!)
    courses.push(shownCourse(course, frameOf(shownFraming(run.config, { width, height }), { width, height })))
  }
  return {
    project: { name: basename(project.path, '.jaccard'), path: project.path },
    runs: runs.map((run, i) => ({
      name: nameOf(run),
      run,
      history: readHistory(project, run.id),
      metrics: metricsOf(sumCounts(judged[i]!.map(({ counts }) => counts)), run.threshold),
      objects: sumObjects(judged[i]!.map(({ objects }) => objects)),
      balance: {
        train: balanceOf(project, run.id, 'train'),
        validation: balanceOf(project, run.id, 'validation')
      }
    })),
    strip: {
      image: name,
      figure: stripOf(
        courses.map((course, i) => ({ ...course, name: nameOf(runs[i]!) })),
        width / height
      )
    },
    samples: sheetOf(
      runs.map(({ id }) => `run ${id}`),
      sheet
    )
  }
}

type ReportableRun = RunRecord & { bestStep: number }

function nameOf({ id, config }: RunRecord): string {
  const crops = config.crop === null ? '' : `, crops of ${config.crop} px`
  return `Run ${id}: ${config.loss}, ${config.architecture}, ${config.size} x ${config.size}${crops}`
}

function reportableRuns(project: Project, runIds: number[]): ReportableRun[] {
  if (runIds.length < 1 || runIds.length > 2 || new Set(runIds).size !== runIds.length) {
    throw new JaccardError('usage', 'A report is about one run, or about two different ones.')
  }
  return runIds.map((id) => {
    const run = getRun(project, id)
    if (run.bestStep === null) {
      throw new JaccardError('not-found', `Run ${id} ended before its first checkpoint; train again.`)
    }
    return { ...run, bestStep: run.bestStep }
  })
}

/** The validation images that all runs have. */
export function sharedImages(project: Project, runIds: number[]): { imageId: number; name: string }[] {
  const [first = [], ...others] = runIds.map((id) => validationImages(project, id))
  const shared = first.filter(({ imageId }) =>
    others.every((images) => images.some((image) => image.imageId === imageId))
  )
  if (shared.length > 0) return shared
  throw new JaccardError(
    'bad-input',
    runIds.length === 1
      ? `The images that run ${runIds[0]} was validated with are no longer in the project; train again.`
      : `Runs ${runIds.join(' and ')} were validated with different images, so they cannot be shown side by side; ` +
          `report on one of them.`
  )
}

function chosenImage(
  project: Project,
  images: { imageId: number; name: string }[],
  wanted: number | null
): number {
  if (wanted === null) {
    const shown = images.find(({ imageId }) => getImage(project, imageId).foreground > 0) ?? images[0]!
    return shown.imageId
  }
  if (images.some(({ imageId }) => imageId === wanted)) return wanted
  throw new JaccardError(
    'not-found',
    `"${getImage(project, wanted).name}" is not among the images that validated; choose one of those, such as ` +
      `"${images[0]!.name}".`
  )
}

type Judged = Awaited<ReturnType<typeof judge>>

async function judge(project: Project, run: ReportableRun, imageId: number) {
  const prediction = await readPrediction(project, run.id, imageId)
  if (!prediction) {
    throw new JaccardError('conflict', `Run ${run.id} has found a better model in the meantime; try again.`)
  }
  const { probabilities, ...frame } = prediction
  const level = levelOf(run.threshold)
  const { tiles, width, height } = readMask(project, imageId)
  const { label } = await runPixelJob('label', () => ({ input: { tiles, width, height, frame } }))
  const found = await runPixelJob('judgeSample', () => ({ input: { probabilities, label, frame, level } }))
  const iou = metricsOf(found.counts, run.threshold).iou1
  const shown = frameOf(shownFraming(run.config, { width, height }), { width, height })
  return {
    ...found,
    prediction: {
      ...shown,
      probabilities: resampleLabel(probabilities, frame.width, frame.height, shown),
      level,
      iou
    }
  }
}

/** Pictures of a sheet have no longer edge than this, since a sheet holds all of them. */
const LONGEST_EDGE = 1024

/** The framing by which a sheet shows an image: the run's own, coarser where that is large. */
function shownFraming({ size, crop }: Framing, image: Extent): Framing {
  const { width, height } = frameOf({ size, crop }, image)
  if (crop === null || Math.max(width, height) <= LONGEST_EDGE) return { size, crop }
  return { size, crop: (crop * Math.max(width, height)) / LONGEST_EDGE }
}

/** A course with its pictures in another size. */
function shownCourse(course: RunCourse, to: Extent): RunCourse {
  const { width, height } = course
  if (width === to.width && height === to.height) return course
  const nearest = (map: Uint8Array) => resampleLabel(map, width, height, to)
  return {
    ...course,
    ...to,
    image: resampleImage(course.image, width, height, 3, to),
    label: nearest(course.label),
    outputs: course.outputs.map(({ step, probabilities }) => ({
      step,
      probabilities: nearest(probabilities)
    }))
  }
}

async function sheetSample(
  project: Project,
  runs: ReportableRun[],
  { imageId, name }: { imageId: number; name: string }
): Promise<{ shown: SheetSample; judged: Judged[] }> {
  const record = getImage(project, imageId)
  const labelled = { image: record, split: 'validation' as const, tiles: readMask(project, imageId).tiles }
  const { autoContrast } = runs[0]!.config
  const preparation: Preparation = { ...shownFraming(runs[0]!.config, record), autoContrast }
  const judged: Judged[] = []
  for (const run of runs) judged.push(await judge(project, run, imageId))
  for await (const { image, label, width, height } of prepareLabelled(project, [labelled], preparation)) {
    const predictions = judged.map(({ prediction }) => prediction)
    return {
      shown: { name, aspect: record.width / record.height, width, height, image, label, predictions },
      judged
    }
  }
  throw new Error('An image was asked for and none was prepared.')
}

function sumObjects(all: ObjectCounts[]): ObjectCounts {
  const sum = (of: keyof ObjectCounts) => all.reduce((total, counts) => total + counts[of], 0)
  return { objects: sum('objects'), found: sum('found'), touched: sum('touched') }
}

function balanceOf(project: Project, runId: number, split: 'train' | 'validation'): ClassBalance {
  const images = listRunImages(project, runId)
    .filter((image) => image.split === split)
    .map(({ imageId }) => getImage(project, imageId))
  const known = images.reduce((sum, image) => sum + (image.erased ? 0 : image.known), 0)
  const foreground = images.reduce((sum, image) => sum + image.foreground, 0)
  return { images: images.length, foregroundShare: known === 0 ? null : foreground / known }
}
