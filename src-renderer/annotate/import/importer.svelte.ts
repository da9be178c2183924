import type { ImportOutcome, ImportReport } from '#core/api/values'
import { messageOf, type ErrorCode } from '#core/errors'
import { api } from '../../shared/api'
import { isUnanswered, reasonOf } from '../../shared/failures'
import { counted } from '../../shared/numbers'
import { session } from '../../shared/session.svelte'
import { toasts } from '../../shared/toasts.svelte'
import type { GivenFile } from './gather'
import { MaskReview, type FileChoice, type LookedAt } from './mask-review.svelte'
import { planImport, type ImportPlan, type ImportStep } from './plan'

/** In bytes; the host takes no larger messages. */
const FILE_LIMIT = 320e6

/** Why a project takes no files at all. */
const CONCERN_ALL = new Set<ErrorCode | null>(['read-only', 'disk-full', 'conflict', 'not-found'])

export interface ImportState {
  done: number
  total: number
  /** The file under way. */
  name: string
  startedAt: number
}

/** Brings files into the open project, one by one, and keeps account of each. */
class Importer {
  /** The import under way. */
  running = $state<ImportState | null>(null)
  /** What became of the last one, until the person has seen it. */
  report = $state.raw<ImportReport | null>(null)
  /** Masks that wait for the person's decision. */
  review = $state.raw<MaskReview | null>(null)
  #cancel = new AbortController()
  /** Where the files go; the person may open another project meanwhile. */
  #project: string | undefined

  /** Seconds that the rest will take, as the files so far took; null at the beginning. */
  secondsLeft(now: number): number | null {
    const { running } = this
    if (!running || running.done < 3) return null
    return (((now - running.startedAt) / running.done) * (running.total - running.done)) / 1000
  }

  /** Stops after the file under way; what is in stays in. */
  cancel(): void {
    this.#cancel.abort()
  }

  /** Imports what is still being gathered, for example from dropped folders. */
  async import(
    gathering: GivenFile[] | Promise<GivenFile[]>,
    as: 'detect' | 'masks' = 'detect'
  ): Promise<void> {
    if (this.running || this.review) {
      toasts.show('Wait until the import under way has ended, or cancel it.', 'error')
      return
    }
    if (session.readOnly) {
      toasts.show(session.project?.notice ?? 'This project is read-only.', 'error')
      return
    }
    this.#cancel = new AbortController()
    this.#project = session.project?.path
    this.report = null
    this.running = { done: 0, total: 0, name: '', startedAt: performance.now() }
    try {
      const known = new Set(session.images.map(({ baseName }) => baseName))
      const plan = planImport(await gathering, as, known)
      if (plan.steps.length + plan.skipped.length === 0)
        toasts.show('There was neither a picture nor a mask in it.', 'error')
      else {
        const report = await this.#carryOut(plan)
        if (report) this.#tell(report)
      }
    } catch (error) {
      toasts.show(`The files could not be read: ${messageOf(error)}`, 'error')
    } finally {
      this.running = null
    }
  }

  /** What went well is said in passing; what did not stays until it was read. */
  #tell(report: ImportReport): void {
    if (report.skipped.length + report.notes.length > 0 || report.cancelled) this.report = report
    else toasts.show(summaryOf(report), 'good')
  }

  /** @returns Null where there were only masks and the person has taken none of them. */
  async #carryOut({ steps, skipped }: ImportPlan): Promise<ImportReport | null> {
    const outcomes: ImportOutcome[] = skipped.map(({ file, reason }) => skippedFile(file, reason))
    const images = steps.filter(({ kind }) => kind === 'image')
    const masks = steps.filter(({ kind }) => kind === 'mask')
    let done = await this.#each(images, async (step, signal) => {
      const { value, refused, concernsAll } = await ask(step, signal, (file) => api.images.add.mutate(file))
      if (value ?? refused) outcomes.push(value ?? refused!)
      return concernsAll
    })
    if (done && masks.length > 0) {
      const looked: LookedAt[] = []
      done = await this.#each(masks, async (step, signal) => {
        const { value, refused, concernsAll } = await ask(step, signal, (file) =>
          api.images.previewMasks.mutate(file)
        )
        if (value) looked.push({ step, preview: value })
        if (refused) outcomes.push(refused)
        return concernsAll
      })
      if (done) {
        const choices = await this.#decide(looked, outcomes)
        if (choices === null && images.length === 0) return null
        done = await this.#each(choices ?? [], async ({ step, choice, masks: total }, signal) => {
          this.running!.total += total - 1
          return importMasks(step, choice, signal, (outcome) => outcomes.push(outcome))
        })
      }
    }
    return reportOf(outcomes, !done)
  }

  /** Shows the masks before they are written. Where none can be used there is nothing to decide. */
  async #decide(looked: LookedAt[], outcomes: ImportOutcome[]): Promise<FileChoice[] | null> {
    const review = new MaskReview(looked)
    for (const { name, reason } of review.unusable) outcomes.push(skippedFile(name, reason!))
    if (review.usable.length === 0) return []
    const { running } = this
    this.running = null
    this.review = review
    try {
      return await review.decision
    } finally {
      this.review = null
      this.running = running
    }
  }

  /** Does something with each item, until one concerns all or the person cancels. @returns Whether all were done. */
  async #each<Item extends ImportStep | FileChoice>(
    items: Item[],
    work: (item: Item, signal: AbortSignal) => Promise<boolean>
  ): Promise<boolean> {
    const { signal } = this.#cancel
    Object.assign(this.running!, { done: 0, total: items.length, startedAt: performance.now() })
    for (const item of items) {
      if (signal.aborted || session.project?.path !== this.#project) return false
      this.running!.name = 'step' in item ? item.step.name : item.name
      if (await work(item, signal)) this.cancel()
      this.running!.done++
    }
    return !signal.aborted
  }
}

