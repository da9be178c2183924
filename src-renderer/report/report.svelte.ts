import type { ExportReport, ReviewDetail, RunCourse, RunSummary } from '#core/api/values'
import { messageOf } from '#core/errors'
import { countsAt, histogramOf, metricsOf } from '#core/learning/metrics'

/** What the report's view needs of the host. */
export interface ReportHost {
  /** The project's runs, as they are now. */
  readonly runs: RunSummary[]
  images(runIds: number[]): Promise<{ imageId: number; name: string }[]>
  course(runId: number, imageId: number): Promise<RunCourse>
  write(
    choice: { runIds: number[]; imageId: number | null; steps: number[] | null },
    folder: string
  ): Promise<ExportReport>
}

/** What a run says of the image at the step that is shown. */
export interface ReportRow {
  run: RunSummary
  /** The latest step of which the run has weights, up to the one that is shown. */
  step: number
  isBest: boolean
  level: number
  /** Of the foreground of this image. */
  iou: number
  detail: ReviewDetail
}

/** The view's state: one run or two, an image, a step, and the files that were written. */
export class Report {
  upperId = $state(0)
  lowerId = $state<number | null>(null)
  images = $state.raw<{ imageId: number; name: string }[]>([])
  imageId = $state<number | null>(null)
  /** Where the step stands in `steps`. */
  position = $state(0)
  loading = $state(false)
  problem = $state<string | null>(null)
  writing = $state(false)
  written = $state.raw<ExportReport | null>(null)

  #courses = $state.raw<RunCourse[]>([])
  readonly #host: ReportHost
  #asked = 0

  /** Those with a model, newest first. */
  readonly runs = $derived.by(() =>
    this.#host.runs.filter(({ best }) => best !== null).toSorted((a, b) => b.id - a.id)
  )
  readonly runIds = $derived(this.lowerId === null ? [this.upperId] : [this.upperId, this.lowerId])
  /** Every step of which one of the runs has weights, ascending. */
  readonly steps = $derived(
    this.#courses
      .flatMap(({ outputs }) => outputs.map(({ step }) => step))
      .sort((a, b) => a - b)
      .filter((step, i, all) => step !== all[i - 1])
  )
  readonly step = $derived(this.steps[this.position] ?? null)
  readonly rows: ReportRow[] = $derived(
    this.#courses.flatMap((course) => {
      const run = this.runs.find(({ id }) => id === course.runId)
      const row = run && this.step !== null && rowOf(run, course, this.step)
      return row ? [row] : []
    })
  )

  constructor(host: ReportHost, runId: number) {
    this.#host = host
    this.upperId = runId
  }

  /**
   * Begins with the newest run that has another loss beside, since comparing losses is what a strip is for, and cross
   * entropy below; with none where the two were validated with different images.
   */
  async open(): Promise<void> {
    const { upperId } = this
    const loss = this.runs.find(({ id }) => id === upperId)?.config.loss
    const other = this.runs.find(({ config }) => config.loss !== loss)?.id ?? null
    await (loss === 'xent' && other !== null ? this.show(other, upperId) : this.show(upperId, other))
    if (this.images.length === 0 && other !== null) await this.show(upperId, null)
  }

  /** Shows these runs, one above the other, and the image that was shown if both were validated with it. */
  async show(upperId: number, lowerId: number | null): Promise<void> {
    this.upperId = upperId
    this.lowerId = lowerId === upperId ? null : lowerId
    this.written = null
    this.images = []
    await this.#read(async () => {
      this.images = await this.#host.images(this.runIds)
      const known = this.images.some(({ imageId }) => imageId === this.imageId)
      if (!known) this.imageId = this.images[0]?.imageId ?? null
    })
  }

  async choose(imageId: number): Promise<void> {
    this.imageId = imageId
    await this.#read(() => Promise.resolve())
  }

  async write(folder: string): Promise<void> {
    this.writing = true
    this.problem = null
    try {
      const { runIds, imageId } = this
      this.written = await this.#host.write({ runIds, imageId, steps: null }, folder)
    } catch (error) {
      this.problem = messageOf(error)
    } finally {
      this.writing = false
    }
  }

  /** Reads the courses of the image after `before`; the step stays where it was, at first it is the last. */
  async #read(before: () => Promise<void>): Promise<void> {
    const asked = ++this.#asked
    this.loading = true
    this.problem = null
    try {
      await before()
      const { imageId, runIds, step } = this
      if (imageId === null || asked !== this.#asked) return
      const courses: RunCourse[] = []
      for (const runId of runIds) courses.push(await this.#host.course(runId, imageId))
      if (asked !== this.#asked) return
      this.#courses = courses
      const same = step === null ? -1 : this.steps.findLastIndex((other) => other <= step)
      this.position = same === -1 ? this.steps.length - 1 : same
    } catch (error) {
      if (asked !== this.#asked) return
      this.#courses = []
      this.problem = messageOf(error)
    } finally {
      if (asked === this.#asked) this.loading = false
    }
  }
}

/** What the run says at the step, or at the latest before it of which it has weights; null where it has none. */
function rowOf(run: RunSummary, course: RunCourse, step: number): ReportRow | null {
  const { imageId, width, height, label, level, bestStep } = course
  const output = course.outputs.findLast((each) => each.step <= step)
  if (!output) return null
  const { probabilities } = output
  const counts = countsAt(histogramOf(probabilities, label), level)
  return {
    run,
    step: output.step,
    isBest: output.step === bestStep,
    level,
    iou: metricsOf(counts, level / 256).iou1,
    detail: { imageId, width, height, probabilities, label }
  }
}
