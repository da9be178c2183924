import type { ImportOutcome, ImportReport } from '#core/api/values'
import { messageOf } from '#core/errors'
import { api } from '../../shared/api'
import { isUnanswered } from '../../shared/failures'
import { counted } from '../../shared/numbers'
import { session } from '../../shared/session.svelte'
import { toasts } from '../../shared/toasts.svelte'
import type { GivenFile } from './gather'
import { planImport, type ImportPlan, type ImportStep } from './plan'

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
  #cancelled = false

  /** Seconds that the rest will take, as the files so far took; null at the beginning. */
  secondsLeft(now: number): number | null {
    const { running } = this
    if (!running || running.done < 3) return null
    return (((now - running.startedAt) / running.done) * (running.total - running.done)) / 1000
  }

  cancel(): void {
    this.#cancelled = true
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
    this.#cancelled = false
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
    this.running!.total = steps.length
    this.running!.startedAt = performance.now()
    for (const step of steps) {
      if (this.#cancelled || !session.project) break
      this.running!.name = step.name
      outcomes.push(await handOver(step))
      this.running!.done++
    }
    return reportOf(outcomes, this.#cancelled)
  }
}

async function handOver({ kind, given: { file }, name }: ImportStep): Promise<ImportOutcome> {
  try {
    const given = { name, bytes: new Uint8Array(await file.arrayBuffer()) }
    return await (kind === 'image' ? api.images.add.mutate(given) : api.images.addMask.mutate(given))
  } catch (error) {
    if (isUnanswered(error)) await session.online()
    return { status: 'skipped', name, reason: messageOf(error) }
  }
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