interface Answer<Value> {
  value?: Value
  /** What is to be told of the file instead. Neither that nor a value: it was cancelled while nobody answered. */
  refused?: ImportOutcome
  /** It failed for a reason that every further file would meet as well. */
  concernsAll: boolean
}

function skippedFile(name: string, reason: string): ImportOutcome {
  return { status: 'skipped', name, reason }
}

/** Reads a file and asks the host about it, again when the connection was lost: all questions may be repeated. */
async function ask<Value>(
  { given: { file }, name }: ImportStep,
  signal: AbortSignal,
  question: (file: { name: string; bytes: Uint8Array }) => Promise<Value>
): Promise<Answer<Value>> {
  const refused = (reason: string, concernsAll = false) => ({
    refused: skippedFile(name, reason),
    concernsAll
  })
  if (file.size > FILE_LIMIT) {
    const limit = `${FILE_LIMIT / 1e6} MB`
    return refused(`"${name}" is larger than ${limit}; import it by "jaccard new" or "jaccard import".`)
  }
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await file.arrayBuffer())
  } catch {
    return refused(`"${name}" cannot be read any more; choose it again.`)
  }
  for (;;) {
    try {
      return { value: await question({ name, bytes }), concernsAll: false }
    } catch (error) {
      if (!isUnanswered(error)) return refused(messageOf(error), CONCERN_ALL.has(reasonOf(error)))
      await Promise.race([session.online(), aborted(signal)])
      if (signal.aborted) return { concernsAll: false }
    }
  }
}

/** Imports the masks of a file. @returns Whether it failed for a reason that every further file would meet as well. */
async function importMasks(
  step: ImportStep,
  choice: FileChoice['choice'],
  signal: AbortSignal,
  take: (outcome: ImportOutcome) => void
): Promise<boolean> {
  let outcomes: ImportOutcome[] = []
  const { refused, concernsAll } = await ask(step, signal, (file) => {
    return new Promise<void>((resolve, reject) => {
      const subscription = api.images.importMasks.subscribe(
        { file, choice },
        {
          onData: ({ outcome, done, total }) => {
            // After a lost connection the host begins again.
            if (done === 1) outcomes = []
            outcomes.push(outcome)
            if (importer.running && total > 1) importer.running.name = outcome.name
          },
          onError: reject,
          onComplete: resolve
        }
      )
      const stop = () => {
        subscription.unsubscribe()
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
    })
  })
  outcomes.forEach(take)
  if (refused) take(refused)
  return concernsAll
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

function reportOf(outcomes: ImportOutcome[], cancelled: boolean): ImportReport {
  const count = (status: ImportOutcome['status']) => outcomes.filter((one) => one.status === status).length
  return {
    added: outcomes.reduce((sum, one) => sum + (one.status === 'added' ? 1 + one.others.length : 0), 0),
    duplicates: count('duplicate'),
    masksMatched: count('matched'),
    skipped: outcomes.flatMap((one) =>
      one.status === 'skipped' ? [{ file: one.name, reason: one.reason }] : []
    ),
    notes: outcomes.flatMap((one) =>
      'note' in one && one.note !== null ? [{ file: one.name, note: one.note }] : []
    ),
    cancelled
  }
}

/** What an import brought, as one sentence. */
export function summaryOf(report: ImportReport): string {
  const parts = [
    report.added > 0 ? `${counted(report.added, 'image')} added` : '',
    report.masksMatched > 0 ? `${counted(report.masksMatched, 'mask')} matched` : '',
    report.duplicates > 0 ? `${counted(report.duplicates, 'image')} already there` : ''
  ].filter(Boolean)
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing was added.'
}

export const importer = new Importer()
