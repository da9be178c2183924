import type { ImportOutcome, ImportReport } from '#core/api/values'
import { messageOf, type ErrorCode } from '#core/errors'
import { api } from '../../shared/api'
import { isUnanswered, reasonOf } from '../../shared/failures'
import { counted } from '../../shared/numbers'
import { session } from '../../shared/session.svelte'
import { toasts } from '../../shared/toasts.svelte'
import type { GivenFile } from './gather'
import { planImport, type ImportPlan, type ImportStep } from './plan'

/** In bytes; the host takes no larger messages. */
const FILE_LIMIT = 190e6

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
  #cancel = new AbortController()

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
    if (this.running) {
      toasts.show('Wait until the import under way has ended, or cancel it.', 'error')
      return
    }
    if (session.readOnly) {
      toasts.show(session.project?.notice ?? 'This project is read-only.', 'error')
      return
    }
    this.#cancel = new AbortController()
    this.report = null
    this.running = { done: 0, total: 0, name: '', startedAt: performance.now() }
    try {
      const plan = planImport(await gathering, as)
      if (plan.steps.length + plan.skipped.length === 0) toasts.show('There was no picture in it.', 'error')
      else this.#tell(await this.#carryOut(plan))
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

  async #carryOut({ steps, skipped }: ImportPlan): Promise<ImportReport> {
    const outcomes: ImportOutcome[] = skipped.map(({ file, reason }) => ({
      status: 'skipped',
      name: file,
      reason
    }))
    const project = session.project?.path
    const { signal } = this.#cancel
    this.running!.total = steps.length
    this.running!.startedAt = performance.now()
    for (const step of steps) {
      if (signal.aborted || session.project?.path !== project) break
      this.running!.name = step.name
      const { outcome, concernsAll } = await handOver(step, signal)
      if (outcome) outcomes.push(outcome)
      if (concernsAll) this.cancel()
      this.running!.done++
    }
    return reportOf(outcomes, this.running!.done < steps.length || signal.aborted)
  }
}

interface HandedOver {
  /** Nothing if the import was cancelled while the connection was lost. */
  outcome?: ImportOutcome
  /** It failed for a reason that every further file would meet as well. */
  concernsAll?: boolean
}

async function handOver(
  { kind, given: { file }, name }: ImportStep,
  signal: AbortSignal
): Promise<HandedOver> {
  const skipped = (reason: string): ImportOutcome => ({ status: 'skipped', name, reason })
  if (file.size > FILE_LIMIT) {
    const limit = `${FILE_LIMIT / 1e6} MB`
    return {
      outcome: skipped(`"${name}" is larger than ${limit}; import its folder by "jaccard new --images".`)
    }
  }
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await file.arrayBuffer())
  } catch {
    return { outcome: skipped(`"${name}" cannot be read any more; choose it again.`) }
  }
  for (;;) {
    try {
      const given = { name, bytes }
      return { outcome: await (kind === 'image' ? api.images.add : api.images.addMask).mutate(given) }
    } catch (error) {
      if (!isUnanswered(error)) {
        const concernsAll = CONCERN_ALL.has(reasonOf(error))
        return { outcome: skipped(messageOf(error)), concernsAll }
      }
      // Sending it again is safe: an image that is there already is known by its content.
      await Promise.race([session.online(), aborted(signal)])
      if (signal.aborted) return {}
    }
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

function reportOf(outcomes: ImportOutcome[], cancelled: boolean): ImportReport {
  const count = (status: ImportOutcome['status']) => outcomes.filter((one) => one.status === status).length
  return {
    added: count('added'),
    duplicates: count('duplicate'),
    masksMatched: count('matched'),
    skipped: outcomes.flatMap((one) =>
      one.status === 'skipped' ? [{ file: one.name, reason: one.reason }] : []
    ),
    notes: outcomes.flatMap((one) =>
      one.status === 'added' && one.note ? [{ file: one.name, note: one.note }] : []
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
